"""Snapshots: drafted, published by a second person, loaded by hash, and never half."""

import threading
from collections.abc import Callable
from datetime import date, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from policies import content, editions, permissions, publishing, shipped, snapshots
from policies.importers import SOURCES
from policies.models import Edition, EditionState, ListSource, Snapshot, SnapshotState
from screening.models import User
from tests import factories
from tests.policies.files import list_file, ofac, primary, sdn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """As in a process that has loaded nothing yet."""
    snapshots.forget()


def editor() -> User:
    return factories.user("policy_editor")


def imported(count: int, *, by: User | None = None) -> Snapshot:
    editions.take("ofac_sdn", [sdn(count)], by=by)
    return publishing.draft(by=by)


def keep(
    list_id: str, kind: str, *rows: dict[str, object], as_of: date | None = None, max_age_days: int = 0
) -> Edition:
    source = editions.register(list_id, kind=kind, title=list_id, max_age_days=max_age_days)
    return editions.adopt(source, content.prepare(kind, rows), editions.Origin(as_of=as_of)).edition


def test_the_shipped_pack_is_published_first_and_installing_again_changes_nothing() -> None:
    first, new = shipped.install_shipped()
    assert (first.shipped, first.state, new) == (True, "published", True)
    assert shipped.install_shipped() == (first, False)
    assert (Snapshot.objects.count(), snapshots.current()) == (1, first)
    policy = snapshots.load(first.hash)
    assert policy.hash == first.hash
    assert {"1A001", "3A001"} <= {entry.code for entry in policy.entries}
    assert len(policy.principles) == 22


def test_a_later_pack_becomes_a_draft_and_a_list_that_it_dropped_goes(policy: Snapshot) -> None:
    keep("own/list", "reference", {"id": "x"})
    source = ListSource.objects.create(id="rules/dropped", kind="reference", title="dropped")
    editions.adopt(source, content.prepare("reference", [{"id": "y"}]), editions.Origin(report={"pack": True}))
    later, new = shipped.install_shipped()
    assert (later.state, later.shipped, new) == ("draft", False, True)
    assert set(later.manifest) == {*policy.manifest, "own/list"}, "what the pack never had is not the pack's to drop"


def test_installing_again_leaves_what_editors_have_changed(policy: Snapshot) -> None:
    edited = keep("terms/legal_forms", "legal_forms", {"form": "SIA"})
    assert shipped.install_shipped() == (policy, False)
    assert ListSource.objects.get(id="terms/legal_forms").active == edited


def test_a_new_list_of_the_pack_waits_when_editors_have_changed_the_old_one(policy: Snapshot) -> None:
    edited = keep("terms/legal_forms", "legal_forms", {"form": "SIA"})
    earlier_pack = Edition.objects.filter(source="terms/legal_forms", report__pack=True)
    earlier_pack.update(digest="0" * 64)
    shipped.install_shipped()
    waiting = Edition.objects.get(source="terms/legal_forms", state=EditionState.STAGED)
    assert waiting.doubts == [shipped.EDITED]
    assert ListSource.objects.get(id="terms/legal_forms").active == edited


def test_the_first_snapshot_holds_no_party_list_that_one_person_imported() -> None:
    imported(2, by=editor())
    Snapshot.objects.all().delete()
    first, _ = shipped.install_shipped()
    assert "parties/ofac_sdn" not in first.manifest
    assert "parties/ofac_sdn" in publishing.draft(by=None).manifest


def test_who_drafted_may_not_publish_and_a_second_editor_may(policy: Snapshot) -> None:
    first, second = editor(), editor()
    draft = imported(3, by=first)
    assert not permissions.can_publish(draft, by=first)
    with pytest.raises(PermissionDenied, match="You drafted this snapshot"):
        publishing.publish(draft, by=first, reason="Weekly lists")
    assert permissions.can_publish(draft, by=second)
    published = publishing.publish(draft, by=second, reason=" Weekly lists ")
    assert snapshots.current() == published
    assert (published.published_by, published.reason) == (second, "Weekly lists")
    policy.refresh_from_db()
    assert (policy.state, policy.retired_at is not None) == ("retired", True)
    assert len(list(snapshots.load(published.hash).watch.entries)) == 3


def test_who_imported_a_new_list_may_not_publish_the_draft_of_another(policy: Snapshot) -> None:
    importer, drafter, third = editor(), editor(), editor()
    editions.take("ofac_sdn", [sdn(3)], by=importer)
    draft = publishing.draft(by=drafter)
    with pytest.raises(PermissionDenied, match="You imported parties/ofac_sdn"):
        publishing.publish(draft, by=importer, reason="x")
    published = publishing.publish(draft, by=third, reason="x")
    editions.take("fixtures", [list_file("denials: []")], by=drafter)
    assert permissions.can_publish(publishing.draft(by=drafter), by=importer), "their list is in force already"
    assert not permissions.can_publish(published, by=importer), "no draft"


@pytest.mark.parametrize("role", ["exporter", "officer", "senior_officer", "auditor"])
def test_other_roles_neither_draft_nor_publish(role: str, policy: Snapshot) -> None:
    draft = imported(3)
    person = factories.user(role)
    assert not permissions.can_edit(person)
    with pytest.raises(PermissionDenied):
        publishing.draft(by=person)
    with pytest.raises(PermissionDenied):
        publishing.publish(draft, by=person, reason="x")
    assert snapshots.current() == policy


def test_a_snapshot_is_published_once_and_with_a_reason(policy: Snapshot) -> None:
    draft = imported(3)
    with pytest.raises(snapshots.SnapshotError, match="Say why"):
        publishing.publish(draft, by=editor(), reason=" ")
    published = publishing.publish(draft, by=editor(), reason="x")
    with pytest.raises(PermissionDenied, match="Only a draft can be published"):
        publishing.publish(published, by=editor(), reason="x")
    with pytest.raises(snapshots.SnapshotError, match="Nothing has changed"):
        publishing.draft(by=None)


def test_a_later_draft_replaces_an_earlier_one(policy: Snapshot) -> None:
    earlier = imported(3)
    assert publishing.draft(by=editor()) == earlier, "the same lists need no second draft"
    later = imported(4)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.published_at) == ("retired", None)
    assert Snapshot.objects.get(state=SnapshotState.DRAFT) == later


def test_a_rule_whose_examples_fail_is_not_published(policy: Snapshot) -> None:
    source = ListSource.objects.get(pk="rules/closing")
    rows = editions.rows(source.active)  # type: ignore[arg-type]
    broken = [{**row, "clauses": ["false"]} for row in rows]
    editions.adopt(source, content.prepare("rules", broken), editions.Origin())
    with pytest.raises(snapshots.SnapshotError, match="examples fail"):
        publishing.publish(publishing.draft(by=None), by=editor(), reason="x")
    assert snapshots.current() == policy


def test_a_pack_that_does_not_build_is_not_published(policy: Snapshot) -> None:
    source = ListSource.objects.get(pk="rules/closing")
    rows = editions.rows(source.active)  # type: ignore[arg-type]
    misspelt = [{**rows[0], "clauses": ["shipment.destinatoin.code == 'RU'"]}, *rows[1:]]
    editions.adopt(source, content.prepare("rules", misspelt), editions.Origin())
    with pytest.raises(snapshots.SnapshotError, match="rules/closing, .* clause refused, column"):
        publishing.publish(publishing.draft(by=None), by=editor(), reason="x")
    assert snapshots.current() == policy


def test_lists_without_rules_are_not_published() -> None:
    with pytest.raises(snapshots.SnapshotError, match="run install_policies first"):
        publishing.draft(by=None)
    draft = imported(2)
    with pytest.raises(
        snapshots.SnapshotError, match="has no rules, goods, destinations, reasons; run install_policies"
    ):
        publishing.publish(draft, by=editor(), reason="x")


def test_an_unknown_hash_is_a_clear_error() -> None:
    for hash in ("", "f" * 64):
        with pytest.raises(snapshots.SnapshotError, match="There is no snapshot"):
            snapshots.load(hash)


def forge_content() -> None:
    edition = Edition.objects.get()
    rows = [row for row in editions.rows(edition) if row["name"] != "COMPANY 2 LLC"]
    Edition.objects.update(content=content.prepare("parties", rows).packed())


def forge_content_and_digest() -> None:
    fresh = content.prepare("parties", [{"id": "1", "name": "A", "effect": "clear"}])
    Edition.objects.update(content=fresh.packed(), digest=fresh.digest)


def forge_manifest() -> None:
    forge_content_and_digest()
    Snapshot.objects.update(manifest={"parties/ofac_sdn": Edition.objects.get().digest})


def truncate_content() -> None:
    edition = Edition.objects.get()
    Edition.objects.update(content=bytes(edition.content)[:40])


def reject() -> None:
    Edition.objects.update(state=EditionState.REJECTED, reason="x")


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (forge_content, "the stored rows have the digest"),
        (forge_content_and_digest, "is missing"),
        (forge_manifest, "manifest of snapshot"),
        (truncate_content, "cannot be read"),
        (reject, "is missing"),
    ],
)
def test_a_tampered_or_half_list_never_screens(tamper: Callable[[], None], sentence: str) -> None:
    draft = imported(3)
    assert len(list(snapshots.load(draft.hash).watch.entries)) == 3
    snapshots.forget()
    tamper()
    with pytest.raises(snapshots.SnapshotError, match=sentence):
        snapshots.load(draft.hash)


def test_an_earlier_snapshot_loads_as_it_was() -> None:
    before, after = imported(3), imported(4)
    assert [len(list(snapshots.load(row.hash).watch.entries)) for row in (before, after, before)] == [3, 4, 3]


def test_a_policy_is_built_once_and_few_are_kept() -> None:
    drafts = [imported(count) for count in range(1, snapshots.KEPT + 2)]
    first = snapshots.load(drafts[0].hash)
    assert snapshots.load(drafts[0].hash) is first
    for draft in drafts[1:]:
        snapshots.load(draft.hash)
    assert snapshots.load(drafts[0].hash) is not first
    assert snapshots.load(drafts[-1].hash) is snapshots.load(drafts[-1].hash)


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_policy() -> None:
    draft = imported(200)
    found: list[object] = []

    def work() -> None:
        found.append(snapshots.load(draft.hash))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({id(policy) for policy in found}) == 1


def test_the_hash_depends_on_lists_and_digests_only() -> None:
    one = {"a": "1", "b": "2"}
    assert snapshots.manifest_hash(one) == snapshots.manifest_hash(dict(reversed(one.items())))
    assert snapshots.manifest_hash(one) != snapshots.manifest_hash({"a": "2", "b": "1"})


def taken_on(edition: Edition, day: date) -> None:
    noon = timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 - made aware here
    Edition.objects.filter(pk=edition.pk).update(imported_at=noon)


def test_a_list_is_stale_when_nobody_has_looked_after_it_for_too_long() -> None:
    taken_on(keep("parties/dated", "parties", as_of=date(2026, 1, 1), max_age_days=30), date(2026, 1, 15))
    keep("goods/ageless", "reference", {"id": "x"}, as_of=date(2020, 1, 1))
    draft = publishing.draft(by=None)
    assert snapshots.stale_lists(draft, date(2026, 2, 14)) == []
    assert snapshots.stale_lists(draft, date(2026, 2, 15)) == ["parties/dated"]
    with time_machine.travel("2026-02-10T12:00:00Z"):
        keep("parties/dated", "parties", as_of=date(2026, 1, 1), max_age_days=30)
    assert snapshots.stale_lists(draft, date(2026, 2, 15)) == [], "found unchanged on 10 February"


def test_a_publication_of_another_year_is_stale_however_often_it_is_imported() -> None:
    taken_on(keep("parties/dated", "parties", as_of=date(2025, 1, 1), max_age_days=30), date(2026, 1, 1))
    draft = publishing.draft(by=None)
    assert snapshots.stale_lists(draft, date(2026, 1, 1)) == []
    assert snapshots.stale_lists(draft, date(2026, 1, 2)) == ["parties/dated"]


def test_a_snapshot_that_pins_an_older_edition_grows_stale_although_a_newer_one_is_active() -> None:
    taken_on(
        keep("parties/dated", "parties", {"id": "1", "name": "A", "effect": "x"}, max_age_days=30), date(2026, 1, 1)
    )
    draft = publishing.draft(by=None)
    taken_on(
        keep("parties/dated", "parties", {"id": "2", "name": "B", "effect": "x"}, max_age_days=30), date(2026, 2, 10)
    )
    assert snapshots.stale_lists(draft, date(2026, 2, 11)) == ["parties/dated"]


def test_every_published_party_list_ages() -> None:
    assert all(importer.max_age_days for name in ("ofac_sdn", "ofac_consolidated", "un") for importer in SOURCES[name])


def test_the_database_itself_holds_four_eyes(policy: Snapshot) -> None:
    person, now = editor(), timezone.now()
    common = {"hash": "a" * 64, "manifest": {}, "created_at": now}
    published = {
        **common,
        "state": "retired",
        "published_at": now,
        "in_force_from": now,
        "retired_at": now,
        "reason": "x",
    }
    wrong = [
        {**published, "created_by": person, "published_by": person},
        published,
        {**published, "published_by": person, "reason": ""},
        {**published, "published_by": person, "in_force_from": None},
        {**published, "published_by": person, "state": "published", "retired_at": None},
        {**common, "published_by": person},
        {**common, "shipped": True},
    ]
    for columns in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Snapshot.objects.create(**columns)
    Snapshot.objects.create(**{**published, "published_by": person, "created_by": editor()})


def test_a_listed_company_is_found_after_publication_and_gone_with_its_list(policy: Snapshot) -> None:
    remarks = "a.k.a. 'ZVYOZDA'."
    editions.take("ofac_sdn", [ofac(primary(1, "ZVEZDNY ORDNANCE WORKS", remarks=remarks))], by=None)
    publishing.publish(publishing.draft(by=None), by=editor(), reason="x")
    current = snapshots.current()
    assert current is not None
    (entry,) = snapshots.load(current.hash).watch.entries
    assert (entry.name, entry.weak, entry.list) == ("ZVEZDNY ORDNANCE WORKS", ("ZVYOZDA",), "parties/ofac_sdn")
    assert list(snapshots.load(policy.hash).watch.entries) == []
