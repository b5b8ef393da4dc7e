"""The canonical form of a list's rows: what a digest names, whatever the order and bytes of the publisher's file.

One row a line as JSON with sorted keys, the lines sorted by id; what is a set in a party entry (its aliases, its
addresses) is sorted too. Publishers have rewritten thousands of entries by order alone; those are no changes.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]
# In lists of parties whatever has several values is a set: publishers order it anew at will.
_UNORDERED = frozenset({"parties", "ownership", "denials"})
_KEYS = ("id", "code")
# What names a row for people where neither id nor code does. The order of rows, and so the digest, is by `key` alone.
NAMES = {
    "agents": ("code", "agent"),
    "chemicals": ("code", "cas", "name"),
    "embargoes": ("target",),
    "hs_groups": ("group", "hs"),
    "legal_forms": ("form",),
    "name_words": ("word", "role", "of"),
    "chemical_names": ("code", "name", "language"),
    "designations": ("pattern",),
    "glossary": ("term", "language"),
    "goods_terms": ("code", "term", "language"),
    "ordinary_goods": ("term", "language"),
    "parameters": ("code", "case", "parameter", "operator"),
    "relations": ("code", "kind", "phase"),
    "synonyms": ("concept",),
    "units": ("spelling",),
    "phrases": ("code", "phrase"),
    "settings": ("name",),
    "terms": ("list", "language", "term"),
}
# The first of these that a row holds is its title for people.
TITLES = (
    *("title", "name", "heading", "term", "phrase", "owned", "end_user", "pattern", "spelling", "concept"),
    *("parameter", "agent", "word", "form", "target", "value"),
)
LARGEST = 200_000_000  # characters of all rows of a list; the largest list of today has about 30 million


class ContentError(Exception):
    """Stored content is not what its digest says, or rows cannot be written down; the message says which."""


@dataclass(frozen=True)
class Content:
    """Rows as sorted (key, JSON) pairs. `key` is the row's id or code, or empty."""

    kind: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        return len(self.pairs)

    @cached_property
    def text(self) -> bytes:
        return "\n".join(line for _key, line in self.pairs).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of kind and rows."""
        return _digest(self.kind, self.text)

    def packed(self) -> bytes:
        """The text as an edition keeps it."""
        return zlib.compress(self.text, 6)

    def repeated(self) -> list[str]:
        """Keys that stand more than once."""
        return sorted(repeated(key for key, _line in self.pairs))

    def changes(self, earlier: "Content | None") -> dict[str, int]:
        """How many rows were added, removed and changed against an earlier edition, paired as `named` does."""
        after, before = self._by_name(), earlier._by_name() if earlier else ()
        twice = repeated(key for key, _line in before) | repeated(key for key, _line in after)
        old, new = named(before, twice), named(after, twice)
        changed = sum(1 for name in old.keys() & new.keys() if old[name] != new[name])
        return {"added": len(new.keys() - old.keys()), "removed": len(old.keys() - new.keys()), "changed": changed}

    def _by_name(self) -> tuple[tuple[str, str], ...]:
        if self.kind not in NAMES and self.kind != "reference":
            return self.pairs
        return tuple((name(self.kind, json.loads(line)), line) for _key, line in self.pairs)


Name = tuple[str, str, int]


def repeated(keys: Iterable[str]) -> set[str]:
    """The keys that stand more than once; the empty one, of rows without a key, is none."""
    return {key for key, number in Counter(keys).items() if key and number > 1}


def named(pairs: Iterable[tuple[str, str]], twice: Collection[str]) -> dict[Name, str]:
    """Rows, as (key, JSON) pairs, by what pairs them with the rows of another edition: `(key, JSON, number)`.

    The key alone where it names one row; where it is empty or one of `twice`, the content, and which of equal rows.
    """
    seen: Counter[str] = Counter()
    found: dict[Name, str] = {}
    for key, line in pairs:
        if key and key not in twice:
            found[key, "", 0] = line
        else:
            seen[line] += 1
            found[key, line, seen[line]] = line
    return found


def prepare(kind: str, rows: Iterable[Row]) -> Content:
    """Bring rows into canonical form.

    Raises `ContentError` for a value that is neither text, number, date nor list, and for more than `LARGEST`.
    """
    return Content(kind, tuple(sorted(_pairs(kind, rows))))


def unpack(kind: str, packed: bytes, *, digest: str) -> list[dict[str, Any]]:
    """The rows of an edition. Raises `ContentError` when they are not exactly what the digest names."""
    text = check(kind, packed, digest=digest)
    try:
        return [json.loads(line) for line in text.decode().split("\n")] if text else []
    except ValueError as error:
        raise ContentError(f"the stored rows cannot be read ({error})") from error


def check(kind: str, packed: bytes, *, digest: str) -> bytes:
    """The text of an edition. Raises `ContentError` when it is not exactly what the digest names."""
    try:
        text = zlib.decompress(packed)
    except zlib.error as error:
        raise ContentError(f"the stored rows cannot be read ({error})") from error
    if (found := _digest(kind, text)) != digest:
        raise ContentError(f"the stored rows have the digest {found[:12]}, expected {digest[:12]}")
    return text


def rows(content: Content) -> Iterator[dict[str, Any]]:
    """The rows as plain values, one at a time."""
    return (json.loads(line) for _key, line in content.pairs)


def _pairs(kind: str, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    size = 0
    for row in rows:
        line = _line(kind, row)
        size += len(line)
        if size > LARGEST:
            raise ContentError(f"the rows have more than {LARGEST} characters; this is another list, or several in one")
        yield key(row), line


def _digest(kind: str, text: bytes) -> str:
    return hashlib.sha256(kind.encode() + b"\n" + text).hexdigest()


def key(row: Row) -> str:
    """What names a row within its list: its id or code, or empty."""
    return next((str(row[name]) for name in _KEYS if row.get(name)), "")


def name(kind: str, row: Row) -> str:
    """What pairs a row with the same row of another edition: its key, or the fields that name it in a list of its kind.

    >>> name("settings", {"name": "denial_years", "value": 3}), name("goods", {"code": "3A001"})
    ('denial_years', '3A001')
    """
    if kind == "reference":
        return key(row) or str(row.get("concept") or row.get("section") or "")
    columns = NAMES.get(kind)
    return " / ".join(str(row.get(column) or "-") for column in columns) if columns else key(row)


def _line(kind: str, row: Row) -> str:
    plain = {name: _sorted(value) if kind in _UNORDERED else value for name, value in row.items()}
    try:
        return json.dumps(
            plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
        )
    except (TypeError, ValueError) as error:
        raise ContentError(f"row {key(row) or '(no id)'}: {error}") from error


def _sorted(value: Any) -> Any:
    return sorted(value, key=_rank) if isinstance(value, (list, tuple)) else value


def _rank(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a value of type {type(value).__name__} cannot be kept in a list")
