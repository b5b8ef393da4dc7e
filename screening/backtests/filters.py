"""Which shipments a backtest is about: the period of receipt, direction and destination, checked before use."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import payload_checks as checks
from screening.models import Shipment

CHECKS: Mapping[str, checks.Check] = {
    "received_from": checks.day,
    "received_to": checks.day,
    "direction": checks.one_of(checks.DIRECTIONS, "direction"),
    "destination": checks.country,
}


class FilterError(Exception):
    """A filter is unknown or wrong. `errors` maps its name to a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {sentence}" for name, sentence in errors.items()))
        self.errors = errors


def clean(raw: Mapping[str, Any]) -> dict[str, str]:
    """The filters as a backtest keeps them: days as ISO text, both days included; empty ones are left out.

    >>> clean({"destination": "tr", "direction": ""})
    {'destination': 'TR'}
    """
    errors: dict[str, str] = {}
    cleaned: dict[str, str] = {}
    for name, value in raw.items():
        if name not in CHECKS:
            errors[name] = _("There is no such filter; use %(names)s.") % {"names": ", ".join(CHECKS)}
        elif value not in (None, ""):
            found: list[checks.FieldError] = []
            cleaned[name] = CHECKS[name](value, name, found)
            if found:
                errors[name] = found[0].message
    if not errors and cleaned.get("received_from", "") > cleaned.get("received_to", "9999"):
        errors["received_to"] = _("The period ends before it begins; change one of the days.")
    if errors:
        raise FilterError(errors)
    return {name: cleaned[name] for name in CHECKS if name in cleaned}


def shipments(filters: Mapping[str, str]) -> QuerySet[Shipment]:
    """The stored shipments that cleaned filters choose, in the order of their ids."""
    chosen = Shipment.objects.filter(current__isnull=False).order_by("id")
    if begins := filters.get("received_from"):
        chosen = chosen.filter(received_at__gte=_midnight(begins))
    if ends := filters.get("received_to"):
        chosen = chosen.filter(received_at__lt=_midnight(ends, days=1))
    if direction := filters.get("direction"):
        chosen = chosen.filter(direction=direction)
    if destination := filters.get("destination"):
        chosen = chosen.filter(destination=destination)
    return chosen


def _midnight(day: str, *, days: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min))
