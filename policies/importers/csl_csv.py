"""The US Consolidated Screening List as CSV: one record an entry, several values of a field separated by `; `."""

import re
from collections.abc import Iterator, Sequence

from policies.importers import csl
from policies.importers.countries import CODES
from policies.importers.shape import ListFile, Report, Row, only
from policies.importers.tables import Table

REQUIRED = ("source", "entity_number", "type", "programs", "name", "addresses", "alt_names", "ids")
# Fields that people read: what is asked of whom, since when, by which act.
NOTED = {
    "title": "",
    "vessel_type": "",
    "vessel_owner": "vessel owner ",
    "places_of_birth": "born in ",
    "license_requirement": "licence requirement: ",
    "license_policy": "licence policy: ",
    "start_date": "from ",
    "end_date": "to ",
    "federal_register_notice": "",
    "remarks": "",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, records of one entry joined."""
    yield from csl.entries(_records(only(files), report), report)


def note(fields: dict[str, str]) -> str:
    """The fields that only people read, in one text."""
    return "; ".join(
        f"{said}{text}" for name, said in NOTED.items() if (text := " ".join(fields.get(name, "").split()))
    )


def _records(file: ListFile, report: Report) -> Iterator[csl.Record]:
    table = Table(file, required=REQUIRED, what="US consolidated screening list")
    for row in table:
        if not row["name"] or not row["source"]:
            report.skip(f"{file.name}, line {table.lines.number}: no {'source' if row['name'] else 'name'}")
            continue
        report.read[csl.abbreviation(row["source"])] += 1
        yield csl.Record(
            number=row["entity_number"],
            source=row["source"],
            name=row["name"],
            type=row["type"],
            programmes=_split(row["programs"]),
            alt_names=tuple(name.removeprefix("and ") for name in _split(row["alt_names"])),
            addresses=_split(row["addresses"]),
            countries=(*_split(row.get("citizenships", "")), *_split(row.get("nationalities", ""))),
            births=_split(row.get("dates_of_birth", "")),
            ids=tuple(_id(text) for text in _split(row["ids"])),
            flag=row.get("vessel_flag", ""),
            call_sign=row.get("call_sign", ""),
            note=note(row),
        )


def _id(text: str) -> tuple[str, str]:
    """`QA, 2014-08-30, 2009-08-31, K475336, Passport` is country, two dates, number, what it is; the first may lack."""
    *parts, what = text.split(", ")
    if parts and parts[0] in CODES:
        del parts[0]
    while len(parts) > 1 and _DATE.fullmatch(parts[0]):
        del parts[0]
    return what.strip(), ", ".join(parts).strip()


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("; ") if part.strip())
