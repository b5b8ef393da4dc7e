"""What the law and the lists of another day would say of a shipment, beside what those of today say.

Both sides are `screen(facts, policy)` with the day moved: the facts of the latest run, the policy that was in force on
the day, and within it the rows and rules that are valid on the day. Licences and their balances are as stored.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine import facts
from policies.engine import screen as engine
from policies.engine.screen import Screening
from policies.models import Snapshot
from screening import records
from screening.models import Shipment


class AsOfError(Exception):
    """The question cannot be answered; the sentence says why."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """Two answers to one shipment. `snapshot` judged `then`, `in_force` judged `today`; `note` says what to keep in
    mind. `differences` has the shape of `screening.differences.between`, from `then` to `today`.
    """

    day: date
    snapshot: Snapshot
    in_force: Snapshot
    note: str
    then: Screening
    today: Screening
    differences: dict[str, Any]


def as_of(shipment: Shipment, day: date) -> AsOf:
    """Judge a shipment as on `day` and as today. Raises `AsOfError`, or `SnapshotError` for a policy that is lost."""
    today = timezone.localdate()
    in_force = snapshots.current()
    if in_force is None:
        raise AsOfError(_("No policy has been published yet; run manage.py install_policies first."))
    if day > today:
        raise AsOfError(
            _("%(day)s is in the future, and nobody knows its law; choose a day up to today.") % {"day": day}
        )
    given = _facts(shipment)
    snapshot, note = _in_force_on(day) if day < today else (in_force, "")
    then = _judge(given, snapshot, day)
    now = _judge(given, in_force, today)
    return AsOf(day, snapshot, in_force, note, then, now, _between(then, now))


def _facts(shipment: Shipment) -> facts.Shipment:
    run, revision = shipment.latest_run, shipment.current
    if revision is None:
        raise AsOfError(_("This shipment has no content to judge."))
    found = records.kept(run) if run is not None and run.revision_id == revision.pk else None
    return found or records.fresh(revision, held=records.held(revision))


def _judge(given: facts.Shipment, snapshot: Snapshot, day: date) -> Screening:
    """The day takes the place of the declared one; a shipment without a declared day stays one without."""
    moved = replace(given, shipment_date=day) if given.shipment_date else replace(given, received_on=day)
    stale = tuple(snapshots.stale_lists(snapshot, day))
    return engine.screen(replace(moved, stale_lists=stale), snapshots.load(snapshot.hash))


def _in_force_on(day: date) -> tuple[Snapshot, str]:
    """The last snapshot that came into force up to the end of the day; before the first, the first."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    known = Snapshot.objects.filter(in_force_from__isnull=False).order_by("in_force_from", "id")
    if found := known.filter(in_force_from__lt=end).last():
        return found, ""
    first = known.first()
    if first is None or first.in_force_from is None:
        raise AsOfError(_("No policy has been published yet; run manage.py install_policies first."))
    since = timezone.localdate(first.in_force_from)
    note = _("Policies are known since %(since)s only; the first of them judged this day by its dates of validity.")
    return first, note % {"since": since}


def _between(then: Screening, now: Screening) -> dict[str, Any]:
    before = {(one.rule, one.subject): one.as_dict() for one in then.findings}
    after = {(one.rule, one.subject): one.as_dict() for one in now.findings}
    return {
        "outcome": [then.outcome, now.outcome],
        "added": [after[key] for key in after.keys() - before.keys()],
        "removed": [before[key] for key in before.keys() - after.keys()],
        "changed": [after[key] for key in after.keys() & before.keys() if after[key] != before[key]],
    }
