"""Draft, tests, backtest, second person, a moment: and what is in force at each step."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from policies import content, editions, publishing, snapshots
from policies.models import Edition, EditionState, ListSource, Snapshot
from policies.snapshots import SnapshotError
from screening import backtests
from screening.editorial import publication
from screening.models import AuditEvent, Backtest, BacktestState, Rescreening, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    snapshots.forget()


@pytest.fixture
def author() -> User:
    return factories.user("policy_editor")


@pytest.fixture
def second() -> User:
    return factories.user("policy_editor")


def changed(
    list_id: str = "reference/regimes", kind: str = "reference", *, by: User | None = None, **row: Any
) -> Edition:
    """A list with other rows, active: what an editor's work leaves behind."""
    source = editions.register(list_id, kind=kind, title=list_id)
    return editions.adopt(source, content.prepare(kind, [row or {"id": "WA"}]), editions.Origin(by=by)).edition


def test_the_author_never_publishes_and_a_second_person_does(policy: Snapshot, author: User, second: User) -> None:
    changed(by=author)
    draft = publication.draft(by=author)
    with pytest.raises(PermissionDenied, match="drafted"):
        publication.publish(draft, by=author, reason="New regimes")
    published = publication.publish(draft, by=second, reason="New regimes")
    assert snapshots.current() == published
    assert published.changes[0]["list"] == "reference/regimes"
    assert published.changes[0]["counts"]["removed"] > 1
    assert Rescreening.objects.get(snapshot=published).before_hash == policy.hash
    event = AuditEvent.objects.get(action="policy.published")
    assert (event.by, event.details["reason"], event.details["lists"]) == (second, "New regimes", ["reference/regimes"])


def test_publication_waits_for_a_backtest_that_the_publisher_has_seen(
    policy: Snapshot, author: User, second: User
) -> None:
    factories.shipment()
    changed(by=author)
    draft = publication.draft(by=author)
    with pytest.raises(publication.NotReady) as refused:
        publication.publish(draft, by=second, reason="x")
    assert [step.name for step in refused.value.steps] == ["backtest"]
    Backtest.objects.create(snapshot=draft, baseline_hash=policy.hash, total=1, state=BacktestState.FINISHED)
    with pytest.raises(publication.NotReady, match="Look at the result"):
        publication.publish(draft, by=second, reason="x")
    backtests.seen(Backtest.objects.get(), by=second)
    assert all(step.done for step in publication.readiness(draft, by=second))
    assert publication.publish(draft, by=second, reason="x").state == "published"


@pytest.mark.parametrize("state", ["running", "cancelled", "failed"])
def test_a_backtest_that_did_not_finish_does_not_count(
    policy: Snapshot, author: User, second: User, state: str
) -> None:
    factories.shipment()
    changed(by=author)
    draft = publication.draft(by=author)
    Backtest.objects.create(snapshot=draft, baseline_hash=policy.hash, total=1, state=state)
    with pytest.raises(publication.NotReady):
        publication.publish(draft, by=second, reason="x")


def test_what_cannot_wait_is_published_without_a_backtest_and_says_why(
    policy: Snapshot, author: User, second: User
) -> None:
    factories.shipment()
    changed(by=author)
    draft = publication.draft(by=author)
    published = publication.publish(draft, by=second, reason="UN listing", without_backtest="in force since midnight")
    assert published.reason == "UN listing (without a backtest: in force since midnight)"


def test_failing_examples_stop_the_publication_even_without_a_backtest(
    policy: Snapshot, author: User, second: User
) -> None:
    rules = editions.rows(Edition.objects.get(source="rules/closing", state="active"))
    source = ListSource.objects.get(id="rules/closing")
    for row in rules:
        row["examples"] = {"fires": row["examples"].get("not", [{}]), "not": row["examples"].get("not", [{}])}
    editions.adopt(source, content.prepare("rules", rules), editions.Origin(by=author))
    draft = publication.draft(by=author)
    with pytest.raises(publication.NotReady, match="examples of rules fail"):
        publication.publish(draft, by=second, reason="x", without_backtest="urgent")
    assert snapshots.current() == policy


def test_a_draft_that_lists_have_outrun_is_made_again(policy: Snapshot, author: User, second: User) -> None:
    changed(by=author)
    draft = publication.draft(by=author)
    changed(id="NSG", by=author)
    with pytest.raises(publication.NotReady, match="changed since this draft"):
        publication.publish(draft, by=second, reason="x")


def test_a_scheduled_snapshot_counts_from_its_moment_whether_or_not_a_worker_moves_it(
    policy: Snapshot, author: User, second: User
) -> None:
    changed(by=author)
    moment = timezone.now() + timedelta(hours=2)
    scheduled = publication.publish(publication.draft(by=author), by=second, reason="From noon", at=moment)
    assert (scheduled.state, snapshots.current()) == ("scheduled", policy)
    assert publication.put_due_in_force() is None
    assert not Rescreening.objects.exists()
    with time_machine.travel(moment + timedelta(minutes=1)):
        assert snapshots.current() == scheduled, "no worker has been asked"
        assert publication.put_due_in_force() == scheduled
        assert publication.put_due_in_force() is None, "a second worker finds nothing to do"
        policy.refresh_from_db()
        assert (policy.state, policy.retired_at) == ("retired", moment)
        assert snapshots.current() == scheduled
    assert Rescreening.objects.get().before_hash == policy.hash
    assert snapshots.on(moment - timedelta(seconds=1)) == policy
    assert snapshots.on(moment) == scheduled


def test_a_scheduled_snapshot_can_be_withdrawn_until_it_is_in_force(
    policy: Snapshot, author: User, second: User
) -> None:
    changed(by=author)
    moment = timezone.now() + timedelta(hours=2)
    scheduled = publication.publish(publication.draft(by=author), by=second, reason="From noon", at=moment)
    changed(id="NSG", by=author)
    with pytest.raises(SnapshotError, match="is scheduled"):
        publication.publish(publication.draft(by=author), by=second, reason="another")
    with pytest.raises(SnapshotError, match="Say why"):
        publication.withdraw(scheduled, by=author, reason=" ")
    publication.withdraw(scheduled, by=author, reason="A mistake")
    with time_machine.travel(moment + timedelta(minutes=1)):
        assert snapshots.current() == policy
        assert snapshots.on(moment) == policy


def test_an_earlier_snapshot_is_published_again_with_its_own_lists(
    policy: Snapshot, author: User, second: User
) -> None:
    before = ListSource.objects.get(id="reference/regimes").active
    changed(by=author)
    bad = publication.publish(publication.draft(by=author), by=second, reason="New regimes")
    with pytest.raises(SnapshotError, match="Say why"):
        publication.roll_back(policy, by=author, reason="")
    draft = publication.roll_back(policy, by=author, reason="The regimes were wrong")
    assert (draft.hash, draft.restores, snapshots.current()) == (policy.hash, policy, bad)
    assert ListSource.objects.get(id="reference/regimes").active == before
    with pytest.raises(PermissionDenied):
        publication.publish(draft, by=author, reason="Back")
    again = publication.publish(draft, by=second, reason="Back")
    assert (again.hash, again.pk != policy.pk, snapshots.current()) == (policy.hash, True, again)


def test_a_return_to_earlier_rules_may_keep_todays_party_lists(policy: Snapshot, author: User, second: User) -> None:
    party = {"id": "1", "name": "Nordic Example Trading", "effect": "asset_freeze"}
    listed = changed("parties/own", "parties", by=None, **party)
    changed(by=None)
    publication.publish(publication.draft(by=None), by=second, reason="x")
    draft = publication.roll_back(policy, by=author, reason="They were wrong", keep_party_lists=True)
    assert draft.manifest == {**policy.manifest, "parties/own": listed.digest}
    without = publication.roll_back(policy, by=author, reason="All of it")
    assert without.manifest == policy.manifest


def test_a_feed_puts_its_lists_in_force_and_nothing_that_editors_are_working_on(
    policy: Snapshot, author: User, second: User
) -> None:
    changed(by=author)
    draft = publication.draft(by=author)
    party = {"id": "1", "name": "Nordic Example Trading", "effect": "asset_freeze"}
    listed = changed("parties/own", "parties", **party)
    automatic = publication.put_automatically([listed], reason="Daily update")
    assert automatic.manifest == {**policy.manifest, "parties/own": listed.digest}
    assert (automatic.automatic, automatic.published_by, snapshots.current()) == (True, None, automatic)
    carried = Snapshot.objects.get(state="draft")
    assert carried.created_by == author
    assert carried.manifest == {**draft.manifest, "parties/own": listed.digest}, "publishing it must not go back"
    publication.publish(carried, by=second, reason="New regimes")
    assert "Nordic Example Trading" in {entry.name for entry in snapshots.load(carried.hash).watch.entries}


def test_a_backtest_made_before_an_automatic_update_still_counts(policy: Snapshot, author: User, second: User) -> None:
    factories.shipment()
    changed(by=author)
    draft = publication.draft(by=author)
    tried = Backtest.objects.create(snapshot=draft, baseline_hash=policy.hash, total=1, state=BacktestState.FINISHED)
    listed = changed("parties/own", "parties", id="1", name="Nordic Example Trading", effect="asset_freeze")
    publication.put_automatically([listed], reason="Daily update")
    carried = Snapshot.objects.get(state="draft")
    assert publication.tried_by(carried) == tried
    changed(id="NSG", by=author)
    assert publication.tried_by(publishing.draft(by=author)) is None, "another rule was never tried"


def test_a_scheduled_snapshot_that_is_due_is_screened_again_before_a_feed_goes_on_from_it(
    policy: Snapshot, author: User, second: User
) -> None:
    changed(by=author)
    moment = timezone.now() + timedelta(hours=1)
    scheduled = publication.publish(publication.draft(by=author), by=second, reason="Later", at=moment)
    listed = changed("parties/own", "parties", id="1", name="Nordic Example Trading", effect="asset_freeze")
    with time_machine.travel(moment + timedelta(minutes=1)):
        automatic = publication.put_automatically([listed], reason="Daily update")
        assert automatic.manifest == {**scheduled.manifest, "parties/own": listed.digest}
    steps = {(one.before_hash, one.snapshot.hash) for one in Rescreening.objects.all()}
    assert steps == {(policy.hash, scheduled.hash), (scheduled.hash, automatic.hash)}
    assert snapshots.on(moment) == scheduled


@pytest.mark.parametrize("away", [timedelta(hours=-2), timedelta(days=40_000)])
def test_a_mistyped_moment_publishes_nothing(policy: Snapshot, author: User, second: User, away: timedelta) -> None:
    changed(by=author)
    with pytest.raises(SnapshotError, match="no moment to come into force"):
        publication.publish(publication.draft(by=author), by=second, reason="x", at=timezone.now() + away)
    assert snapshots.current() == policy


def test_a_backtest_over_nothing_is_none(policy: Snapshot, author: User, second: User) -> None:
    factories.shipment()
    changed(by=author)
    draft = publication.draft(by=author)
    empty = backtests.start(draft, by=author, filters={"received_to": "1990-01-01"})
    assert backtests.seen(empty, by=second)
    with pytest.raises(publication.NotReady, match="judged no shipment"):
        publication.publish(draft, by=second, reason="x")


def test_who_drafted_a_return_publishes_no_later_draft_either(policy: Snapshot, author: User, second: User) -> None:
    changed("parties/own", "parties", id="1", name="Nordic Example Trading", effect="asset_freeze")
    publication.publish(publication.draft(by=None), by=second, reason="x")
    publication.roll_back(policy, by=author, reason="Take the list out")
    changed(by=second)
    later = publication.draft(by=second)
    assert "parties/own" not in later.manifest
    with pytest.raises(PermissionDenied, match="return to an earlier snapshot"):
        publication.publish(later, by=author, reason="x")


def test_one_person_makes_no_list_more_lenient_than_it_comes(author: User) -> None:
    source = editions.register("parties/un", kind="parties", title="UN", max_age_days=30)
    assert editions.set_max_age(source, by=author, days=7).max_age_days == 7
    for days in (0, 31):
        with pytest.raises(ValueError, match="30 days at most"):
            editions.set_max_age(source, by=author, days=days)


def test_an_old_file_that_only_waits_makes_no_list_fresh(policy: Snapshot) -> None:
    listed = changed("parties/own", "parties", id="1", name="Nordic Example Trading", effect="asset_freeze")
    ListSource.objects.filter(pk="parties/own").update(max_age_days=7)
    pinned = publication.put_automatically([listed], reason="x")
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert snapshots.stale_lists(pinned, timezone.localdate()) == ["parties/own"]
        fresh = content.prepare("parties", [{"id": "1", "name": "Nordic Example Trading", "effect": "asset_freeze"}])
        editions.keep(ListSource.objects.get(pk="parties/own"), fresh, editions.Origin(), state=EditionState.STAGED)
        assert snapshots.stale_lists(pinned, timezone.localdate()) == ["parties/own"]
