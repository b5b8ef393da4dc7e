"""What is wrong with the facts of a rule's example: an unknown, misplaced or wrongly typed field is named."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, get_type_hints

from policies.engine import facts, lists
from policies.engine.examples import ROLES, policy_of, shipment_of, standing_roles
from policies.engine.policy import Policy
from policies.engine.read_rules import DIRECTIONS

MAX_ITEMS = 50
MAPS: dict[str, type] = {
    "line": facts.Line,
    "declarations": facts.Declarations,
    **dict.fromkeys(ROLES, facts.Party),
}
ROWS: dict[str, type] = {
    "also": facts.Party,
    "lines": facts.Line,
    "listed": lists.Listed,
    "ownership": lists.Ownership,
    "denials": lists.Denial,
    "licences": facts.Licence,
    "dismissals": facts.Dismissal,
}
PLAIN = ("origin", "destination", "final_destination", "shipment_date", "end_use", "reference")
TEXT_LISTS = ("transit_countries", "without", "stale_lists")
KNOWN = ("direction", *PLAIN, *MAPS, *ROWS, *TEXT_LISTS)
_EXTRA: dict[type, dict[str, type]] = {lists.Listed: {"country": str}}
_HINTS = {"date": date, "bool": bool, "float": float, "int": float}
_SAID = {
    str: "text, in quotes where it could be read as something else",
    bool: "true or false",
    float: "a number",
    date: "a date as YYYY-MM-DD, in quotes",
    list: f"a list of texts, at most {MAX_ITEMS}",
    dict: "named values",
}


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
        elif name in MAPS:
            yield from _map(name, value, MAPS[name], "role" if name in ROLES else "")
        elif name in ROWS:
            yield from _rows(name, value, ROWS[name])
        else:
            yield from _value(name, value, list if name in TEXT_LISTS else date if name == "shipment_date" else str)
    for name in ROLES:
        if name in patch and name not in standing_roles(direction):
            yield f"a shipment of direction {direction} has no {name} by itself; add one under also."
    if "line" in patch and "lines" in patch:
        yield "give line or lines, not both."


def _rows(name: str, value: Any, shape: type) -> Iterator[str]:
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        yield f"{name} must be a list, at most {MAX_ITEMS} long."
        return
    for number, item in enumerate(value, start=1):
        yield from _map(f"{name} {number}", item, shape)


def _map(name: str, value: Any, shape: type, fixed: str = "") -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{name} must have named fields."
        return
    known = {field: kind for field, kind in _kinds(shape).items() if field != fixed}
    for field, item in value.items():
        if field not in known:
            yield f"{name} has no field {field}; known are {', '.join(sorted(known))}."
        elif field == "owners":
            yield from _rows(f"{name}, owners", item, facts.Owner)
        else:
            yield from _value(f"{name}, {field}", item, known[field])


def _value(name: str, value: Any, kind: type) -> Iterator[str]:
    if not _fits(value, kind):
        yield f"{name} must be {_SAID[kind]}."


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15)
    if kind is date:
        return _is_day(value)
    if kind is list:
        return _is_texts(value)
    if kind is dict:
        return isinstance(value, Mapping) and all(isinstance(item, str | float | int) for item in value.values())
    return isinstance(value, kind)


def _is_day(value: Any) -> bool:
    """Whether it is a date, or nothing: an example may leave a date out."""
    try:
        return value in (None, "") or isinstance(value, date) or date.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MAX_ITEMS and all(isinstance(item, str) for item in value)


@cache
def _kinds(shape: type) -> dict[str, type]:
    """The fields of a record with the kind of value that an example gives for them."""
    found: dict[str, type] = {}
    for name, hint in get_type_hints(shape).items():
        text = str(hint)
        named = (name == "identifiers" and shape is facts.Party) or name == "attributes"
        pairs = "tuple[tuple" in text
        found[name] = dict if named else object if pairs else _kind(text)
    return found | _EXTRA.get(shape, {})


def _kind(hint: str) -> type:
    if hint.startswith("tuple"):
        return list
    return next((kind for word, kind in _HINTS.items() if word in hint), str)
