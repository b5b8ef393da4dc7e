"""Precedents beside the lines of a case: looked up for all of them at once, and put on their conflict cards."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from screening.lookup import NoPolicy
from screening.models import Precedent, Shipment
from screening.precedents.evidence import on_card
from screening.precedents.finding import Found, find_all
from screening.precedents.lists import in_force

Earlier = Mapping[int, Sequence[Found]]


def of_lines(shipment: Shipment) -> Earlier:
    """By line. Nothing while there is no precedent at all, when lists need not be read, or no policy to judge by."""
    if not Precedent.objects.exists():
        return {}
    try:
        goods = in_force().goods
    except NoPolicy:
        return {}
    lines = list(shipment.lines.all())
    return find_all(lines, organisation=shipment.organisation, goods=goods, on=timezone.localdate())


def beside(row: Mapping[str, Any], found: Sequence[Found]) -> Mapping[str, Any]:
    """A classification as a run stored it, with the precedents on its card if it has one."""
    return {**row, "card": on_card(row["card"], found)} if found and "card" in row else row
