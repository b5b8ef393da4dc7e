"""A pack as files: a folder with `catalogue.yaml` and one CSV, YAML or JSON-lines file a list.

The shipped pack is `policies/data`; an exported policy has the same shape. No database here. What comes from a folder
is not trusted: ids cannot leave it, a list stands in it once, and aliases cannot grow without end.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from policies.engine.read import Edition, PolicyError
from policies.engine.read_lists import READERS

SHIPPED = Path(__file__).parent / "data"
CATALOGUE = "catalogue.yaml"
FORMATS = (".csv", ".yaml", ".jsonl")
MOST_VALUES = 2_000_000  # values that one YAML file may unfold to
_ID = re.compile(r"[a-z]\w{0,39}/\w{1,39}", re.ASCII)
_MERGE = re.compile(rb"(?m)(?:^|[{,\s\"'-])<<[\"']?\s*:")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ListInfo:
    """One row of the catalogue: what a list is, where its facts come from and how sure they are.

    `digest` and `count` are what an export found; they inform, the rows decide.
    """

    id: str
    kind: str
    title: str
    source: str = ""
    as_of: date | None = None
    confidence: str = ""
    max_age_days: int = 0
    effect: str = ""
    publisher_url: str = ""
    count: int | None = None
    digest: str = ""


def catalogue(folder: Path = SHIPPED) -> list[ListInfo]:
    """The lists of a pack. Raises `PolicyError` when the catalogue is missing or a row of it is wrong."""
    path = folder / CATALOGUE
    try:
        found = _yaml(path)
    except OSError as error:
        raise PolicyError(f"{path} cannot be read ({error.strerror}); a pack begins with its catalogue") from error
    if not isinstance(found, list) or not found:
        raise PolicyError(f"{path}: expected a list of lists, each with id, kind and title")
    infos = [_info(path, number, row) for number, row in enumerate(found, start=1)]
    seen: set[str] = set()
    for info in infos:
        if info.id.lower() in seen:
            raise PolicyError(f"{path}: {info.id} stands there twice; take one of them out")
        seen.add(info.id.lower())
    return infos


def editions(folder: Path = SHIPPED) -> Mapping[str, Edition]:
    """Every list of a pack with its rows. Raises `PolicyError` with file and line for what cannot be read."""
    return {info.id: Edition(kind=info.kind, rows=tuple(rows(folder, info.id))) for info in catalogue(folder)}


def rows(folder: Path, list_id: str) -> Iterator[Mapping[str, Any]]:
    """The rows of one list: text by column for a CSV file, plain values for the others."""
    path = file_of(folder, list_id)
    yield from {".csv": _table, ".yaml": _tree, ".jsonl": _lines}[path.suffix](path)


def file_of(folder: Path, list_id: str) -> Path:
    """The one file that holds a list. Raises `PolicyError` when there is none, more than one, or it lies elsewhere."""
    found = [path for suffix in FORMATS if (path := folder / f"{list_id}{suffix}").exists()]
    if not found:
        names = ", ".join(f"{list_id}{suffix}" for suffix in FORMATS)
        raise PolicyError(f"{list_id}: none of {names} exists in {folder}; add the file or take the list out")
    if len(found) > 1:
        raise PolicyError(f"{list_id}: {' and '.join(path.name for path in found)} both hold it; keep one of them")
    if not found[0].resolve().is_relative_to(folder.resolve()):
        raise PolicyError(f"{list_id}: {found[0]} leads out of the folder of the pack")
    return found[0]


def strangers(folder: Path, infos: list[ListInfo]) -> list[str]:
    """Files of lists that the catalogue does not name, as paths within the folder."""
    known = {f"{info.id}{suffix}" for info in infos for suffix in FORMATS} | {CATALOGUE}
    found = {path.relative_to(folder).as_posix() for suffix in FORMATS for path in folder.rglob(f"*{suffix}")}
    return sorted(found - known)


def _info(path: Path, number: int, row: Any) -> ListInfo:
    names = {field.name for field in fields(ListInfo)}
    if not isinstance(row, dict):
        raise PolicyError(f"{path}, list {number}: expected id, kind, title and so on")
    label = f"{path}, {row.get('id') or f'list {number}'}"
    if missing := [name for name in ("id", "kind", "title") if not row.get(name)]:
        raise PolicyError(f"{label}: {', '.join(missing)} is missing")
    if unknown := set(row) - names:
        raise PolicyError(f"{label}: unknown {', '.join(sorted(map(str, unknown)))}; use {', '.join(sorted(names))}")
    if not isinstance(row["id"], str) or not _ID.fullmatch(row["id"]):
        raise PolicyError(f"{label}: an id is two words with a slash, of letters, digits and _: goods/annex_i")
    if row["kind"] not in READERS:
        raise PolicyError(f"{label}: unknown kind {row['kind']!r}; use one of {', '.join(sorted(READERS))}")
    for name, kind in (("as_of", date), ("max_age_days", int), ("count", int)):
        if row.get(name) is not None and (type(row[name]) is not kind or (kind is int and row[name] < 0)):
            raise PolicyError(f"{label}: {name} must be {'a date as 2026-01-31' if kind is date else 'a whole number'}")
    for name in ("title", "source", "confidence", "effect", "publisher_url", "digest"):
        if not isinstance(row.get(name, ""), str):
            raise PolicyError(f"{label}: {name} must be text")
    return ListInfo(**row)


def _table(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            names = reader.fieldnames or []
            if not names or len(set(names)) < len(names):
                raise PolicyError(f"{path}, line 1: expected a line of column names, each once")
            for row in reader:
                if None in row or None in row.values():
                    raise PolicyError(f"{path}, line {reader.line_num}: expected {len(names)} columns")
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise PolicyError(f"{path}, line {reader.line_num}: {error}") from error


def _tree(path: Path) -> Iterator[Mapping[str, Any]]:
    content = _yaml(path)
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise PolicyError(f"{path}: expected a list of rows, each with named fields")
    yield from content


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise PolicyError(f"{path}, line {number}: {error}") from error
            if not isinstance(row, dict):
                raise PolicyError(f"{path}, line {number}: expected one row with named fields")
            yield row


def _yaml(path: Path) -> Any:
    try:
        source = path.read_bytes()
        if _MERGE.search(source):  # merged maps unfold while they are read, before anything could count them
            raise PolicyError(f"{path}: merge keys (<<) are not read; write the fields out")
        found = yaml.load(source, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where there is one
        _weigh(found, {}, path)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(f"{path}: {error}") from error
    return found


def _weigh(value: Any, known: dict[int, int], path: Path) -> int:
    """How many values a tree unfolds to. Aliases are counted each time they stand, though read once."""
    if not isinstance(value, list | dict):
        return 1
    if id(value) in known:
        weight = known[id(value)]
    else:
        known[id(value)] = MOST_VALUES + 1  # met again within itself: a tree without end
        items = value.values() if isinstance(value, dict) else value
        weight = known[id(value)] = 1 + sum(_weigh(item, known, path) for item in items)
    if weight > MOST_VALUES:
        raise PolicyError(f"{path}: its aliases unfold to more than {MOST_VALUES:,} values; write them out")
    return weight
