"""A party list as plain CSV, for lists that an authority or company keeps itself.

UTF-8, comma-separated, with a header row. Columns, in any order; `id`, `name` and `effect` are required:

    id            unique in the file
    name          as listed
    effect        asset_freeze | dual_use_end_user | foreign_listing | arms_embargo, or what the rule pack knows
    kind          person | organisation | vessel | aircraft, or empty
    aliases       good aliases, separated by |
    weak          low-quality aliases, separated by |
    countries     ISO 3166-1 alpha-2 codes or English names, separated by |
    addresses     separated by |
    identifiers   kind:value, separated by |  (registration vat imo passport tax email phone national_id ...)
    births        dates of birth, ISO or as listed, separated by |
    programme     the programme or instrument of the listing
    note          free text
"""

import csv
from collections.abc import Iterator, Sequence

from policies.importers.shape import KINDS, Lines, ListFile, Report, Row, birth_date, only, party, records

REQUIRED = ("id", "name", "effect")
COLUMNS = (*REQUIRED, "kind", "aliases", "weak", "countries", "addresses", "identifiers", "births", "programme", "note")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file. A row that is wrong refuses the file: it is ours to correct."""
    lines = Lines(only(files))
    header = _header(lines)
    body = records(lines, columns=len(header))
    next(body)
    seen: set[str] = set()
    for record in body:
        report.read["rows"] += 1
        row = dict.fromkeys(COLUMNS, "") | {name: value.strip() for name, value in zip(header, record, strict=True)}
        _check(row, lines, header, seen)
        seen.add(row["id"])
        yield party(
            report,
            id=row["id"],
            name=row["name"],
            effect=row["effect"],
            kind=row["kind"],
            aliases=_split(row["aliases"]),
            weak=_split(row["weak"]),
            countries=[_country(name, lines, header, report) for name in _split(row["countries"])],
            addresses=_split(row["addresses"]),
            identifiers=[_identifier(text, lines, header) for text in _split(row["identifiers"])],
            births=[birth_date(text) for text in _split(row["births"])],
            programme=row["programme"],
            note=row["note"],
        )


def _header(lines: Lines) -> list[str]:
    header = [name.strip() for name in next(csv.reader([next(iter(lines), "")]), [])]
    if unknown := [name for name in header if name not in COLUMNS]:
        raise lines.error(f"unknown column {unknown[0][:40]!r}; known are {', '.join(COLUMNS)}", column=1)
    if missing := [name for name in REQUIRED if name not in header]:
        raise lines.error(f"the column {missing[0]!r} is missing; required are {', '.join(REQUIRED)}", column=1)
    if len(set(header)) != len(header):
        raise lines.error("a column stands twice in the header", column=1)
    lines.number = 0
    return header


def _check(row: dict[str, str], lines: Lines, header: list[str], seen: set[str]) -> None:
    for name in REQUIRED:
        if not row[name]:
            raise lines.error(f"{name} is empty", column=_column(name, lines, header))
    if row["id"] in seen:
        raise lines.error(f"the id {row['id']!r} stands twice", column=_column("id", lines, header))
    if row["kind"] and row["kind"] not in KINDS:
        message = f"unknown kind {row['kind']!r}; use one of {', '.join(KINDS)}, or leave it empty"
        raise lines.error(message, column=_column("kind", lines, header))


def _country(name: str, lines: Lines, header: list[str], report: Report) -> str:
    code = report.country(name)
    if report.unknown_countries:
        raise lines.error(f"unknown country {name!r}; use its alpha-2 code", column=_column("countries", lines, header))
    return code


def _identifier(text: str, lines: Lines, header: list[str]) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not (colon and kind.strip() and value.strip()):
        message = f"identifier {text!r} is not kind:value"
        raise lines.error(message, column=_column("identifiers", lines, header))
    return kind.strip().lower(), value.strip()


def _column(name: str, lines: Lines, header: list[str]) -> int:
    """The character where a field of the last line starts, or 1 when the record runs over several lines."""
    fields = next(csv.reader([lines.last]), [])
    before = ",".join(fields[: header.index(name)]) if len(fields) == len(header) else ""
    return len(before) + 2 if before else 1


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
