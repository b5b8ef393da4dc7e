"""One list as a file that a person can change: written from an edition, and read again row by row with its line.

CSV where rows are flat, JSON lines where they are many, else YAML. A file that comes back is not trusted: its size, its
depth and each value are bounded, aliases are refused, and a name stands once in a row.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import yaml

from policies.editions import WATCH_KINDS
from policies.engine.policy import Rule
from policies.list_reading import LONGEST_CELL
from policies.models import Edition
from policies.storage import rows as rows_of

LONG = 2_000  # nested rows from which a list is written one row a line
_FIRST = ("id", "code", "list", "group", "name", "title", "heading")
_RULE = tuple(field.name for field in fields(Rule))
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
TYPES = {".csv": "text/csv", ".yaml": "application/yaml", ".jsonl": "application/jsonl"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """An edition as a file. Its name tells list and edition: a file that comes back says what it was made from."""

    name: str
    suffix: str
    parts: Iterator[str]


def written(edition: Edition) -> Written:
    """Raises `ContentError` for an edition that is not whole."""
    rows = rows_of(edition)
    ending = suffix(edition.kind, rows)
    name = f"{edition.source_id.replace('/', '-')}-{edition.digest[:12]}{ending}"
    return Written(name, ending, parts(edition.kind, rows))


def suffix(kind: str, rows: Sequence[Row]) -> str:
    """The format that a list is written in: `.csv`, `.jsonl` or `.yaml`."""
    if flat(rows):
        return ".csv"
    return ".jsonl" if kind in WATCH_KINDS or len(rows) > LONG else ".yaml"


def parts(kind: str, rows: Sequence[Row]) -> Iterator[str]:
    """The text of a list, in pieces."""
    ending = suffix(kind, rows)
    if ending == ".csv":
        yield from _table(rows)
    elif ending == ".jsonl":
        yield from (f"{_json(row)}\n" for row in rows)
    else:
        order = _RULE if kind == "rules" else _FIRST
        yield as_yaml({name: row[name] for name in _ordered(row, order)} for row in rows)


def flat(rows: Sequence[Row]) -> bool:
    """Whether a CSV file gives exactly these rows back: the same columns in all of them, and text only."""
    return bool(rows and rows[0]) and all(
        row.keys() == rows[0].keys()
        and all(isinstance(value, str) and len(value) < LONGEST_CELL for value in row.values())
        for row in rows
    )


def as_yaml(rows: Iterable[Row]) -> str:
    text: str = yaml.dump(list(rows), Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=120)
    return text


def _table(rows: Sequence[Row]) -> Iterator[str]:
    piece = io.StringIO(newline="")
    writer = csv.DictWriter(piece, _ordered(rows[0], _FIRST), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()


def _ordered(row: Row, first: Sequence[str]) -> list[str]:
    return [*(name for name in first if name in row), *sorted(row.keys() - set(first))]


def _json(row: Row) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
