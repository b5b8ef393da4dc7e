"""What is wrong with the facts of a rule's example: an unknown or misplaced field is an error that names it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from policies.engine import facts, lists
from policies.engine.examples import ROLES, policy_of, shipment_of, standing_roles
from policies.engine.policy import Policy
from policies.engine.read_rules import DIRECTIONS


def _names(shape: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(shape))


MAX_ITEMS = 50
PARTY = _names(facts.Party)
LINE = _names(facts.Line)
PLAIN = ("origin", "destination", "final_destination", "shipment_date", "end_use", "reference")
LISTED = _names(lists.Listed) | {"country"}
ROWS = {
    "also": PARTY,
    "lines": LINE,
    "listed": LISTED,
    "ownership": _names(lists.Ownership),
    "denials": _names(lists.Denial),
    "licences": _names(facts.Licence),
}
MAPS = {"line": LINE, "declarations": _names(facts.Declarations), **dict.fromkeys(ROLES, PARTY - {"role"})}
TEXT_LISTS = ("transit_countries", "without", "stale_lists")
KNOWN = ("direction", *PLAIN, *MAPS, *ROWS, *TEXT_LISTS)
_DATES = "YYYY-MM-DD"


def mistakes(patch: Any) -> Iterator[str]:
    """Sentences, none when the example can be tried."""
    if not isinstance(patch, Mapping):
        yield "write fields and values."
        return
    found = list(_of_fields(patch))
    yield from found
    if found:
        return
    try:
        shipment_of(patch)
        policy_of(patch, Policy())
    except KeyError as error:
        yield f"the field {error.args[0]} is missing."
    except (AttributeError, TypeError, ValueError) as error:
        yield f"its values cannot be read ({error})."


def _of_fields(patch: Mapping[str, Any]) -> Iterator[str]:
    direction = patch.get("direction", "export")
    if direction not in DIRECTIONS:
        yield f"the direction {direction!r} is not known; use one of {', '.join(DIRECTIONS)}."
        return
    for name, value in patch.items():
        if name not in KNOWN:
            yield f"there is no field {name}; known are {', '.join(KNOWN)}."
        elif name in PLAIN and not isinstance(value, str):
            yield f"{name} must be text (a date as {_DATES} in quotes)."
        elif name in TEXT_LISTS and not _texts(value):
            yield f"{name} must be a list of texts, at most {MAX_ITEMS}."
        elif name in MAPS:
            yield from _unknown(name, value, MAPS[name])
        elif name in ROWS:
            yield from _rows(name, value, ROWS[name])
    standing = standing_roles(direction)
    for name in ROLES:
        if name in patch and name not in standing:
            yield f"a shipment of direction {direction} has no {name} by itself; add one under also."
    if "line" in patch and "lines" in patch:
        yield "give line or lines, not both."


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MAX_ITEMS and all(isinstance(item, str) for item in value)


def _rows(name: str, value: Any, known: Collection[str]) -> Iterator[str]:
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        yield f"{name} must be a list, at most {MAX_ITEMS} long."
        return
    for number, item in enumerate(value, start=1):
        yield from _unknown(f"{name} {number}", item, known)


def _unknown(name: str, value: Any, known: Collection[str]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{name} must have named fields."
        return
    for field in value:
        if field not in known:
            yield f"{name} has no field {field}; known are {', '.join(sorted(known))}."
