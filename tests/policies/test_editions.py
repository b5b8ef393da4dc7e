"""Editions: canonical digests, limits, and the earlier edition staying in force."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from policies import content, editions
from policies.content import ContentError
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState, ListSource
from tests import factories
from tests.policies.files import list_file, needs_real_lists, ofac, primary, real, sdn, un

pytestmark = pytest.mark.django_db


def take_sdn(*files: ListFile, **given: object) -> editions.Taken:
    (taken,) = editions.take("ofac_sdn", files, by=None, **given)  # type: ignore[arg-type]
    return taken


def active() -> Edition:
    edition = ListSource.objects.get(pk="parties/ofac_sdn").active
    assert edition is not None
    return edition


def test_an_import_keeps_rows_files_counts_and_who() -> None:
    editor = factories.user("policy_editor")
    (taken,) = editions.take("ofac_sdn", [sdn(3)], by=editor, as_of=date(2026, 2, 1))
    edition = active()
    assert (edition.count, edition.state, edition.imported_by, edition.as_of) == (3, "active", editor, date(2026, 2, 1))
    assert [row["name"] for row in editions.rows(edition)] == [f"COMPANY {number} LLC" for number in (1, 2, 3)]
    raw = sdn(3).stream.read()
    assert edition.files == [{"name": "sdn.csv", "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}]
    assert edition.report["entries"] == 3
    assert taken.changes == {"added": 3, "removed": 0, "changed": 0}
    assert edition.source.effect == "foreign_listing"


def test_order_and_spelling_of_the_file_do_not_change_the_digest() -> None:
    one = [primary(1, "A"), primary(2, "B", remarks="a.k.a. 'X'; a.k.a. 'Y'.")]
    other = [primary(2, "B", remarks="a.k.a. 'Y'; a.k.a. 'X'."), primary(1, "A").replace('"CUBA"', "CUBA")]
    first = take_sdn(ofac(*one))
    second = take_sdn(ofac(*other))
    assert (first.changed, second.changed) == (True, False)
    assert Edition.objects.count() == 1
    third = take_sdn(ofac(primary(1, "A"), primary(2, "B", remarks="a.k.a. 'X'.")))
    assert third.changes == {"added": 0, "removed": 0, "changed": 1}


def test_kind_and_rows_make_the_digest_and_rows_must_be_plain() -> None:
    rows = [{"id": "b", "date": date(2026, 1, 2)}, {"id": "a", "aliases": ["y", "x"]}]
    fresh = content.prepare("parties", rows)
    assert fresh.digest == content.prepare("parties", reversed(rows)).digest
    assert fresh.digest != content.prepare("reference", rows).digest
    assert content.unpack("parties", fresh.packed(), digest=fresh.digest) == [
        {"aliases": ["x", "y"], "id": "a"},
        {"date": "2026-01-02", "id": "b"},
    ]
    with pytest.raises(ContentError, match="row c: a value of type set"):
        content.prepare("parties", [{"id": "c", "aliases": {"x"}}])
    with pytest.raises(ContentError, match="row d"):
        content.prepare("parties", [{"id": "d", "percent": float("nan")}])


def test_finding_the_same_content_again_says_when() -> None:
    take_sdn(sdn(2), as_of=date(2026, 2, 1))
    taken = take_sdn(sdn(2), as_of=date(2026, 2, 20))
    assert not taken.changed
    assert (active().as_of, active().confirmed_on) == (date(2026, 2, 20), timezone.localdate())


def test_a_list_that_shrinks_too_much_waits_and_the_earlier_one_stays() -> None:
    before = take_sdn(sdn(100)).edition
    with pytest.raises(editions.EditionRefused, match="shrinks from 100 to 74 entries; 25 may go at once"):
        take_sdn(sdn(74))
    assert active() == before
    staged = Edition.objects.get(state=EditionState.STAGED)
    assert staged.doubts == ["the list shrinks from 100 to 74 entries; 25 may go at once"]
    assert staged.report["changes"] == {"added": 0, "removed": 26, "changed": 0}
    assert take_sdn(sdn(75)).changes == {"added": 0, "removed": 25, "changed": 0}
    staged.refresh_from_db()
    assert staged.state == EditionState.REJECTED, "a later import takes its place"
    assert "took its place before anybody activated it" in staged.reason
    with pytest.raises(editions.EditionRefused, match="was rejected"):
        editions.activate(staged, by=factories.user("policy_editor"), override="all the same")


def test_a_large_list_may_lose_two_percent() -> None:
    take_sdn(sdn(2_000))
    with pytest.raises(editions.EditionRefused):
        take_sdn(sdn(1_959))
    assert take_sdn(sdn(1_960)).changed


def test_an_override_needs_a_reason_and_keeps_it() -> None:
    take_sdn(sdn(100))
    with pytest.raises(editions.EditionRefused):
        take_sdn(sdn(10), override="  ")
    take_sdn(sdn(10), override="Delisted by the order of 1 March")
    assert (active().count, active().reason) == (10, "Delisted by the order of 1 March")
    assert Edition.objects.filter(state=EditionState.SUPERSEDED).count() == 1


def test_a_file_without_end_mark_needs_an_override() -> None:
    cut = list_file(primary(1, "A"), "sdn.csv")
    with pytest.raises(editions.EditionRefused, match="no end mark"):
        take_sdn(cut)
    assert take_sdn(cut, override="Compared with the website").changed


def test_an_older_file_and_a_date_in_the_future_are_refused() -> None:
    take_sdn(sdn(2), as_of=date(2026, 2, 1))
    with pytest.raises(editions.EditionRefused, match="an older file"):
        take_sdn(sdn(3), as_of=date(2026, 1, 31))
    with pytest.raises(editions.EditionRefused, match="lies in the future"):
        take_sdn(sdn(3), as_of=timezone.localdate() + timedelta(days=2))
    assert active().count == 2


def test_an_empty_list_is_refused_but_fixtures_may_be_empty() -> None:
    with pytest.raises(editions.EditionRefused, match="no entry at all"):
        editions.take("un", [un()], by=None)
    taken = editions.take("fixtures", [list_file("denials: []")], by=None)
    assert [item.edition.count for item in taken] == [0, 0, 0]


def test_a_damaged_file_stores_nothing() -> None:
    before = take_sdn(sdn(3)).edition
    whole = sdn(3).stream.read()
    with pytest.raises(ListFileError):
        take_sdn(list_file(whole[: len(whole) // 2], "sdn.csv"))
    with pytest.raises(ListFileError, match="0 bytes"):
        take_sdn(list_file(b"", "sdn.csv"))
    assert list(Edition.objects.all()) == [before]


def test_one_wrong_part_of_a_source_leaves_all_its_lists() -> None:
    good = "sanctioned_parties: [{id: A, name: A, effect: asset_freeze}]\n"
    editions.take("fixtures", [list_file(good)], by=None)
    with pytest.raises(ListFileError):
        editions.take("fixtures", [list_file(good.replace("A", "B") + "denials: [{id: 1}]\n")], by=None)
    with pytest.raises(editions.EditionRefused, match="the id B stands twice"):
        twice = "{id: B, name: B, effect: asset_freeze}"
        editions.take("fixtures", [list_file(f"sanctioned_parties: [{twice}, {twice}]")], by=None)
    (party,) = editions.rows(ListSource.objects.get(pk="parties/fixtures").active)  # type: ignore[arg-type]
    assert party["id"] == "A"


def test_only_policy_editors_and_administrators_import() -> None:
    for role in ("officer", "senior_officer", "auditor", "exporter"):
        with pytest.raises(PermissionDenied, match="Only a policy editor"):
            editions.take("ofac_sdn", [sdn(1)], by=factories.user(role))
    with pytest.raises(PermissionDenied):
        editions.take("ofac_sdn", [sdn(1)], by=factories.user("policy_editor", is_active=False))
    assert not Edition.objects.exists()


def test_tampered_rows_are_noticed() -> None:
    edition = take_sdn(sdn(3)).edition
    forged = content.prepare("parties", editions.rows(edition)[:2]).packed()
    Edition.objects.update(content=forged)
    with pytest.raises(ContentError, match="parties/ofac_sdn: the stored rows have the digest"):
        editions.rows(Edition.objects.get())
    Edition.objects.update(content=forged[:20])
    with pytest.raises(ContentError, match="cannot be read"):
        editions.rows(Edition.objects.get())


def test_the_database_allows_one_active_edition() -> None:
    take_sdn(sdn(1))
    take_sdn(sdn(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.update(state=EditionState.ACTIVE)


def test_entries_exchanged_at_once_need_a_person_although_the_list_keeps_its_size() -> None:
    before = take_sdn(sdn(1_000)).edition
    with pytest.raises(editions.EditionRefused, match="1000 of 1000 entries are gone; 25 may go at once"):
        take_sdn(sdn(1_000, first=5_001))
    with pytest.raises(editions.EditionRefused, match="101 of 1000 entries change; 100 may change at once"):
        take_sdn(renamed(101, of=1_000))
    with pytest.raises(editions.EditionRefused, match="1001 entries are new beside 1000; 1000 may come at once"):
        take_sdn(sdn(2_001))
    assert active() == before
    assert take_sdn(renamed(100, of=1_000)).changes == {"added": 0, "removed": 0, "changed": 100}
    assert take_sdn(sdn(2_000)).changed


def renamed(count: int, *, of: int) -> ListFile:
    names = (f"{'OTHER' if number <= count else 'COMPANY'} {number} LLC" for number in range(1, of + 1))
    return ofac(*(primary(number, name) for number, name in enumerate(names, start=1)))


@needs_real_lists
def test_the_real_list_follows_its_predecessor_of_three_years_ago_by_a_persons_word_only() -> None:
    before = take_sdn(*real("sdn_2021-07.csv")).edition
    with pytest.raises(editions.EditionRefused, match="881 of 8976 entries are gone; 179 may go at once"):
        take_sdn(*real("sdn_2024-05-03.csv"))
    assert active() == before
    taken = take_sdn(*real("sdn_2024-05-03.csv"), override="Three years of changes, compared with the publisher's page")
    assert (taken.edition.count, taken.changes["added"], taken.changes["removed"]) == (14_965, 6_870, 881)
    raw = real("sdn_2024-05-03.csv")[0].stream.read()
    cut_at_a_line = raw[: raw.rfind(b"\n", 0, len(raw) // 2) + 1] + b"\x1a"
    with pytest.raises(editions.EditionRefused, match="shrinks from 14965"):
        take_sdn(list_file(cut_at_a_line, "sdn.csv"))
    with pytest.raises((editions.EditionRefused, ListFileError)):
        take_sdn(list_file(raw + raw, "sdn.csv"))
    with pytest.raises(ListFileError, match="0 bytes"):
        take_sdn(list_file(b"", "sdn.csv"))
    assert active() == taken.edition
