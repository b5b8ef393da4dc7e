"""A run screens with the shipped policy, counts once however often it is delivered, and fails closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policies.models import Snapshot
from screening import audit, runs
from screening.models import AuditEvent, Case, CaseState, Finding, Outcome, Run, RunState, Shipment, ShipmentStatus
from tests import factories, payloads


def listed(**changes: Any) -> Shipment:
    body = payloads.mass_spectrometer() | changes
    del body["reference"]
    return factories.shipment(**body)


def run_of(shipment: Shipment) -> Run:
    return Run.objects.get(revision__shipment=shipment)


def screen(shipment: Shipment) -> Run:
    run = run_of(shipment)
    runs.screen(run.pk)
    run.refresh_from_db()
    shipment.refresh_from_db()
    return run


def reasons(run: Run) -> list[str]:
    return [finding.reason for finding in run.findings.all()]


@pytest.fixture
def attempts(settings: Any) -> int:
    settings.RUN_MAX_ATTEMPTS = 2
    return 2


def test_a_harmless_shipment_is_clear_and_opens_no_case(policy: Snapshot) -> None:
    shipment = factories.shipment()
    run = screen(shipment)
    assert (run.state, run.outcome, reasons(run)) == (RunState.FINISHED, Outcome.CLEAR, ["NOT_LISTED"])
    assert (shipment.status, shipment.outcome, shipment.latest_run) == (ShipmentStatus.SCREENED, Outcome.CLEAR, run)
    assert not Case.objects.exists()


def test_a_listed_item_needs_a_licence_and_an_officer(policy: Snapshot) -> None:
    shipment = listed()
    run = screen(shipment)
    assert (run.outcome, shipment.outcome) == (Outcome.LICENCE_REQUIRED, Outcome.LICENCE_REQUIRED)
    finding = run.findings.get(reason="LISTED_ANNEX_I")
    assert (finding.subject, finding.effect) == ("line 1", "licence_required")
    assert finding.legal_basis and finding.because and finding.rule
    case = Case.objects.get(shipment=shipment)
    assert (case.state, case.outcome) == (CaseState.OPEN, Outcome.LICENCE_REQUIRED)


def test_a_valid_licence_covers_its_line(policy: Snapshot) -> None:
    licence = factories.licence()
    run = screen(listed(declarations={"licence": licence.number}))
    assert (run.outcome, "LICENCE_COVERS" in reasons(run)) == (Outcome.CLEAR, True)
    assert run.facts["licences"][0]["number"] == licence.number


def test_a_used_up_licence_does_not_cover(policy: Snapshot) -> None:
    licence = factories.licence(used_quantity=9)
    run = screen(listed(declarations={"licence": licence.number}))
    assert run.outcome == Outcome.LICENCE_REQUIRED
    assert "LICENCE_QUANTITY_EXCEEDED" in reasons(run)


def test_a_licence_that_nobody_named_is_not_looked_up(policy: Snapshot) -> None:
    factories.licence()
    assert screen(listed()).facts["licences"] == []


def test_the_run_pins_what_judged_it(policy: Snapshot) -> None:
    run = screen(listed())
    assert run.snapshot_hash == policy.hash
    assert len(run.facts_hash) == 64
    assert run.engine_version
    event = AuditEvent.objects.get(action="run.finished")
    assert (event.details["snapshot"], event.details["facts"]) == (run.snapshot_hash, run.facts_hash)
    assert audit.verify() == AuditEvent.objects.count()


def test_delivered_twice_it_counts_once(policy: Snapshot) -> None:
    shipment = listed()
    first = screen(shipment)
    before = Finding.objects.count(), AuditEvent.objects.count(), Case.objects.get().version
    again = screen(shipment)
    assert (again.attempts, again.finished_at) == (1, first.finished_at)
    assert (Finding.objects.count(), AuditEvent.objects.count(), Case.objects.get().version) == before


def test_an_unknown_run_is_ignored(db: None) -> None:
    runs.screen(4711)
    assert not AuditEvent.objects.exists()


def test_without_a_policy_nothing_is_clear(db: None, attempts: int) -> None:
    """The run is tried again, and after the last attempt it is an officer's case."""
    shipment = factories.shipment()
    run = screen(shipment)
    assert (run.state, run.attempts, shipment.outcome) == (RunState.QUEUED, 1, "")
    assert "No policy snapshot is published" in run.error
    run = screen(shipment)
    assert (run.state, run.outcome, shipment.outcome) == (RunState.FAILED, Outcome.REVIEW, Outcome.REVIEW)
    finding = run.findings.get()
    assert (finding.reason, finding.effect) == ("UNDECIDED", "review")
    assert "could not be completed" in finding.title
    assert "No policy snapshot" in run.error
    assert "snapshot" not in str(runs.finding_dict(finding)), "an exporter reads findings; the error is for operators"
    assert Case.objects.get(shipment=shipment).outcome == Outcome.REVIEW


def test_what_was_wrong_once_may_work_the_second_time(attempts: int, request: Any) -> None:
    shipment = request.getfixturevalue("db") or factories.shipment()
    assert screen(shipment).error
    request.getfixturevalue("policy")
    run = screen(shipment)
    assert (run.state, run.attempts, run.error) == (RunState.FINISHED, 2, "")


def test_a_damaged_list_never_screens(policy: Snapshot, attempts: int) -> None:
    """The hash names a list that is gone: no finding may come out of what is left."""
    Snapshot.objects.filter(pk=policy.pk).update(hash="0" * 64)
    shipment = factories.shipment()
    screen(shipment)
    run = screen(shipment)
    assert (run.state, run.outcome) == (RunState.FAILED, Outcome.REVIEW)


def test_a_run_replays_to_the_same_findings(policy: Snapshot) -> None:
    run = screen(listed())
    assert runs.replay(run) == []
    call_command("replay", str(run.public_id))


def test_a_replay_uses_what_was_stored_not_what_is_true_today(policy: Snapshot) -> None:
    licence = factories.licence()
    run = screen(listed(declarations={"licence": licence.number}))
    licence.delete()
    assert runs.replay(run) == []


def test_a_replay_names_what_differs(policy: Snapshot) -> None:
    run = screen(listed())
    run.findings.filter(reason="LISTED_ANNEX_I").update(title="Something else")
    Run.objects.filter(pk=run.pk).update(outcome=Outcome.CLEAR)
    with pytest.raises(CommandError, match="1 of 1 runs differ"):
        call_command("replay", "all")
    differences = " ".join(runs.replay(Run.objects.get(pk=run.pk)))
    assert "outcome: stored 'clear', now 'licence_required'" in differences
    assert "Something else" in differences


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"facts": {}}, "stored facts of this run cannot be read"),
        ({"snapshot_hash": "0" * 64}, "cannot be loaded, so nothing is proved"),
        ({"facts_hash": "0" * 64}, "facts: stored '0000"),
    ],
    ids=["facts", "policy", "digest"],
)
def test_a_replay_that_proves_nothing_says_so(
    policy: Snapshot, capsys: pytest.CaptureFixture[str], spoil: dict[str, Any], said: str
) -> None:
    whole, spoilt = screen(listed()), screen(listed())
    Run.objects.filter(pk=spoilt.pk).update(**spoil)
    with pytest.raises(CommandError, match="1 of 2 runs differ .* not proved"):
        call_command("replay", "all")
    shown = capsys.readouterr().out
    assert f"{whole.public_id} licence_required: identical" in shown and said in shown


def test_a_replay_of_nonsense_is_explained(db: None) -> None:
    with pytest.raises(CommandError, match="no run id"):
        call_command("replay", "seventeen")
    with pytest.raises(CommandError, match="no run 00000000"):
        call_command("replay", "00000000-0000-0000-0000-000000000000")


def later(seconds: int) -> Any:
    return timezone.now() - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"queued_at": None, "created_at": 60}, True),
        ({"queued_at": None, "created_at": 1}, False),
        ({"queued_at": 30}, False),
        ({"queued_at": 300}, True),
        ({"queued_at": 300, "started_at": 30, "state": "running"}, False),
        ({"queued_at": 300, "started_at": 300, "state": "running"}, True),
        ({"queued_at": 300, "started_at": 300, "state": "queued"}, True),
    ],
)
def test_the_sweeper_finds_what_the_broker_lost(db: None, monkeypatch: Any, columns: Any, found: bool) -> None:
    run = run_of(factories.shipment())
    values = {name: later(value) if isinstance(value, int) else value for name, value in columns.items()}
    Run.objects.filter(pk=run.pk).update(**values)
    sent = take_messages(monkeypatch)
    assert runs.sweep()["queued"] == len(sent) == int(found)
    assert runs.sweep()["queued"] == 0


def test_the_sweeper_ends_what_kills_its_workers(db: None) -> None:
    shipment = factories.shipment()
    Run.objects.update(attempts=99, state=RunState.RUNNING, queued_at=later(300), started_at=later(300))
    assert runs.sweep()["failed"] == 1
    shipment.refresh_from_db()
    assert (run_of(shipment).state, shipment.outcome) == (RunState.FAILED, Outcome.REVIEW)


def test_the_sweeper_leaves_finished_runs_alone(policy: Snapshot) -> None:
    run = screen(factories.shipment())
    Run.objects.filter(pk=run.pk).update(queued_at=later(9999), started_at=later(9999))
    assert runs.sweep() == {"queued": 0, "failed": 0, "waiting": 0}


def take_messages(monkeypatch: Any) -> list[Any]:
    """A broker that takes everything and hands it to nobody: the network's other end, which is not ours."""
    sent: list[Any] = []

    def take(name: str, args: list[int], **options: Any) -> None:
        sent.append((name, args))

    monkeypatch.setattr(runs.current_app, "send_task", take)
    return sent


def test_the_message_carries_an_id_only(db: None, monkeypatch: Any, django_capture_on_commit_callbacks: Any) -> None:
    sent = take_messages(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        shipment = factories.shipment()
    assert sent == [("screening.screen_run", [run_of(shipment).pk])]
