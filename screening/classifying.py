"""How goods would be classified: lines as they are typed, a shipment's line with other parameters. Stores nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine import facts
from policies.engine.policy import Policy
from policies.engine.screen import classified
from screening import payload
from screening.lookup import NoPolicy
from screening.models import Shipment
from screening.payload import FieldError

Answers = Mapping[str, str | float | bool]
# What a run of an older engine did not say.
BLANK: dict[str, Any] = {
    "declared": "",
    "entries": [],
    "candidates": [],
    "card": {"sources": [], "pairs": []},
    "questions": [],
    "notes": [],
    "mismatch": [],
    "unknown_code": False,
}


class NoSuchLine(Exception):
    """The shipment has no line of that number."""


def as_entered(raw: Mapping[str, Any]) -> tuple[dict[int, dict[str, Any]], list[FieldError]]:
    """The classification of each line of a payload by its place from 1, by the policy in force.

    The payload need not be complete. Lines with a mistake are not classified. Raises `NoPolicy`.
    """
    given, errors = payload.clean_goods(raw)
    asked = facts.read(given, received_on=timezone.localdate())
    return {row["line"]: row for row in classified(asked, _in_force())}, errors


def what_if(shipment: Shipment, number: int, answers: Answers) -> dict[str, Any]:
    """The classification of a line if it had these parameters too, by facts and policy of its last run.

    By the policy in force where no run has finished. The shipment must be loaded with revision and run.
    Raises `NoSuchLine` or `NoPolicy`.
    """
    run = shipment.latest_run
    if run is not None and run.facts:
        known, policy = facts.restore(run.facts), _load(run.snapshot_hash)
    else:
        declared = shipment.current.payload if shipment.current else {}
        known, policy = facts.read(declared, received_on=timezone.localdate()), _in_force()
    line = next((line for line in known.lines if line.number == number), None)
    if line is None:
        raise NoSuchLine
    answered = replace(line, attributes=tuple(sorted({**dict(line.attributes), **answers}.items())))
    (row,) = classified(replace(known, lines=(answered,)), policy)
    return row


def _in_force() -> Policy:
    snapshot = snapshots.current()
    if snapshot is None:
        raise NoPolicy(_("No policy has been published yet, so goods cannot be classified."))
    return _load(snapshot.hash)


def _load(hash: str) -> Policy:
    try:
        return snapshots.load(hash)
    except snapshots.SnapshotError as error:
        raise NoPolicy(str(error)) from error
