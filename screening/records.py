"""The facts of a shipment from what is stored about it: what a run was given, or the payload and the licences held."""

from collections.abc import Iterable, Mapping, Sequence
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


def fresh(revisions: Iterable[ShipmentRevision], *, stale: Sequence[str]) -> dict[int, facts.Shipment]:
    """What a run would be given now, by the id of the revision; one query for all the licences that they name."""
    listed = list(revisions)
    held = _held({number for revision in listed for number in _named(revision.payload)})
    return {
        revision.pk: facts.read(
            revision.payload,
            licences=[held[number] for number in sorted(_named(revision.payload)) if number in held],
            stale_lists=stale,
            received_on=timezone.localdate(revision.submitted_at),
        )
        for revision in listed
    }


def _named(payload: Mapping[str, Any]) -> set[str]:
    """The numbers of the licences that a payload declares."""
    declarations = payload.get("declarations", {})
    return {declarations.get("licence", ""), declarations.get("initial_licence", "")} - {""}


def _held(numbers: set[str]) -> dict[str, facts.Licence]:
    rows = Licence.objects.filter(number__in=numbers) if numbers else ()
    return {row.number: licence(row) for row in rows}


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
