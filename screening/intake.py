"""Take a shipment in: check it, store it, write it down, and only then ask for its screening."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import audit, names, payload, permissions, runs
from screening.models import ApiToken, Line, Organisation, Party, Run, Shipment, ShipmentRevision, User
from screening.permissions import Actor


class DuplicateReference(Exception):
    """The organisation has used this reference. `existing` is the shipment that has it."""

    def __init__(self, existing: Shipment) -> None:
        super().__init__(
            _("You have already submitted a shipment with the reference “%(reference)s”.")
            % {"reference": existing.reference}
        )
        self.existing = existing


def submit(raw: object, *, by: Actor, organisation: Organisation) -> Shipment:
    """Store a shipment and queue its first run. A payload without a reference gets one.

    Raises `NotAllowed`, `payload.PayloadError` or `DuplicateReference`; then nothing is stored. When it returns, the
    shipment is safe: a broker that is down delays the screening until the sweeper finds the run.
    """
    permissions.check_submit(by, organisation)
    cleaned = payload.clean(raw)
    reference = cleaned.get("reference", "")
    _refuse_duplicate(organisation, reference)
    try:
        with transaction.atomic():
            shipment = _store(cleaned, by=by, organisation=organisation)
            names.keep(shipment, cleaned)
            run = Run.objects.create(revision=_current(shipment), queued_at=timezone.now())
            details = {"reference": shipment.reference, "revision": 1, "run": run.public_id}
            audit.record("shipment.submitted", by=by, of=shipment, details=details)
            transaction.on_commit(lambda: runs.queue(run), robust=True)
    except IntegrityError:
        _refuse_duplicate(organisation, reference)  # two at the same moment: the constraint let one through
        raise
    return shipment


def _refuse_duplicate(organisation: Organisation, reference: str) -> None:
    existing = Shipment.objects.filter(organisation=organisation, reference=reference).first() if reference else None
    if existing:
        raise DuplicateReference(existing)


def _store(cleaned: dict[str, Any], *, by: Actor, organisation: Organisation) -> Shipment:
    shipment = Shipment(organisation=organisation, **_columns(cleaned))
    shipment.reference = shipment.reference or f"S-{shipment.public_id.hex[:12].upper()}"
    shipment.save(force_insert=True)
    shipment.current = ShipmentRevision.objects.create(
        shipment=shipment,
        number=1,
        payload=cleaned,
        submitted_by=by if isinstance(by, User) else None,
        submitted_with=by if isinstance(by, ApiToken) else None,
    )
    shipment.save(update_fields=["current"])
    Party.objects.bulk_create(_parties(shipment, cleaned.get("parties", [])))
    Line.objects.bulk_create(_lines(shipment, cleaned.get("lines", [])))
    return shipment


def _current(shipment: Shipment) -> ShipmentRevision:
    assert shipment.current is not None  # noqa: S101 - for the type checker; _store has just set it
    return shipment.current


def _columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the queue shows and sorts by, drawn from the payload."""
    names = {party["role"]: party["name"] for party in reversed(cleaned.get("parties", []))}
    value, currency = total_value(cleaned.get("lines", []))
    return {
        "reference": cleaned.get("reference", ""),
        "direction": cleaned["direction"],
        "origin": cleaned.get("origin", ""),
        "destination": cleaned.get("destination", ""),
        "shipment_date": cleaned.get("shipment_date"),
        "exporter_name": names.get("exporter") or names.get("broker") or names.get("importer", ""),
        "end_user_name": names.get("end_user") or names.get("consignee", ""),
        "total_value": value,
        "currency": currency,
    }


def total_value(lines: Sequence[dict[str, Any]]) -> tuple[Decimal | None, str]:
    """The sum of the declared values and its currency; `(None, "")` when lines differ in currency or lack a value.

    >>> total_value([{"value": 1.5, "currency": "EUR"}, {"value": 2, "currency": "EUR"}])
    (Decimal('3.5'), 'EUR')
    """
    currencies = {line.get("currency", "") for line in lines}
    values = [_decimal(line.get("value")) for line in lines]
    known = [value for value in values if value is not None]
    if len(currencies) != 1 or len(known) != len(values):
        return None, ""
    return sum(known, Decimal(0)), currencies.pop()


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _parties(shipment: Shipment, rows: Sequence[dict[str, Any]]) -> list[Party]:
    return [
        Party(
            shipment=shipment,
            position=position,
            role=row["role"],
            name=row["name"],
            country=row.get("country", ""),
            type=row.get("type", ""),
        )
        for position, row in enumerate(rows, start=1)
    ]


def _lines(shipment: Shipment, rows: Sequence[dict[str, Any]]) -> list[Line]:
    texts = ("description", "control_code", "hs_code", "cas_number", "unit", "currency")
    return [
        Line(
            shipment=shipment,
            number=row["number"],
            quantity=_decimal(row.get("quantity")),
            value=_decimal(row.get("value")),
            **{column: row.get(column, "") for column in texts},
        )
        for row in rows
    ]
