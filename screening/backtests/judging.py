"""One chunk of shipments under two policies. Reads, judges and compares; writes nothing."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from policies import snapshots
from policies.engine import facts
from policies.engine import screen as engine
from policies.engine.policy import Policy
from policies.models import Snapshot
from screening import records
from screening.backtests import filters
from screening.models import BacktestChange, BacktestChunk, Finding, Shipment, ShipmentRevision

log = structlog.get_logger(__name__)

LONGEST = 5.0  # seconds that a chunk may take: live screenings wait behind it

Said = frozenset[tuple[str, str, str]]  # rule, subject and effect of each finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of one shipment; `fired` are all its rules that fired, red flags too."""

    outcome: str
    said: Said
    fired: frozenset[str] = frozenset()


@dataclass(slots=True)
class Judged:
    """What a chunk came to. `reached` is the id of the last shipment when time ran out before the end, else 0."""

    changes: list[BacktestChange] = field(default_factory=list)
    judged: int = 0
    failed: int = 0
    error: str = ""
    reached: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


def judge(chunk: BacktestChunk) -> Judged:
    """Judge the shipments of a chunk. Stops in time, before the worker is stopped; raises `SnapshotError`."""
    began = time.monotonic()
    backtest = chunk.backtest
    shipments = list(_shipments(chunk))
    given = kept(shipments)
    known = _known(shipments, baseline=backtest.baseline_hash, given=given)
    anew = fresh((one for one in shipments if one.pk not in given), baseline=backtest.baseline_hash)
    draft = snapshots.load(backtest.snapshot.hash)
    baseline = snapshots.load(backtest.baseline_hash)
    today = timezone.localdate()
    dismissed = records.dismissals((one.organisation_id for one in shipments), on=today)
    old = {hash: _stale(hash, today) for hash in {backtest.baseline_hash, backtest.snapshot.hash}}
    result = Judged()
    ends = min(time.monotonic() + LONGEST, began + settings.TASK_TIME_LIMIT / 2)  # to load a policy takes time too
    for number, shipment in enumerate(shipments, start=1):
        try:
            was = given[shipment.pk] if shipment.pk in given else anew[shipment.pk]()
            declared = records.with_dismissals(was, dismissed.get(shipment.organisation_id, ()), on=today)
            now = replace(declared, stale_lists=old[backtest.baseline_hash])
            kept_verdict = known.get(shipment.pk) if now == was else None
            before = kept_verdict or verdict(now, baseline)
            after = verdict(replace(declared, stale_lists=old[backtest.snapshot.hash]), draft)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # one shipment that cannot be judged must not hide what the others show
            log.exception("shipment_not_judged", shipment=shipment.pk)
            result.failed += 1
            result.error = result.error or f"Shipment {shipment.pk}: {type(error).__name__}"
        else:
            _note(result, chunk, shipment, before, after)
        if time.monotonic() > ends and number < len(shipments):
            result.reached = shipment.pk
            break
    return result


def _stale(hash: str, on: date) -> tuple[str, ...]:
    """The lists that are too old today in a policy: what a run under it would be given."""
    snapshot = Snapshot.objects.filter(hash=hash).first()
    return tuple(snapshots.stale_lists(snapshot, on)) if snapshot else ()


def verdict(given: facts.Shipment, policy: Policy) -> Verdict:
    screening = engine.screen(given, policy)
    said = frozenset((finding.rule, finding.subject, finding.effect) for finding in screening.findings)
    return Verdict(
        outcome=screening.outcome,
        said=said,
        fired=frozenset(rule for rule, _subject, _effect in said) | {flag["id"] for flag in screening.flags},
    )


def _note(result: Judged, chunk: BacktestChunk, shipment: Shipment, before: Verdict, after: Verdict) -> None:
    result.judged += 1
    result.fired.update(after.fired)
    gained = sorted({rule for rule, _subject, _effect in after.said - before.said})
    lost = sorted({rule for rule, _subject, _effect in before.said - after.said})
    if not gained and not lost and before.outcome == after.outcome:
        return
    result.gained.update(gained)
    result.lost.update(lost)
    result.changes.append(
        BacktestChange(
            chunk=chunk,
            backtest_id=chunk.backtest_id,
            shipment=shipment,
            destination=shipment.destination,
            before=before.outcome,
            after=after.outcome,
            gained=gained,
            lost=lost,
        )
    )


def _shipments(chunk: BacktestChunk) -> Iterable[Shipment]:
    chosen = filters.shipments(chunk.backtest.filters).filter(pk__gte=chunk.first, pk__lte=chunk.last)
    columns = ("id", "organisation_id", "reference", "destination", "current_id")
    run = ("revision_id", "state", "snapshot_hash", "engine_version", "outcome", "facts")
    return chosen.select_related("latest_run").only(*columns, *(f"latest_run__{name}" for name in run))


def kept(shipments: Iterable[Shipment]) -> dict[int, facts.Shipment]:
    """The facts of each shipment as its latest run was given them, where that run is of what the shipment says now."""
    found = {
        shipment.pk: records.kept(run)
        for shipment in shipments
        if (run := shipment.latest_run) and run.revision_id == shipment.current_id
    }
    return {shipment: given for shipment, given in found.items() if given is not None}


def fresh(shipments: Iterable[Shipment], *, baseline: str) -> dict[int, Callable[[], facts.Shipment]]:
    """The facts of shipments that have none kept, as a run would be given them now. Built when called: it may fail."""
    of = {shipment.current_id: shipment.pk for shipment in shipments}
    if not of:
        return {}
    wanted = ShipmentRevision.objects.filter(pk__in=[revision for revision in of if revision])
    revisions = list(wanted.select_related("shipment"))
    in_force = Snapshot.objects.filter(hash=baseline).first()
    stale = snapshots.stale_lists(in_force, timezone.localdate()) if in_force else ()
    held = records.held(*revisions)
    return {of[revision.pk]: partial(records.fresh, revision, held=held, stale=stale) for revision in revisions}


def _known(shipments: Iterable[Shipment], *, baseline: str, given: Container[int]) -> dict[int, Verdict]:
    """The stored verdicts of shipments whose latest run was made by exactly this policy and this engine."""
    made = (baseline, engine.ENGINE_VERSION)
    runs = {
        run.pk: (shipment.pk, run.outcome)
        for shipment in shipments
        if (run := shipment.latest_run) and (run.snapshot_hash, run.engine_version) == made and shipment.pk in given
    }
    said: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    found = Finding.objects.filter(run__in=list(runs)).order_by()
    for run_id, rule, subject, effect in found.values_list("run_id", "rule", "subject", "effect"):
        said[run_id].add((rule, subject, effect))
    return {shipment: Verdict(outcome, frozenset(said[run])) for run, (shipment, outcome) in runs.items()}
