"""What the law and the lists of another day would say of a shipment, beside what those of today say.

Both sides are `screen(facts, policy)` with the day moved: the facts of the latest run, the policy that was in force on
the day, and within it the rows and rules that are valid on the day, and the dismissals in force when it ended.
Licences and their balances are as stored.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine import facts
from policies.engine import screen as engine
from policies.engine.screen import Screening
from policies.models import Snapshot
from screening import differences, records
from screening.models import Shipment


class AsOfError(Exception):
    """The question cannot be answered; the sentence says why."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """Two answers to one shipment. `snapshot` judged `then`, `in_force` judged `today`; `note` says what to keep in
    mind. `differences` is `screening.differences.between` from `then` to `today`: empty when both say the same.
    """

    day: date
    snapshot: Snapshot
    in_force: Snapshot
    note: str
    then: Screening
    today: Screening
    differences: dict[str, Any]


def as_of(shipment: Shipment, day: date) -> AsOf:
    """Judge a shipment as on `day` and as today. Nothing is stored. Raises `AsOfError`."""
    today = timezone.localdate()
    if day > today:
        sentence = _("%(day)s is in the future, and nobody knows its law; choose a day up to today.")
        raise AsOfError(sentence % {"day": date_format(day)})
    given = _facts(shipment)
    in_force = snapshots.current()
    if in_force is None:
        raise AsOfError(_("No policy has been published yet; run manage.py install_policies first."))
    snapshot, note = (in_force, "") if day == today else _in_force_on(day)
    then = _judge(_on(given, shipment, day), snapshot, day)
    now = _judge(_on(given, shipment, today), in_force, today)
    before, after = ([finding.as_dict() for finding in screening.findings] for screening in (then, now))
    found = differences.between(before, after, outcomes=(then.outcome, now.outcome))
    return AsOf(day, snapshot, in_force, note, then, now, found)


def _facts(shipment: Shipment) -> facts.Shipment:
    """What the latest run was given, if it was of what the shipment says now; else what a run would be given."""
    run, revision = shipment.latest_run, shipment.current
    if revision is None:
        raise AsOfError(_("This shipment has no content to judge."))
    kept = records.kept(run) if run is not None and run.revision_id == revision.pk else None
    return kept or records.fresh(revision, held=records.held(revision))


def _on(given: facts.Shipment, shipment: Shipment, day: date) -> facts.Shipment:
    """The day takes the place of the declared one; a shipment without a declared day stays one without."""
    moved = replace(given, shipment_date=day) if given.shipment_date else replace(given, received_on=day)
    known = records.dismissals([shipment.organisation_id], on=day)
    return records.with_dismissals(moved, known.get(shipment.organisation_id, ()), on=day)


def _judge(given: facts.Shipment, snapshot: Snapshot, day: date) -> Screening:
    stale = tuple(snapshots.stale_lists(snapshot, day))
    try:
        policy = snapshots.load(snapshot.hash)
    except snapshots.SnapshotError as error:
        raise AsOfError(
            _("The policy of %(day)s cannot be read. %(error)s") % {"day": date_format(day), "error": error}
        ) from error
    return engine.screen(replace(given, stale_lists=stale), policy)


def _in_force_on(day: date) -> tuple[Snapshot, str]:
    """The snapshot that was in force when the day ended; before the first, the first, with a note."""
    if found := snapshots.on(_midnight(day + timedelta(days=1)) - timedelta(microseconds=1)):
        return found, ""
    first = Snapshot.objects.filter(in_force_from__isnull=False).order_by("in_force_from", "id").first()
    if first is None or first.in_force_from is None:
        raise AsOfError(_("No policy has been published yet; run manage.py install_policies first."))
    note = _("Policies are kept since %(since)s only. The first one was asked for what it says is law on %(day)s.")
    return first, note % {"since": date_format(timezone.localdate(first.in_force_from)), "day": date_format(day)}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
