"""What an exporter reads of its own organisation's precedents: which code, by which statement, until when.

Never who confirmed them and why, which is for officers and auditors, and nothing of other organisations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from screening.lookup import NoPolicy
from screening.models import Precedent, Shipment
from screening.precedents.finding import find_all
from screening.precedents.lists import in_force


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A valid classification of like goods of the same organisation; no other columns leave the authority."""

    description: str
    code: str
    considered: str
    statement_number: str
    statement_on: date | None
    until: date


def of_shipment(shipment: Shipment) -> Mapping[int, Sequence[Disclosed]]:
    """By line, those lines alone that have any. Nothing while there is no policy to judge by."""
    owner = shipment.organisation
    if not owner.precedents.filter(withdrawn_at=None).exists():
        return {}
    try:
        goods = in_force().goods
    except NoPolicy:
        return {}
    lines = list(shipment.lines.all())
    found = find_all(lines, organisation=owner, goods=goods, on=timezone.localdate(), own=True)
    told = {number: [_told(item.precedent) for item in items if item.valid] for number, items in found.items()}
    return {number: list(dict.fromkeys(rows)) for number, rows in sorted(told.items()) if rows}


def _told(row: Precedent) -> Disclosed:
    """With the last day that counts, be it that of the statement."""
    until = min(row.until, row.statement_until or row.until)
    return Disclosed(row.description, row.code, row.considered, row.statement_number, row.statement_on, until)
