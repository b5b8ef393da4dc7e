"""A backtest says what a draft would change, goes on after every interruption, and touches nothing else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies import content, editions, publishing, snapshots
from policies.models import Edition, Snapshot, SnapshotState
from screening import audit, backtests, runs
from screening.backtests import chunks, judging
from screening.models import (
    AuditEvent,
    Backtest,
    BacktestChange,
    BacktestChunk,
    BacktestReading,
    BacktestState,
    Case,
    Finding,
    Notice,
    Outcome,
    Run,
    Shipment,
    User,
)
from screening.permissions import NotAllowed
from tests import factories, payloads

LIST = "rules/end_use"
NORWAY: dict[str, Any] = {
    "id": "TRIAL-NORWAY",
    "title": "Everything to Norway is looked at",
    "scope": "shipment",
    "effect": "review",
    "reason": "ART4_WMD_AWARE",
    "legal_basis": "none; a trial",
    "clauses": ['shipment.destination.code == "NO"'],
    "examples": {"fires": [{"destination": "NO"}], "not": [{"destination": "CH"}]},
}


@pytest.fixture
def editor(db: None) -> User:
    return factories.user("policy_editor")


@pytest.fixture(autouse=True)
def _small_chunks(settings: Any) -> None:
    settings.BACKTEST_CHUNK, settings.BACKTEST_AT_ONCE, settings.RUN_MAX_ATTEMPTS = 2, 3, 2


def drafted(*more: dict[str, Any], without: str = "") -> Snapshot:
    """A draft: the rules in force, one of them left out, and others added."""
    in_force = snapshots.current()
    assert in_force is not None
    edition = Edition.objects.get(source=LIST, digest=in_force.manifest[LIST])
    rows = [row for row in editions.rows(edition) if row["id"] != without]
    editions.adopt(edition.source, content.prepare(edition.kind, [*rows, *more]), editions.Origin())
    return publishing.draft(by=None)


def norway() -> Snapshot:
    return drafted(NORWAY)


def screened(**changes: Any) -> Shipment:
    shipment = factories.shipment(**changes)
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    return shipment


def spectrometer(**changes: Any) -> Shipment:
    body = payloads.mass_spectrometer() | changes
    del body["reference"]
    return screened(**body)


def finish(backtest: Backtest) -> Backtest:
    """What workers do: every chunk, in order, also those that a chunk leaves behind."""
    while chunk := backtest.chunks.filter(done_at=None).first():
        assert backtests.work(chunk.pk)
    backtest.refresh_from_db()
    return backtest


def run(snapshot: Snapshot, by: User, **filters: Any) -> Backtest:
    return finish(backtests.start(snapshot, by=by, filters=filters))


def test_it_says_which_outcomes_change_and_by_which_rules(policy: Snapshot, editor: User) -> None:
    to_norway = [screened(), screened()]
    spectrometer()
    backtest = run(norway(), editor)

    report = backtests.report(backtest)
    assert (backtest.state, backtest.total, report.judged, report.failed) == ("finished", 3, 3, 0)
    assert report.outcomes == [("clear", "review", 2)]
    assert report.rules == [("NOT-LISTED", 0, 2), ("TRIAL-NORWAY", 2, 0)]
    assert report.destinations == [("NO", 2, 2, 0)]
    assert report.unchanged == 1
    assert report.fired["TRIAL-NORWAY"] == 2
    assert [change.shipment for change in report.changes] == to_norway
    assert {"code": "NO", "changed": 2}.items() <= report.destinations[0]._asdict().items()


def test_a_rule_that_differs_is_a_change_though_the_outcome_stays(policy: Snapshot, editor: User) -> None:
    shipment = spectrometer(destination="NO")
    before = Shipment.objects.get(pk=shipment.pk).outcome
    report = backtests.report(run(norway(), editor))
    assert report.outcomes == [(before, before, 1)] and before != Outcome.CLEAR
    assert report.destinations == [("NO", 1, 0, 0)]


def test_a_rule_that_is_left_out_is_lost_and_its_shipments_are_milder(policy: Snapshot, editor: User) -> None:
    screened(declarations={"exporter_informed": ["wmd"]})
    backtest = run(drafted(without="ART4-WMD-INFORMED"), editor)
    report = backtests.report(backtest)
    assert [(rule.rule, rule.lost) for rule in report.rules if rule.lost] == [("ART4-WMD-INFORMED", 1)]
    assert [(row.code, row.milder) for row in report.destinations] == [("NO", 1)]


@pytest.mark.parametrize(
    "spoil",
    [
        {"snapshot_hash": "0" * 64},
        {"engine_version": "0"},
        {"facts": {}},
        {"state": "failed", "facts": None, "outcome": "review"},
    ],
    ids=["another policy", "another engine", "unreadable facts", "a failed run"],
)
def test_without_a_stored_result_of_the_same_policy_it_judges_again(
    policy: Snapshot, editor: User, spoil: dict[str, Any]
) -> None:
    shipment = screened()
    Run.objects.filter(revision=shipment.current).update(**spoil)
    Finding.objects.all().delete()
    report = backtests.report(run(norway(), editor))
    assert report.outcomes == [("clear", "review", 1)]
    assert report.rules == [("NOT-LISTED", 0, 1), ("TRIAL-NORWAY", 1, 0)]


def test_a_stored_result_of_the_same_policy_is_used_as_it_is(policy: Snapshot, editor: User) -> None:
    """Told apart by a stored outcome that the engine would not give again."""
    shipment = screened()
    Run.objects.filter(revision=shipment.current).update(outcome=Outcome.PROHIBITED)
    report = backtests.report(run(norway(), editor))
    assert report.outcomes == [("prohibited", "review", 1)]


def test_a_shipment_that_waits_for_its_screening_is_judged_with_the_licences_it_names(
    policy: Snapshot, editor: User
) -> None:
    licence = factories.licence(valid_from=date(2025, 1, 1), valid_to=date(2026, 12, 31))
    body = payloads.mass_spectrometer() | {"declarations": {"licence": licence.number}}
    del body["reference"]
    waiting = factories.shipment(**body)
    known = screened(**body)
    report = backtests.report(run(norway(), editor))
    assert (report.judged, report.unchanged) == (2, 2)
    given = judging.kept(Shipment.objects.filter(pk__in=[waiting.pk, known.pk]))
    anew = judging.fresh([waiting], baseline=policy.hash)
    assert (set(given), set(anew)) == ({known.pk}, {waiting.pk})
    assert anew[waiting.pk]().licences == given[known.pk].licences != ()


def test_nothing_else_changes(policy: Snapshot, editor: User) -> None:
    screened()
    spectrometer()
    factories.shipment()
    draft = norway()
    tables = (Shipment, Run, Finding, Case, Snapshot, Edition, Notice)

    def everything() -> list[Any]:
        return [list(model._default_manager.order_by("pk").values()) for model in tables]

    before, events = everything(), AuditEvent.objects.count()
    run(draft, editor)
    assert everything() == before
    actions = list(AuditEvent.objects.filter(number__gt=events).values_list("action", "by__username"))
    assert actions == [("backtest.started", editor.username), ("backtest.finished", None)]
    audit.verify()


def test_the_queries_of_a_chunk_do_not_grow_with_its_shipments(policy: Snapshot, editor: User, settings: Any) -> None:
    def queries(count: int) -> int:
        settings.BACKTEST_CHUNK = count
        BacktestChunk.objects.all().delete()
        Backtest.objects.all().delete()
        backtest = backtests.start(draft, by=editor)
        with CaptureQueriesContext(connection) as captured:
            finish(backtest)
        assert backtest.chunks.count() == 1
        return len(captured)

    draft = norway()
    for _number in range(3):
        screened()
    few = queries(3)
    for _number in range(4):
        screened()
        factories.shipment()
    with_fresh = queries(11)
    for _number in range(8):
        screened()
        factories.shipment()
    assert queries(27) == with_fresh <= few + 4


# Which shipments


def test_filters_choose_by_day_of_receipt_direction_and_destination(policy: Snapshot, editor: User) -> None:
    zone = timezone.get_current_timezone()
    days = {
        screened(): datetime(2026, 3, 1, 0, 0, tzinfo=zone),
        screened(destination="CH"): datetime(2026, 3, 31, 23, 59, tzinfo=zone),
        screened(direction="transit"): datetime(2026, 4, 1, 0, 0, tzinfo=zone),
    }
    for shipment, received in days.items():
        Shipment.objects.filter(pk=shipment.pk).update(received_at=received)
    draft = norway()

    def total(**filters: Any) -> int:
        return backtests.start(draft, by=editor, filters=filters).total

    assert total(received_from="2026-03-01", received_to="2026-03-31") == 2
    assert total(received_from=date(2026, 4, 1)) == 1
    assert total(received_to="2026-02-28") == 0
    assert total(destination="ch", direction="") == 1
    assert total(direction="transit", received_to=None) == 1
    assert total(direction="export", destination="NO") == 1
    chosen = backtests.start(draft, by=editor, filters={"destination": "ch"})
    assert [change.shipment.destination for change in backtests.report(finish(chosen)).changes] == []
    assert backtests.report(chosen).judged == 1


@pytest.mark.parametrize(
    ("filters", "field", "said"),
    [
        ({"colour": "red"}, "colour", "received_from, received_to, direction, destination"),
        ({"direction": "exports"}, "direction", "did you mean 'export'"),
        ({"destination": "Norway"}, "destination", "unknown country"),
        ({"received_from": "1 March"}, "received_from", "2026-11-23"),
        ({"received_from": "2026-03-02", "received_to": "2026-03-01"}, "received_to", "before it begins"),
    ],
)
def test_a_wrong_filter_is_refused_with_what_to_do(
    policy: Snapshot, editor: User, filters: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(backtests.FilterError) as raised:
        backtests.start(policy, by=editor, filters=filters)
    assert set(raised.value.errors) == {field} and said in raised.value.errors[field]
    assert not Backtest.objects.exists()


def test_without_shipments_it_is_finished_at_once(policy: Snapshot, editor: User) -> None:
    backtest = backtests.start(norway(), by=editor)
    assert (backtest.state, backtest.total, backtests.progress(backtest).percent) == ("finished", 0, 100)
    assert backtests.report(backtest).outcomes == []


# Who, and when it counts


@pytest.mark.parametrize("role", ["officer", "auditor", "exporter"])
def test_only_editors_start_cancel_and_resume(policy: Snapshot, editor: User, role: str) -> None:
    other = factories.user(role)
    with pytest.raises(NotAllowed):
        backtests.start(policy, by=other)
    screened()
    backtest = backtests.start(policy, by=editor)
    with pytest.raises(NotAllowed):
        backtests.cancel(backtest, by=other)
    backtests.cancel(backtest, by=editor)
    with pytest.raises(NotAllowed):
        backtests.resume(backtest, by=other)


def test_before_the_first_publication_there_is_nothing_to_compare_with(editor: User) -> None:
    draft = Snapshot.objects.create(hash="1" * 64, manifest={}, created_at=timezone.now())
    with pytest.raises(backtests.BacktestError, match="install_policies"):
        backtests.start(draft, by=editor)


def test_the_same_backtest_is_not_run_twice_at_once(policy: Snapshot, editor: User) -> None:
    screened()
    draft = norway()
    first = backtests.start(draft, by=editor, filters={"destination": "NO", "direction": "export"})
    again = backtests.start(
        draft, by=factories.user("administrator"), filters={"direction": "export", "destination": "no"}
    )
    assert again == first
    assert backtests.start(draft, by=editor) != first, "other filters are another backtest"
    finish(first)
    assert backtests.start(draft, by=editor, filters={"destination": "NO", "direction": "export"}) != first


def test_who_looked_at_a_finished_result_is_kept_once(policy: Snapshot, editor: User) -> None:
    screened()
    backtest = backtests.start(norway(), by=editor)
    assert not backtests.seen(backtest, editor)
    assert not BacktestReading.objects.exists()
    finish(backtest)
    assert backtests.seen(backtest, editor) and backtests.seen(backtest, editor)
    assert BacktestReading.objects.get().by == editor
    assert AuditEvent.objects.filter(action="backtest.seen").count() == 1
    with pytest.raises(NotAllowed):
        backtests.seen(backtest, factories.exporter())


def test_a_finished_backtest_counts_until_another_policy_comes_into_force(policy: Snapshot, editor: User) -> None:
    screened()
    draft = norway()
    assert backtests.ready(draft) is None and "start one" in backtests.not_ready(draft)
    backtest = backtests.start(draft, by=editor)
    assert backtests.ready(draft) is None and "running: 0 %" in backtests.not_ready(draft)
    finish(backtest)
    assert (backtests.ready(draft), backtests.not_ready(draft)) == (backtest, "")

    publish(drafted(NORWAY | {"id": "TRIAL-OTHER"}))
    assert backtests.ready(draft) is None
    assert "no longer in force" in backtests.not_ready(draft)


def publish(snapshot: Snapshot) -> Snapshot:
    return publishing.publish(snapshot, by=factories.administrator(), reason="a trial")


def test_a_publication_in_the_middle_changes_neither_side_of_the_comparison(policy: Snapshot, editor: User) -> None:
    for _number in range(4):
        screened()
    draft = norway()
    backtest = backtests.start(draft, by=editor)
    first, second = backtest.chunks.all()
    backtests.work(first.pk)
    publish(draft)
    for shipment in Shipment.objects.filter(pk__gte=second.first):
        revision = shipment.current
        assert revision is not None
        again = Run.objects.create(revision=revision, trigger="rescreen 1")
        runs.screen(again.pk)
    backtests.work(second.pk)
    backtest.refresh_from_db()
    assert (backtest.baseline_hash, backtest.state) == (policy.hash, "finished")
    assert backtests.report(backtest).outcomes == [("clear", "review", 4)]


def test_a_draft_that_another_draft_replaces_keeps_its_backtest(policy: Snapshot, editor: User) -> None:
    screened()
    draft = norway()
    backtest = backtests.start(draft, by=editor)
    newer = drafted(NORWAY | {"id": "TRIAL-OTHER"})
    draft.refresh_from_db()
    assert draft.state == SnapshotState.RETIRED
    finish(backtest)
    assert backtests.ready(draft) == backtest
    assert backtests.ready(newer) is None


# Interruptions


def test_a_chunk_delivered_twice_is_done_once(policy: Snapshot, editor: User) -> None:
    screened()
    backtest = backtests.start(norway(), by=editor)
    chunk = backtest.chunks.get()
    assert backtests.work(chunk.pk)
    assert not backtests.work(chunk.pk)
    chunk.refresh_from_db()
    assert (chunk.attempts, BacktestChange.objects.count()) == (1, 1)


def test_a_chunk_that_another_worker_has_is_left_alone_until_that_one_is_silent(
    policy: Snapshot, editor: User, settings: Any
) -> None:
    screened()
    chunk = backtests.start(norway(), by=editor).chunks.get()
    BacktestChunk.objects.update(started_at=timezone.now(), attempts=1)
    assert not backtests.work(chunk.pk)
    BacktestChunk.objects.update(started_at=timezone.now() - timedelta(seconds=settings.RUN_STALE_SECONDS + 1))
    assert backtests.work(chunk.pk)


def test_of_two_workers_with_one_chunk_the_first_result_counts(policy: Snapshot, editor: User) -> None:
    screened()
    backtest = backtests.start(norway(), by=editor)
    chunk = BacktestChunk.objects.select_related("backtest__snapshot").get()
    slow = judging.judge(chunk)
    finish(backtest)
    chunks._keep(chunk, slow)
    assert BacktestChange.objects.count() == 1


def test_what_a_dead_worker_left_is_done_again(policy: Snapshot, editor: User, monkeypatch: Any, settings: Any) -> None:
    """The changes of an attempt whose transaction was lost do not stand in the way of the next."""
    screened()
    backtest = backtests.start(norway(), by=editor)
    sent = take_messages(monkeypatch)
    long_ago = timezone.now() - timedelta(seconds=settings.RUN_STALE_SECONDS + 1)
    BacktestChunk.objects.update(queued_at=long_ago, started_at=long_ago, attempts=1)
    assert backtests.sweep() == {"failed": 0, "queued": 1}
    assert sent == [("screening.backtest_chunk", [backtest.chunks.get().pk])]
    assert finish(backtest).state == BacktestState.FINISHED


def test_cancelled_no_further_chunk_begins_and_resumed_only_the_missing_ones(policy: Snapshot, editor: User) -> None:
    for _number in range(5):
        screened()
    backtest = backtests.start(norway(), by=editor)
    first, second, third = backtest.chunks.all()
    backtests.work(first.pk)
    running = BacktestChunk.objects.select_related("backtest__snapshot").get(pk=second.pk)
    assert chunks._claim(second.pk)

    cancelled = backtests.cancel(backtest, by=editor)
    assert (cancelled.state, cancelled.ended_by) == ("cancelled", editor)
    assert not backtests.work(third.pk)
    chunks._keep(running, judging.judge(running))
    assert backtests.progress(cancelled).done == 4
    assert backtests.progress(cancelled).percent == 80
    with pytest.raises(backtests.BacktestError, match="cancelled"):
        backtests.cancel(cancelled, by=editor)

    resumed = backtests.resume(cancelled, by=editor)
    assert resumed.state == BacktestState.RUNNING
    finish(resumed)
    assert list(resumed.chunks.values_list("attempts", flat=True)) == [1, 1, 1]
    assert backtests.report(resumed).outcomes == [("clear", "review", 5)]
    actions = AuditEvent.objects.filter(action__startswith="backtest.").values_list("action", flat=True)
    assert sorted(actions) == [f"backtest.{what}" for what in ("cancelled", "finished", "resumed", "started")]
    with pytest.raises(backtests.BacktestError, match="Start a new one"):
        backtests.resume(resumed, by=editor)


def test_resumed_when_its_last_chunk_was_done_after_the_cancellation_it_is_finished(
    policy: Snapshot, editor: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    screened()
    backtest = backtests.start(norway(), by=editor)
    chunk = BacktestChunk.objects.select_related("backtest__snapshot").get()
    backtests.cancel(backtest, by=editor)
    chunks._keep(chunk, judging.judge(chunk))
    with django_capture_on_commit_callbacks(execute=True):
        backtests.resume(backtest, by=editor)
    backtest.refresh_from_db()
    assert backtest.state == BacktestState.FINISHED


def test_a_chunk_that_kills_its_workers_fails_the_backtest_and_can_be_tried_again(
    policy: Snapshot, editor: User, monkeypatch: Any, settings: Any
) -> None:
    take_messages(monkeypatch)
    for _number in range(3):
        screened()
    backtest = backtests.start(norway(), by=editor)
    first, second = backtest.chunks.all()
    long_ago = timezone.now() - timedelta(seconds=settings.RUN_STALE_SECONDS + 1)
    BacktestChunk.objects.filter(pk=first.pk).update(queued_at=long_ago, started_at=long_ago, attempts=2)
    assert backtests.sweep()["failed"] == 1
    backtests.work(second.pk)
    backtest.refresh_from_db()
    assert backtest.state == BacktestState.FAILED
    assert "Part 1 could not be judged: The worker died" in backtest.error
    assert (backtests.progress(backtest).failed, backtests.report(backtest).judged) == (2, 1)
    assert backtests.ready(backtest.snapshot) is None and "failed" in backtests.not_ready(backtest.snapshot)
    assert not backtests.seen(backtest, editor)

    finish(backtests.resume(backtest, by=editor))
    backtest.refresh_from_db()
    assert (backtest.state, backtest.error) == ("finished", "")
    assert backtests.report(backtest).outcomes == [("clear", "review", 3)]


def test_an_error_is_kept_and_tried_again_after_a_pause(
    policy: Snapshot, editor: User, monkeypatch: Any, settings: Any
) -> None:
    sent = take_messages(monkeypatch)
    screened()
    backtest = backtests.start(norway(), by=editor)
    chunk = backtest.chunks.get()
    BacktestChunk.objects.update(queued_at=timezone.now())
    Backtest.objects.update(filters={"received_from": "some day"})
    assert backtests.work(chunk.pk)
    Backtest.objects.update(filters={})
    chunk.refresh_from_db()
    assert "some day" in chunk.error and chunk.done_at is None and chunk.started_at is None
    assert backtests.sweep()["queued"] == 0, "not at once: what failed now will fail in a second too"
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.RUN_STALE_SECONDS + 1)):
        assert backtests.sweep()["queued"] == 1
    assert sent == [("screening.backtest_chunk", [chunk.pk])]
    assert finish(backtest).state == BacktestState.FINISHED
    assert backtests.report(backtest).error == ""


def test_a_policy_that_cannot_be_loaded_stops_the_backtest_at_once(policy: Snapshot, editor: User) -> None:
    for _number in range(3):
        screened()
    draft = norway()
    snapshots.forget()
    kept = bytes(Edition.objects.get(source=LIST, digest=draft.manifest[LIST]).content)
    Edition.objects.filter(source=LIST, digest=draft.manifest[LIST]).update(content=b"spoilt")
    backtest = backtests.start(draft, by=editor)
    first, second = backtest.chunks.all()
    assert backtests.work(first.pk)
    backtest.refresh_from_db()
    assert backtest.state == BacktestState.FAILED and LIST in backtest.error
    assert not backtests.work(second.pk)

    Edition.objects.filter(source=LIST, digest=draft.manifest[LIST]).update(content=kept)
    BacktestChunk.objects.update(started_at=None)
    assert finish(backtests.resume(backtest, by=editor)).state == BacktestState.FINISHED


def test_one_shipment_that_cannot_be_judged_hides_nothing_of_the_others(policy: Snapshot, editor: User) -> None:
    screened()
    spoilt = factories.shipment()
    revision = spoilt.current
    assert revision is not None
    revision.payload["lines"] = [{"number": 1, "quantity": "many"}]
    revision.save()
    backtest = backtests.start(norway(), by=editor)
    finish(backtest)
    report = backtests.report(backtest)
    assert (backtest.state, report.judged, report.failed) == ("finished", 1, 1)
    assert report.error.startswith(f"Shipment {spoilt.pk}: ")
    assert spoilt.reference not in report.error, "an editor sees no shipment"


def test_a_chunk_that_takes_too_long_leaves_the_rest_to_another(
    policy: Snapshot, editor: User, settings: Any, monkeypatch: Any
) -> None:
    settings.BACKTEST_CHUNK = 10
    monkeypatch.setattr(judging, "LONGEST", 0.0)
    for _number in range(3):
        screened()
    backtest = backtests.start(norway(), by=editor)
    done: list[int] = []
    while backtest.chunks.filter(done_at=None).exists():
        backtests.work(backtest.chunks.filter(done_at=None)[0].pk)
        done.append(backtests.progress(backtest).done)
    assert done == [1, 2, 3]
    assert list(backtest.chunks.values_list("number", "shipments", "judged")) == [(1, 1, 1), (2, 1, 1), (3, 1, 1)]
    backtest.refresh_from_db()
    assert backtests.report(backtest).outcomes == [("clear", "review", 3)]


# Broker and sweeper


def take_messages(monkeypatch: Any) -> list[Any]:
    """A broker that takes everything and hands it to nobody: the network's other end, which is not ours."""
    sent: list[Any] = []

    def take(name: str, args: list[int], **options: Any) -> None:
        sent.append((name, args))

    monkeypatch.setattr(chunks.current_app, "send_task", take)
    return sent


def test_only_a_few_chunks_are_with_the_broker_and_the_oldest_backtest_goes_first(
    policy: Snapshot, editor: User, monkeypatch: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sent = take_messages(monkeypatch)
    for _number in range(8):
        screened()
    sent.clear()
    draft = norway()
    with django_capture_on_commit_callbacks(execute=True):
        older = backtests.start(draft, by=editor)
        newer = backtests.start(draft, by=editor, filters={"destination": "NO"})
    expected = [("screening.backtest_chunk", [chunk.pk]) for chunk in (*older.chunks.all(), *newer.chunks.all())]
    assert sent == expected[:3]
    for _name, (chunk_id,) in list(sent):
        backtests.work(chunk_id)
    assert sent == expected[:6], "each chunk that is done makes room for one"
    with django_capture_on_commit_callbacks(execute=True):
        backtests.cancel(older, by=editor)
    assert sent == expected[:7]


def test_without_a_broker_the_chunks_wait_for_the_sweeper(
    policy: Snapshot,
    editor: User,
    monkeypatch: Any,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    screened()
    draft = norway()

    def away(*_given: Any, **_options: Any) -> None:
        raise ConnectionRefusedError("no broker")

    with monkeypatch.context() as patch:
        patch.setattr(chunks.current_app, "send_task", away)
        with django_capture_on_commit_callbacks(execute=True):
            backtest = backtests.start(draft, by=editor)
    assert backtest.chunks.get().queued_at is None
    sent = take_messages(monkeypatch)
    assert backtests.sweep() == {"failed": 0, "queued": 1}
    assert backtests.sweep() == {"failed": 0, "queued": 0}
    assert sent == [("screening.backtest_chunk", [backtest.chunks.get().pk])]


def test_the_sweeper_ends_a_backtest_whose_last_worker_died_before_it_could(policy: Snapshot, editor: User) -> None:
    screened()
    backtest = finish(backtests.start(norway(), by=editor))
    Backtest.objects.update(state=BacktestState.RUNNING, ended_at=None)
    backtests.sweep()
    backtest.refresh_from_db()
    assert backtest.state == BacktestState.FINISHED


# The command


def test_the_command_runs_to_the_end_and_prints_what_would_change(policy: Snapshot, editor: User, capsys: Any) -> None:
    screened()
    spectrometer()
    draft = norway()
    call_command("backtest", draft.hash[:12], "--wait", "--by", editor.username)
    said = capsys.readouterr().out
    assert "clear -> review" in said and "TRIAL-NORWAY" in said and "100 %" in said
    assert Backtest.objects.get().created_by == editor


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("0" * 12, "--by", "editor"), "no snapshot"),
        (("current", "--by", "nobody"), "nobody"),
        (("current", "--by", "editor", "--destination", "Norway"), "unknown country"),
        (("current", "--by", "auditor"), "policy editor"),
    ],
)
def test_the_command_says_what_is_wrong(policy: Snapshot, arguments: tuple[str, ...], said: str) -> None:
    factories.user("policy_editor", username="editor")
    factories.user("auditor", username="auditor")
    with pytest.raises(CommandError, match=said):
        call_command("backtest", *arguments)
    assert not Backtest.objects.exists()
