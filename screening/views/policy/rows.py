"""Rows of lists as pages show them: a name, what else they say, and what a change did to each field."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policies import content
from policies.diffs import Change

Row = Mapping[str, Any]
PAGE = 50
KEYS = ("id", "code")
LONGEST = 400


def shown(row: Row) -> dict[str, Any]:
    """Key, title and the other fields that hold something, in words."""
    name = next((name for name in content.TITLES if row.get(name)), "")
    rest = [(field_name(key), text(value)) for key, value in row.items() if key not in (*KEYS, name) and _holds(value)]
    return {"key": content.key(row), "title": text(row.get(name, "")), "details": rest}


def shown_change(what: str, row: Row | Change) -> dict[str, Any]:
    """One entry of a difference: a row that came or went, or one that changed with its fields before and after."""
    if not isinstance(row, Change):
        return {"what": what, **shown(row)}
    fields = {name: (row.before.get(name), row.after.get(name)) for name in row.fields}
    return {"what": what, "key": row.key, "title": shown(row.after)["title"], "fields": field_changes(fields)}


def field_changes(fields: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """`{name: (before, after)}` as rows of before and after; of what is a set in both, only what went and came."""
    return [_field_change(name, *pair) for name, pair in sorted(fields.items())]


def search(found: Iterable[Row], words: str) -> list[Row]:
    """The rows that hold every word, in any field."""
    wanted = words.casefold().split()[:8]
    return [row for row in found if not wanted or _holds_all(row, wanted)]


def field_name(name: str) -> str:
    """
    >>> field_name("valid_from")
    'valid from'
    """
    return name.replace("_", " ")


def text(value: Any) -> str:
    """A value of a row for people, shortened.

    >>> text(["a", ["imo", "1234567"]]), text(True), text({"line": {"code": "3A001"}})
    ('a, imo 1234567', 'yes', 'line: code: 3A001')
    """
    plain = _text(value)
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + " …"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{field_name(str(name))}: {_text(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(
            " ".join(map(_text, item)) if isinstance(item, list | tuple) else _text(item) for item in value
        )
    return str(value)


def _holds(value: Any) -> bool:
    return value not in (None, "", [], {}, ())


def _holds_all(row: Row, wanted: Sequence[str]) -> bool:
    everything = json.dumps(row, ensure_ascii=False, default=str).casefold()
    return all(word in everything for word in wanted)


def _field_change(name: str, before: Any, after: Any) -> dict[str, Any]:
    change: dict[str, Any] = {"name": field_name(name), "before": text(before), "after": text(after)}
    old, new = _items(before), _items(after)
    if old is not None and new is not None and len(old) + len(new) > 2:
        change["gone"] = [item for item in old if item not in new]
        change["come"] = [item for item in new if item not in old]
        change["parts"] = bool(change["gone"] or change["come"])
    return change


def _items(value: Any) -> list[str] | None:
    """The parts of what holds several: a list, or text with | between the parts. `None` for a single value.

    >>> _items("EU|NSG"), _items(["a"]), _items("one"), _items("")
    (['EU', 'NSG'], ['a'], ['one'], [])
    """
    if isinstance(value, list):
        return [text(item) for item in value]
    if value in (None, ""):
        return []
    if isinstance(value, str):
        return value.split("|") if "|" in value and "||" not in value else [value]
    return None
