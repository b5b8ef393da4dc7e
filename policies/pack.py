"""The pack as files: a folder with `catalogue.yaml` and one CSV or YAML file a list, read into editions.

The shipped pack is `policies/data`. No database here: commands, tests and the publication of the first snapshot use it.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from policies.engine.read import Edition, PolicyError

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ListInfo:
    """One row of the catalogue: what a list is, where its facts come from and how sure they are."""

    id: str
    kind: str
    title: str
    source: str
    as_of: date
    confidence: str
    max_age_days: int = 0


def catalogue(folder: Path = SHIPPED) -> list[ListInfo]:
    """The lists of a pack. Raises `PolicyError` when the catalogue is missing or a row is wrong."""
    path = folder / "catalogue.yaml"
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [ListInfo(**row) for row in rows]
    except (OSError, TypeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: {error}") from error


def editions(folder: Path = SHIPPED) -> Mapping[str, Edition]:
    """Every list of a pack with its rows. Raises `PolicyError` with file and line for what cannot be read."""
    return {info.id: Edition(kind=info.kind, rows=tuple(rows(folder, info.id))) for info in catalogue(folder)}


def rows(folder: Path, list_id: str) -> Iterator[Mapping[str, Any]]:
    """The rows of one list: text by column for a CSV file, plain values for a YAML file."""
    base = folder / list_id
    table, tree = base.with_suffix(".csv"), base.with_suffix(".yaml")
    if table.exists():
        yield from _table(table)
    elif tree.exists():
        yield from _tree(tree)
    else:
        raise PolicyError(
            f"{list_id}: neither {table} nor {tree} exists; add the file or take the list out of the catalogue"
        )


def _table(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            for row in reader:
                if None in row or None in row.values():
                    raise PolicyError(
                        f"{path}, line {reader.line_num}: expected {len(reader.fieldnames or [])} columns"
                    )
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise PolicyError(f"{path}, line {reader.line_num}: {error}") from error


def _tree(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise PolicyError(f"{path}: expected a list of rows, each with named fields")
    yield from content
