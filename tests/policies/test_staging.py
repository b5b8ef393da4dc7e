"""Staged editions: what waits, what a person decides, what takes the place of what; and rows that a person writes."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from policies import content, editions, queries, snapshots
from policies.content import ContentError
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState, ListSource, Snapshot
from screening.editorial import lists
from screening.models import AuditEvent, User
from tests import factories
from tests.policies.files import list_file, ofac, primary, sdn

pytestmark = pytest.mark.django_db
SDN = "parties/ofac_sdn"


def editor() -> User:
    return factories.user("policy_editor")


def staged(*files: ListFile, **given: object) -> Edition:
    (edition,) = lists.stage("ofac_sdn", files, by=editor(), **given)  # type: ignore[arg-type]
    return edition


def active() -> Edition | None:
    return ListSource.objects.get(pk=SDN).active


def test_a_staged_edition_changes_nothing_until_somebody_activates_it() -> None:
    one, two = staged(sdn(100)), editor()
    assert (one.state, one.doubts, active()) == (EditionState.STAGED, [], None)
    lists.activate(one, by=two)
    now = active()
    assert now == one
    assert (now.activated_by, now.activated_at is not None) == (two, True)  # type: ignore[union-attr]
    assert lists.activate(one, by=two) == one, "twice is harmless"


def test_doubts_are_looked_at_again_when_it_is_activated() -> None:
    """What was plausible when it was staged is not after somebody else has activated something else."""
    small = staged(sdn(50))
    editions.take("fixtures", [list_file("denials: []")], by=None)
    Edition.objects.filter(pk=small.pk).update(as_of=date(2027, 1, 1))  # a later one stays beside an earlier import
    lists.activate(staged(sdn(200), as_of=date(2026, 11, 1)), by=editor())
    with pytest.raises(editions.EditionRefused, match="shrinks from 200 to 50"):
        lists.activate(small, by=editor())
    small.refresh_from_db()
    assert (small.state, active().count) == (EditionState.STAGED, 200)  # type: ignore[union-attr]
    done = lists.activate(small, by=editor(), override=" Compared with the publisher's page ")
    assert done.reason == "Compared with the publisher's page"
    assert done.doubts == ["the list shrinks from 200 to 50 entries; 25 may go at once"]


def test_a_later_import_takes_the_place_of_what_waits_and_nothing_is_lost() -> None:
    first, second = staged(sdn(10)), staged(sdn(11))
    first.refresh_from_db()
    assert (first.state, second.state) == (EditionState.REJECTED, EditionState.STAGED)
    assert first.reason.startswith("A later import")
    assert len(editions.rows(first)) == 10
    assert staged(sdn(11)) == second, "the same rows wait once"


def test_a_rejection_needs_a_reason_and_is_final() -> None:
    one = staged(sdn(10))
    with pytest.raises(editions.EditionRefused, match="Say why"):
        lists.reject(one, by=editor(), reason=" ")
    lists.reject(one, by=editor(), reason="Wrong file")
    with pytest.raises(editions.EditionRefused, match="was rejected"):
        lists.activate(one, by=editor(), override="x")
    with pytest.raises(editions.EditionRefused, match="Only a staged edition can be rejected"):
        lists.reject(one, by=editor(), reason="x")
    again = staged(sdn(10))
    assert again.doubts == ["these rows were rejected before: Wrong file"]
    with pytest.raises(editions.EditionRefused, match="rejected before"):
        lists.activate(again, by=editor())


def test_an_earlier_edition_comes_back_only_with_a_reason() -> None:
    first = lists.activate(staged(sdn(10)), by=editor())
    lists.activate(staged(sdn(11)), by=editor())
    first.refresh_from_db()
    with pytest.raises(editions.EditionRefused, match="a later edition has replaced this one"):
        lists.activate(first, by=editor())
    assert lists.activate(first, by=editor(), override="The later one was wrong").state == EditionState.ACTIVE
    assert Edition.objects.filter(source=SDN, state=EditionState.ACTIVE).count() == 1


def test_repeated_ids_are_named() -> None:
    with pytest.raises(ListFileError, match="line 2, column 1: entry 1 stands twice"):
        staged(ofac(primary(1, "A"), primary(1, "B")))
    rows = ", ".join(f"{{id: I{number}, name: A, effect: asset_freeze}}" for number in (1, 2, 3, 4, 5, 6, 7) * 2)
    with pytest.raises(editions.EditionRefused, match="the ids I1, I2, I3, I4, I5 and 2 more stand twice"):
        lists.stage("fixtures", [list_file(f"sanctioned_parties: [{rows}]")], by=editor())
    assert not Edition.objects.exists()


def test_an_import_rewritten_by_order_alone_is_no_change() -> None:
    """As a real list did with 2,000 to 4,000 of its entries."""
    aliases = ["a.k.a. 'X'", "a.k.a. 'Y'", "a.k.a. 'Z'"]
    lines = [primary(number, f"C {number}", remarks=f"{'; '.join(aliases)}.") for number in range(1, 3_001)]
    turned = [primary(number, f"C {number}", remarks=f"{'; '.join(aliases[::-1])}.") for number in range(3_000, 0, -1)]
    one = lists.activate(staged(ofac(*lines)), by=editor())
    assert staged(ofac(*turned)) == one
    assert (Edition.objects.count(), active().confirmed_on) == (1, timezone.localdate())  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["parties", "ownership", "denials"])
def test_whatever_has_several_values_is_a_set_in_lists_of_parties(kind: str) -> None:
    one = {
        "id": "1",
        "effects": ["arms", "asset_freeze"],
        "links": [{"to": "2", "as": "owner"}, {"to": "1", "as": "x"}],
    }
    other = {"links": [{"as": "x", "to": "1"}, {"as": "owner", "to": "2"}], "effects": one["effects"][::-1], "id": "1"}  # type: ignore[index]
    assert content.prepare(kind, [one]).digest == content.prepare(kind, [other]).digest
    assert content.prepare("rules", [one]).digest != content.prepare("rules", [other]).digest, "clauses have an order"


def test_more_than_a_list_can_hold_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LARGEST", 10_000)
    with pytest.raises(ContentError, match="more than 10000 characters"):
        staged(sdn(1_000))
    assert not Edition.objects.exists()


def test_a_web_page_and_a_file_of_tomorrow_are_no_lists() -> None:
    for start in (b"<!DOCTYPE html>", b"\xef\xbb\xbf\n<HTML lang=en>"):
        with pytest.raises(ListFileError, match="a web page, no list"):
            staged(ListFile("sdn.csv", BytesIO(start + b"<body>")))
    with pytest.raises(editions.EditionRefused, match="lies in the future"):
        staged(sdn(1), as_of=timezone.localdate() + timedelta(days=2))


# Rows that a person writes


def test_rows_are_put_on_the_edition_that_they_were_made_from(policy: Snapshot) -> None:
    source = ListSource.objects.get(pk="terms/legal_forms")
    before, by = source.active, editor()
    assert before is not None
    rows = [*editions.rows(before), {"form": "SIA X"}]
    after = editions.put(source.pk, rows, by=by, reason="A new form", expected=before.digest)
    assert (after.state, after.reason, after.imported_by, after.activated_by) == ("active", "A new form", by, by)
    assert after.report["changes"] == {"added": 1, "removed": 0, "changed": 0}
    assert editions.put(source.pk, rows, by=by, reason="again", expected="whatever") == after
    with pytest.raises(editions.EditionConflict) as raised:
        editions.put(source.pk, rows[1:], by=by, reason="x", expected=before.digest)
    assert raised.value.active == after.digest
    with pytest.raises(editions.EditionRefused, match="There is no list terms/none"):
        editions.put("terms/none", rows, by=by, reason="x", expected="")
    with pytest.raises(editions.EditionRefused, match="say why"):
        editions.put(source.pk, rows[1:], by=by, reason="", expected=after.digest)
    with pytest.raises(PermissionDenied):
        editions.put(source.pk, rows[1:], by=factories.officer(), reason="x", expected=after.digest)
    assert source.active == after


# Freshness


def test_the_greatest_age_is_the_editors_and_survives_imports() -> None:
    lists.activate(staged(sdn(10)), by=editor())
    source = ListSource.objects.get(pk=SDN)
    assert source.max_age_days == 30
    lists.set_max_age(source, by=editor(), days=7, reason="Decided in the meeting of 3 March")
    staged(sdn(11))
    source.refresh_from_db()
    assert source.max_age_days == 7
    event = AuditEvent.objects.get(action="list.max_age_set")
    assert (event.details["before"], event.details["after"]) == (30, 7)
    with pytest.raises(PermissionDenied):
        lists.set_max_age(source, by=factories.officer(), days=99)
    with pytest.raises(ValueError, match="from 0 to 3650"):
        lists.set_max_age(source, by=editor(), days=-1)


def test_what_people_see_and_what_screening_is_told_of_a_lists_age_agree() -> None:
    """On every day of two years, for lists that age by their import, by their publisher's date, or not at all."""
    with time_machine.travel("2026-03-02T10:00:00Z"):
        ages = {"parties/a": (30, None), "parties/b": (400, date(2026, 1, 1)), "parties/c": (0, date(2001, 1, 1))}
        for list_id, (days, as_of) in ages.items():
            source = editions.register(list_id, kind="parties", title=list_id, max_age_days=days)
            editions.adopt(source, content.prepare("parties", []), editions.Origin(as_of=as_of))
        manifest = dict(Edition.objects.values_list("source_id", "digest"))
        pinned = Snapshot(manifest=manifest)
    seen: dict[str, int] = {}
    for number in range(0, 730, 5):
        day = date(2026, 3, 2) + timedelta(days=number)
        stale = snapshots.stale_lists(pinned, day)
        assert stale == [one.source.pk for one in queries.standings(day) if one.state == "stale"]
        for list_id in stale:
            seen.setdefault(list_id, number)
    assert seen == {"parties/a": 35, "parties/b": 310}
