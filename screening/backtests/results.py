"""What came out of a backtest, how far it is, and who has looked at it."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine.lists import EFFECTS
from policies.models import Snapshot
from screening import audit, permissions
from screening.models import Backtest, BacktestChange, BacktestReading, BacktestState, User


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backtest is, in shipments; `percent` is 100 only when all of them are done."""

    done: int
    total: int
    percent: int
    failed: int


class Move(NamedTuple):
    """So many shipments with a changed result would go from one outcome to the other, or stay at it."""

    before: str
    after: str
    shipments: int


class RuleChange(NamedTuple):
    """On how many shipments a rule says something that it did not say, or no longer says what it did."""

    rule: str
    gained: int
    lost: int


class Destination(NamedTuple):
    """Changed shipments to one country; those with a stronger and those with a weaker outcome among them."""

    code: str
    changed: int
    stricter: int
    milder: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result so far. `outcomes` holds changed shipments only, those whose outcome stays and rules differ too.

    `fired` counts the shipments on which each rule of the draft fired, red flags included. `changes` is for pages:
    it is as long as there are changes. `error` is that of the first shipment that could not be judged.
    """

    outcomes: list[Move]
    rules: list[RuleChange]
    destinations: list[Destination]
    fired: dict[str, int]
    judged: int
    unchanged: int
    failed: int
    error: str
    changes: QuerySet[BacktestChange]


def progress(backtest: Backtest) -> Progress:
    counts = backtest.chunks.exclude(done_at=None).aggregate(done=Sum("shipments"), failed=Sum("failed"))
    done, total = counts["done"] or 0, backtest.total
    percent = 100 if backtest.state == BacktestState.FINISHED else min(99, 100 * done // max(total, 1))
    return Progress(done=done, total=total, percent=percent, failed=counts["failed"] or 0)


def report(backtest: Backtest) -> Report:
    """What a backtest has shown so far; rules and destinations with the most changes first."""
    fired, gained, lost = Counter[str](), Counter[str](), Counter[str]()
    judged = failed = 0
    error = ""
    done = backtest.chunks.exclude(done_at=None).order_by("number")
    for part in done.values_list("judged", "failed", "error", "fired", "gained", "lost").iterator(chunk_size=500):
        judged, failed, error = judged + part[0], failed + part[1], error or part[2]
        fired.update(part[3])
        gained.update(part[4])
        lost.update(part[5])
    moves = backtest.changes.order_by().values_list("before", "after").annotate(count=Count("pk"))
    outcomes = sorted((Move(*row) for row in moves), key=lambda move: (-move.shipments, move.before, move.after))
    rules = [RuleChange(rule, gained[rule], lost[rule]) for rule in gained.keys() | lost.keys()]
    return Report(
        outcomes=outcomes,
        rules=sorted(rules, key=lambda change: (-change.gained - change.lost, change.rule)),
        destinations=_destinations(backtest),
        fired=dict(sorted(fired.items())),
        judged=judged,
        unchanged=judged - sum(move.shipments for move in outcomes),
        failed=failed,
        error=error,
        changes=backtest.changes.select_related("shipment__organisation").order_by("id"),
    )


def seen(backtest: Backtest, by: User) -> bool:
    """Note that a person has looked at the result; `False` while there is none. Publication asks for it."""
    permissions.check_see_policy(by)
    if backtest.state != BacktestState.FINISHED:
        return False
    if not BacktestReading.objects.filter(backtest=backtest, by=by).exists():
        with transaction.atomic():
            _reading, new = BacktestReading.objects.get_or_create(backtest=backtest, by=by)
            if new:
                audit.record("backtest.seen", by=by, of=backtest)
    return True


def ready(snapshot: Snapshot) -> Backtest | None:
    """The newest finished backtest of exactly this policy against the policy that is in force now."""
    in_force = snapshots.current()
    if in_force is None:
        return None
    return _of(snapshot).filter(state=BacktestState.FINISHED, baseline_hash=in_force.hash).first()


def not_ready(snapshot: Snapshot) -> str:
    """Why there is no result that counts, and what to do; empty when `ready` gives one."""
    if ready(snapshot):
        return ""
    latest = _of(snapshot).first()
    if latest is None:
        return _("No backtest has tried this draft; start one.")
    if latest.state == BacktestState.RUNNING:
        return _("The backtest is running: %(percent)s %%.") % {"percent": progress(latest).percent}
    if latest.state == BacktestState.FINISHED:
        return _("The backtest compares with a policy that is no longer in force; start it again.")
    if latest.state == BacktestState.CANCELLED:
        return _("The backtest was cancelled; let it go on, or start a new one.")
    return _("The backtest failed: %(error)s Let it go on, or start a new one.") % {"error": latest.error}


def _of(snapshot: Snapshot) -> QuerySet[Backtest]:
    return Backtest.objects.filter(snapshot__hash=snapshot.hash).order_by("-id")


def _destinations(backtest: Backtest) -> list[Destination]:
    changed, stricter, milder = Counter[str](), Counter[str](), Counter[str]()
    rows = backtest.changes.order_by().values_list("destination", "before", "after").annotate(count=Count("pk"))
    for code, before, after, count in rows:
        changed[code] += count
        if before != after:
            (stricter if EFFECTS.index(after) > EFFECTS.index(before) else milder)[code] += count
    found = [Destination(code, changed[code], stricter[code], milder[code]) for code in changed]
    return sorted(found, key=lambda row: (-row.changed, row.code))
