"""What differs between the rows of two editions of a list, by the key that names a row."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies import content

Row = Mapping[str, Any]
WHATS = ("added", "changed", "removed")


@dataclass(frozen=True, slots=True)
class Change:
    """A row that stands in both editions; `fields` are the names of what differs."""

    key: str
    before: Row
    after: Row
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows that only one edition has, and those that differ, each sorted by key."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "removed": len(self.removed), "changed": len(self.changed)}


def difference(before: Iterable[Row], after: Iterable[Row], *, kind: str = "") -> Difference:
    """Compare rows by `content.name` of a kind of lists. Rows without a name, and those that share one, are compared by
    content, so they are added or removed, never changed.
    """
    old_rows, new_rows = list(before), list(after)
    old_names, new_names = ([content.name(kind, row) for row in rows] for rows in (old_rows, new_rows))
    twice = content.repeated(old_names) | content.repeated(new_names)
    old, new = _named(old_names, old_rows, twice), _named(new_names, new_rows, twice)
    both = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    return Difference(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        changed=tuple(Change(name[0], old[name], new[name], _fields(old[name], new[name])) for name in both),
    )


def in_words(counts: Mapping[str, int]) -> str:
    """Counts in one order, whatever order a database keeps them in.

    >>> in_words({"changed": 1, "added": 2})
    '2 added, 0 removed, 1 changed'
    """
    return ", ".join(f"{counts.get(what, 0)} {what}" for what in ("added", "removed", "changed"))


def search(found: Difference, text: str, what: str = "") -> list[tuple[str, Row | Change]]:
    """The differing rows that hold `text` in any value, whatever its case, as `(what, row or change)`.

    `what` keeps one of added, changed, removed; an empty one keeps all.
    """
    wanted = text.strip().casefold()
    rows: list[tuple[str, Row | Change]] = [
        *(("added", row) for row in found.added),
        *(("changed", row) for row in found.changed),
        *(("removed", row) for row in found.removed),
    ]
    return [(kind, row) for kind, row in rows if (not what or kind == what) and (not wanted or wanted in _text(row))]


def _named(names: Sequence[str], rows: Sequence[Row], twice: Collection[str]) -> dict[content.Name, Row]:
    pairs = ((name, json.dumps(row, sort_keys=True, default=str)) for name, row in zip(names, rows, strict=True))
    return dict(zip(content.named(pairs, twice), rows, strict=True))


def _fields(before: Row, after: Row) -> tuple[str, ...]:
    return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))


def _text(row: Row | Change) -> str:
    rows = (row.before, row.after) if isinstance(row, Change) else (row,)
    return json.dumps([list(one.values()) for one in rows], ensure_ascii=False, default=str).casefold()
