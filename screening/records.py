"""The facts of a shipment from what is stored about it: what a run was given, or the payload and the licences held."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from policies.engine import facts
from screening.models import Licence, Run, RunState, ShipmentRevision


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


def fresh(
    revision: ShipmentRevision, *, held: Mapping[str, facts.Licence], stale: Sequence[str] = ()
) -> facts.Shipment:
    """What a run of this revision would be given now, with the licences of `held` that it names."""
    return facts.read(
        revision.payload,
        licences=[held[number] for number in sorted(_named(revision)) if number in held],
        stale_lists=stale,
        received_on=timezone.localdate(revision.submitted_at),
    )


def held(*revisions: ShipmentRevision) -> dict[str, facts.Licence]:
    """The licences on record that revisions name, by number; one query for all of them."""
    numbers = {number for revision in revisions for number in _named(revision)}
    rows = Licence.objects.filter(number__in=numbers) if numbers else ()
    return {row.number: licence(row) for row in rows}


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
