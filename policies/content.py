"""The canonical form of a list's rows: what a digest names, whatever the order and bytes of the publisher's file.

One row a line as JSON with sorted keys, the lines sorted by id; what is a set in a party entry (its aliases, its
addresses) is sorted too. Publishers have rewritten thousands of entries by order alone; those are no changes.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]
_SETS = ("aliases", "weak", "countries", "addresses", "identifiers", "births")
_KEYS = ("id", "code")


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
        return sorted(key for key, number in Counter(key for key, _line in self.pairs).items() if key and number > 1)

    def changes(self, earlier: "Content | None") -> dict[str, int]:
        """Rows added, removed and changed against an earlier edition, by key (by content where rows have no key)."""
        old, new = (_by_key(content) for content in (earlier, self))
        changed = sum(1 for key in old.keys() & new.keys() if old[key] != new[key])
        return {"added": len(new.keys() - old.keys()), "removed": len(old.keys() - new.keys()), "changed": changed}


def prepare(kind: str, rows: Iterable[Row]) -> Content:
    """Bring rows into canonical form. Raises `ContentError` for a value that is neither text, number, date nor list."""
    return Content(kind, tuple(sorted((key(row), _line(kind, row)) for row in rows)))


def unpack(kind: str, packed: bytes, *, digest: str) -> list[dict[str, Any]]:
    """The rows of an edition. Raises `ContentError` when they are not exactly what the digest names."""
    try:
        text = zlib.decompress(packed)
        found = _digest(kind, text)
        if found != digest:
            raise ContentError(f"the stored rows have the digest {found[:12]}, expected {digest[:12]}")
        return [json.loads(line) for line in text.decode().split("\n")] if text else []
    except (zlib.error, ValueError) as error:
        raise ContentError(f"the stored rows cannot be read ({error})") from error


def rows(content: Content) -> list[dict[str, Any]]:
    """The rows as plain values."""
    return [json.loads(line) for _key, line in content.pairs]


def _digest(kind: str, text: bytes) -> str:
    return hashlib.sha256(kind.encode() + b"\n" + text).hexdigest()


def key(row: Row) -> str:
    """What names a row within its list: its id or code, or empty."""
    return next((str(row[name]) for name in _KEYS if row.get(name)), "")


def _line(kind: str, row: Row) -> str:
    plain = {name: _sorted(value) if kind == "parties" and name in _SETS else value for name, value in row.items()}
    try:
        return json.dumps(
            plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
        )
    except (TypeError, ValueError) as error:
        raise ContentError(f"row {key(row) or '(no id)'}: {error}") from error


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, (list, tuple)) else value


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a value of type {type(value).__name__} cannot be kept in a list")


def _by_key(content: Content | None) -> dict[str, str]:
    return {key or line: line for key, line in content.pairs} if content else {}
