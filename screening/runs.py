"""Screen a revision against the policy in force, keep what came out, and be able to do it again.

A run happens at least once and counts once: `screen` returns at once for a run that has ended. The claim is its own
short transaction, so an attempt that dies with its worker is counted; everything that a run produces is one
transaction, so there is never half a result. A run that cannot be finished ends as failed, with a case: fail closed.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from policies import snapshots
from policies.engine import facts
from policies.engine import screen as engine
from screening import audit, cases, differences, notices, records
from screening.models import Finding, Outcome, Run, RunState, Shipment, ShipmentStatus

log = structlog.get_logger(__name__)

LOST_AT_ONCE = timedelta(seconds=10)
SWEEP_BATCH = 1000
AFTER_SUBMISSIONS = 6  # priority of a message with Redis: 0 is served first, 9 last
ENDED = (RunState.FINISHED, RunState.FAILED)


class NoPolicy(Exception):
    """No policy snapshot is published, so nothing can be screened yet."""


def queue(run: Run) -> bool:
    """Hand the run to the workers. `False` when the broker did not take it: the sweeper will find it."""
    try:
        urgency = {} if run.trigger == "submission" else {"priority": AFTER_SUBMISSIONS}
        current_app.send_task("screening.screen_run", args=[run.pk], retry=False, **urgency)
    except (KombuError, RedisError, OSError) as error:
        log.warning("broker_away", run=run.pk, error=str(error))
        Run.objects.filter(pk=run.pk, state=RunState.QUEUED).update(queued_at=None)
        return False
    return True


def queue_all(made: Sequence[Run]) -> None:
    """Hand runs to the workers; after the first that the broker refuses, the rest is left to the sweeper."""
    for place, run in enumerate(made):
        if not queue(run):
            Run.objects.filter(pk__in=[later.pk for later in made[place:]], started_at=None).update(queued_at=None)
            return


def screen(run_id: int) -> None:
    """Screen one run. Harmless to repeat; an error is kept on the run and the sweeper tries again."""
    if not _claim(run_id):
        log.info("run_already_ended", run=run_id)
        return
    try:
        with transaction.atomic():
            run = _locked(run_id)
            if run.state in ENDED:
                return
            _finish(run)
    except Exception as error:
        log.exception("run_error", run=run_id)
        _keep_error(run_id, f"{type(error).__name__}: {error}")


def sweep() -> dict[str, int]:
    """Queue again what the broker lost, and end what has failed too often. Counts what it did."""
    now = timezone.now()
    stale = now - timedelta(seconds=settings.RUN_STALE_SECONDS)
    lost = Q(queued_at=None, created_at__lt=now - LOST_AT_ONCE)
    silent = Q(queued_at__lt=stale) & (Q(started_at=None) | Q(started_at__lt=stale))
    waiting = Run.objects.filter(lost | silent, state__in=(RunState.QUEUED, RunState.RUNNING)).order_by("id")
    counts = {"queued": 0, "failed": 0, "waiting": 0}
    for run in waiting[:SWEEP_BATCH]:
        if run.attempts >= settings.RUN_MAX_ATTEMPTS:
            _fail(run.pk, run.error or "The worker died at each attempt.")
            counts["failed"] += 1
            continue
        Run.objects.filter(pk=run.pk).exclude(state__in=ENDED).update(state=RunState.QUEUED, queued_at=now)
        if not queue(run):
            counts["waiting"] = waiting.count()
            break
        counts["queued"] += 1
    log.info("swept", **counts)
    return counts


def replay(run: Run) -> list[str]:
    """Screen the stored facts against the stored snapshot and say what differs; an empty list means nothing does.

    What cannot be replayed is a difference too: a result that cannot be proved must not look proved.
    """
    if run.state != RunState.FINISHED:
        return [f"The run is {run.state}; only a finished run can be replayed."]
    shipment = records.kept(run)
    if shipment is None:
        return ["The stored facts of this run cannot be read: they were changed, or stored by another version."]
    try:
        policy = snapshots.load(run.snapshot_hash)
    except snapshots.SnapshotError as error:
        return [f"The policy that judged this run cannot be loaded, so nothing is proved. {error}"]
    screening = engine.screen(shipment, policy)
    stored = [finding_dict(finding) for finding in run.findings.all()]
    again = [finding.as_dict() for finding in screening.findings]
    pairs = [
        ("engine version", run.engine_version, engine.ENGINE_VERSION),
        ("facts", run.facts_hash, facts.digest(shipment)),
        ("outcome", run.outcome, screening.outcome),
        ("number of findings", len(stored), len(again)),
    ]
    pairs += [(f"finding {number}", *pair) for number, pair in enumerate(zip(stored, again, strict=False), start=1)]
    return [f"{what}: stored {before!r}, now {after!r}" for what, before, after in pairs if before != after]


def finding_dict(finding: Finding) -> dict[str, Any]:
    """The stored finding in the shape of the engine's `Finding.as_dict()`."""
    names = (
        *("reason", "effect", "subject", "title", "rule", "legal_basis"),
        *("principles", "because", "evidence", "remedy", "covered_by"),
    )
    return {name: getattr(finding, name) for name in names}


def _claim(run_id: int) -> bool:
    waiting = Run.objects.filter(pk=run_id).exclude(state__in=ENDED)
    claimed = waiting.update(state=RunState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1)
    if claimed:
        received = Shipment.objects.filter(current__runs=run_id, status=ShipmentStatus.RECEIVED)
        received.update(status=ShipmentStatus.SCREENING)
    return bool(claimed)


def _locked(run_id: int) -> Run:
    """The run with its shipment, both locked until the transaction ends."""
    runs = Run.objects.select_related("revision__shipment")
    return runs.select_for_update(of=("self", "revision__shipment")).get(pk=run_id)


def _finish(run: Run) -> None:
    snapshot = snapshots.current()
    if snapshot is None:
        raise NoPolicy("No policy snapshot is published; run manage.py install_policies.")
    stale = snapshots.stale_lists(snapshot, timezone.localdate())
    given = records.fresh(run.revision, held=records.held(run.revision), stale=stale)
    screening = engine.screen(given, snapshots.load(snapshot.hash))
    run.snapshot_hash, run.engine_version = snapshot.hash, engine.ENGINE_VERSION
    run.facts, run.facts_hash = facts.as_dict(given), facts.digest(given)
    run.classifications, run.flags = list(screening.classifications), list(screening.flags)
    findings = [finding.as_dict() for finding in screening.findings]
    _keep(run, state=RunState.FINISHED, outcome=screening.outcome, findings=findings)


def _keep(run: Run, *, state: RunState, outcome: str, findings: list[dict[str, Any]]) -> None:
    """Store the end of a run: findings, run, shipment, case, audit. Inside the caller's transaction.

    A run of an earlier revision, or one that a later run has overtaken, is kept and changes nothing.
    """
    Finding.objects.bulk_create(
        Finding(run=run, position=position, **row) for position, row in enumerate(findings, start=1)
    )
    run.state, run.outcome, run.finished_at = state, outcome, timezone.now()
    run.error = run.error if state == RunState.FAILED else ""
    shipment = run.revision.shipment
    if shipment.current_id == run.revision_id and (shipment.latest_run_id or 0) < run.pk:
        _take_over(run, shipment, findings)
    run.save()
    details = {"run": run.public_id, "outcome": outcome, "snapshot": run.snapshot_hash, "facts": run.facts_hash}
    audit.record(f"run.{state}", by=None, of=shipment, details=details)


def _take_over(run: Run, shipment: Shipment, findings: list[dict[str, Any]]) -> None:
    """Make the run the one that counts, say what it changed, and bring the case up to date.

    A run that failed takes a clear result away, and adds to any other: a ban must not fade into a review.
    """
    before, latest = shipment.outcome, shipment.latest_run
    earlier = [finding_dict(finding) for finding in latest.findings.all()] if latest else []
    if run.state == RunState.FAILED and before not in ("", Outcome.CLEAR):
        findings = earlier + findings
    else:
        shipment.status, shipment.outcome = ShipmentStatus.SCREENED, run.outcome
        shipment.screened_at, shipment.latest_run = run.finished_at, run
    if latest:
        run.changes = differences.between(earlier, findings, outcomes=(before, shipment.outcome))
    allied = any(row["reason"] == "ALLIED_PROPORTIONATE" for row in findings)
    cases.open_or_update(shipment, outcome=shipment.outcome, priority=allied, changes=run.changes)
    if latest and shipment.outcome != before:
        text = _("The result of the screening of %(reference)s has changed. Open the shipment to see it.")
        people = shipment.organisation.people.filter(is_active=True)
        notices.tell(people, text % {"reference": shipment.reference}, shipment=shipment)
    shipment.save(update_fields=["status", "outcome", "screened_at", "latest_run"])


def _keep_error(run_id: int, error: str) -> None:
    Run.objects.filter(pk=run_id).exclude(state__in=ENDED).update(state=RunState.QUEUED, error=error[:4000])
    run = Run.objects.get(pk=run_id)
    if run.state not in ENDED and run.attempts >= settings.RUN_MAX_ATTEMPTS:
        _fail(run_id, error)


def _fail(run_id: int, error: str) -> None:
    """End a run that cannot be finished: the outcome is review, the finding says so, an officer gets the case."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state in ENDED:
            return
        run.error = error[:4000]
        finding = {
            "reason": "UNDECIDED",
            "effect": Outcome.REVIEW,
            "subject": "shipment",
            "title": "The automatic screening could not be completed; check this shipment by hand.",
            "rule": "engine",
            "legal_basis": "",
            "principles": [],
            "because": [{"clause": "screening completed", "value": "no"}],
            "evidence": {"attempts": run.attempts},
            "remedy": "",
            "covered_by": "",
        }
        _keep(run, state=RunState.FAILED, outcome=Outcome.REVIEW, findings=[finding])
