"""What the lists of an authority's own share: CSV or XLSX with a documented set of columns (docs/own-lists.md).

CSV is UTF-8, comma-separated, with a header row; XLSX is read from its first sheet. Columns stand in any order. A row
that is wrong refuses the file: it is ours to correct.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policies.importers.shape import ARCHIVE, ListFile, ListFileError, Report
from policies.importers.tables import Table
from policies.importers.workbooks import Workbook

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
Sheet = Table | Workbook
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an own list, as the documentation describes it."""

    name: str
    meaning: str
    required: bool = False


def opened(file: ListFile, columns: Sequence[Column], *, what: str) -> Sheet:
    """The sheet of a file. Raises `ListFileError` for an unknown, missing or doubled column."""
    required = [column.name for column in columns if column.required]
    file.stream.seek(0)
    start = file.stream.read(4)
    if start == OLD_WORKBOOK:
        message = "an old or password-protected workbook; save it as XLSX or CSV, without a password"
        raise ListFileError(message, file=file.name)
    kind = Workbook if start == ARCHIVE else Table
    sheet: Sheet = kind(file, required=required, what=what)
    known = [column.name for column in columns]
    if unknown := [name for name in sheet.header if name not in known]:
        raise sheet.error(f"unknown column {unknown[0][:40]!r}; known are {', '.join(known)}")
    return sheet


def rows(sheet: Sheet, columns: Sequence[Column], report: Report) -> Iterator[Fields]:
    """Every row with every column, empty where the file has none. Raises `ListFileError` for a missing value."""
    for row in sheet:
        report.read["rows"] += 1
        fields = dict.fromkeys((column.name for column in columns), "") | row
        for column in columns:
            if column.required and not fields[column.name]:
                raise sheet.error(f"{column.name} is empty", column=column.name)
        yield fields


def once(value: str, seen: set[str], sheet: Sheet, *, column: str) -> str:
    """A key that may stand once in the file."""
    if value in seen:
        raise sheet.error(f"the {column} {value!r} stands twice", column=column)
    seen.add(value)
    return value


def one_of(value: str, allowed: Sequence[str], sheet: Sheet, *, column: str) -> str:
    """One of some words, or nothing."""
    if value and value not in allowed:
        message = f"unknown {column} {value!r}; use one of {', '.join(allowed)}, or leave it empty"
        raise sheet.error(message, column=column)
    return value


def day(value: str, sheet: Sheet, *, column: str) -> str:
    """An ISO date, or nothing."""
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise sheet.error(f"{column} {value!r} is no date; write 2026-02-27", column=column) from None


def country(name: str, sheet: Sheet, report: Report, *, column: str) -> str:
    """The alpha-2 code of a country."""
    code = report.country(name)
    if not code and name:
        raise sheet.error(f"unknown country {name!r}; use its alpha-2 code", column=column)
    return code


def split(text: str) -> list[str]:
    """Several values of one field, separated by `|`."""
    return [part.strip() for part in text.split("|") if part.strip()]
