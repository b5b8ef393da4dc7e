"""The facts of a shipment from what is stored about it: what a run was given, or the payload and the records held."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from policies.engine import facts
from policies.engine.match.dismissals import party_digest
from screening.models import Dismissal, Licence, Run, RunState, ShipmentRevision

Dismissals = Mapping[int, Sequence[facts.Dismissal]]  # by organisation


@dataclass(frozen=True, slots=True)
class Held:
    """The records that bear on revisions: licences by number, and the dismissals of their organisations on a day."""

    licences: Mapping[str, facts.Licence]
    dismissals: Dismissals
    on: date


def kept(run: Run | None) -> facts.Shipment | None:
    """What a finished run was given. `None` for another run, and for one whose facts cannot be read any more."""
    if run is None or run.state != RunState.FINISHED:
        return None
    return restored(run.facts or {})


def restored(stored: Mapping[str, Any]) -> facts.Shipment | None:
    """The facts that `facts.as_dict` gave, or `None` when they are not of that shape."""
    try:
        return facts.restore(stored)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def fresh(revision: ShipmentRevision, *, held: Held, stale: Sequence[str] = ()) -> facts.Shipment:
    """What a run of this revision would be given, with the licences of `held` that it names and the dismissals."""
    given = facts.read(
        revision.payload,
        licences=[held.licences[number] for number in sorted(_named(revision)) if number in held.licences],
        stale_lists=stale,
        received_on=timezone.localdate(revision.submitted_at),
    )
    return with_dismissals(given, held.dismissals.get(revision.shipment.organisation_id, ()), on=held.on)


def held(*revisions: ShipmentRevision, on: date | None = None) -> Held:
    """The records on which screenings of revisions depend, as of today or another day; two queries for all of them."""
    on = on or timezone.localdate()
    numbers = {number for revision in revisions for number in _named(revision)}
    rows = Licence.objects.filter(number__in=numbers) if numbers else ()
    return Held(
        licences={row.number: licence(row) for row in rows},
        dismissals=dismissals((revision.shipment.organisation_id for revision in revisions), on=on),
        on=on,
    )


def dismissals(organisations: Iterable[int], *, on: date) -> Dismissals:
    """The dismissals in force when a day ended, those that wait for a second person too: the engine knows which count.

    One that was reopened on the day was not in force when it ended.
    """
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    given = Dismissal.objects.filter(organisation__in=set(organisations), at__lt=end, expires_on__gte=on)
    rows = given.exclude(reopened_at__lt=end).exclude(replaced_at__lt=end).select_related("by", "confirmed_by")
    found: dict[int, list[facts.Dismissal]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.organisation_id].append(dismissal(row, before=end))
    return dict(found)


def with_dismissals(given: facts.Shipment, known: Sequence[facts.Dismissal], *, on: date) -> facts.Shipment:
    """The facts with those of its organisation's dismissals that are about its parties."""
    parties = {party_digest(party) for party in given.parties} if known else set()
    about = tuple(item for item in known if item.party in parties)
    return replace(given, dismissals=about, screened_on=on if about else None)


def _named(revision: ShipmentRevision) -> set[str]:
    """The numbers of the licences that a payload declares."""
    declarations = revision.payload.get("declarations", {})
    return {declarations.get("licence", ""), declarations.get("initial_licence", "")} - {""}


def licence(row: Licence) -> facts.Licence:
    """A licence on record as the engine reads it."""
    return facts.Licence(
        number=row.number,
        exporter=row.exporter,
        end_user=row.end_user,
        destination=row.destination,
        code=row.code,
        quantity=float(row.quantity),
        unit=row.unit,
        value_eur=float(row.value_eur),
        used_quantity=float(row.used_quantity),
        used_value_eur=float(row.used_value_eur),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=row.state,
    )


def dismissal(row: Dismissal, *, before: datetime) -> facts.Dismissal:
    """A dismissal on record as the engine reads it, confirmed only if it was by then."""
    confirmed = row.confirmed_by if row.confirmed_at and row.confirmed_at < before else None
    return facts.Dismissal(
        number=row.pk,
        party=row.party_digest,
        list=row.list,
        entry=row.entry,
        entry_digest=row.entry_digest,
        match=row.match,
        reason=row.reason,
        because=row.because,
        by=str(row.by),
        on=timezone.localdate(row.at),
        expires=row.expires_on,
        confirmed_by=str(confirmed) if confirmed else "",
    )
