"""The records held about a shipment beside what was declared: licences, and the dismissals that officers gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence on record. Quantities are in `unit`, money in EUR; both dates are inclusive."""

    number: str
    exporter: str
    end_user: str
    destination: str
    code: str
    quantity: float
    unit: str
    value_eur: float
    used_quantity: float
    used_value_eur: float
    valid_from: date
    valid_to: date
    state: str = "active"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """An officer's word that a party is not the one of a list entry. `expires` is the last day on which it counts.

    `party` and `entry_digest` name exactly whom it was given for (`match.dismissals`), `match` how they met, `number`
    the record. `by` and `confirmed_by` are names for people; without the second no second person has confirmed it.
    """

    number: int
    party: str
    list: str
    entry: str
    entry_digest: str
    match: str
    reason: str
    because: str
    by: str
    on: date
    expires: date | None = None
    confirmed_by: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether a second person stands behind it."""
        return bool(self.confirmed_by)


def licence(row: Mapping[str, Any]) -> Licence:
    """A licence from its plain values."""
    return Licence(**{**row, "valid_from": day(row["valid_from"]), "valid_to": day(row["valid_to"])})


def dismissal(row: Mapping[str, Any]) -> Dismissal:
    """A dismissal from its plain values."""
    return Dismissal(**{**row, "on": day(row["on"]), "expires": day(row["expires"])})


def day(value: Any) -> date | None:
    """A date as the engine keeps it, from a date or its ISO text; nothing from nothing. Raises `ValueError`."""
    if not value:
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))
