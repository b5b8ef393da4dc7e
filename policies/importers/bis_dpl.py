"""The Denied Persons List of the US Bureau of Industry and Security: tab-separated text with a header row.

One row an address: rows of one name are one entry here. The file has no ids and no date of its own.
https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from policies.importers.shape import ListFile, Report, Row, name_id, only, party
from policies.importers.tables import Table

# A listing of the United States is no law in the Union: it asks for review.
EFFECT = "foreign_listing"
ENCODING = "cp1252"  # what earlier files of this publisher were written in
PROGRAMME = "Denied Persons List (DPL) - Bureau of Industry and Security"
COLUMNS = (
    *("Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date"),
    *("Standard_Order", "Last_Update", "Action", "FR_Citation"),
)
ADDRESS = ("Street_Address", "City", "State", "Postal_Code", "Country")
STATES = frozenset({
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA"),
    *("ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR"),
    *("PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "VI", "GU"),
})  # fmt: skip


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, one a name."""
    table = Table(only(files), required=COLUMNS, what="Denied Persons List", delimiter="\t", fallback=ENCODING)
    denied: dict[str, list[dict[str, str]]] = {}
    for record in table:
        report.read["rows"] += 1
        if record["Name"]:
            denied.setdefault(name_id("DPL", record["Name"]), []).append(record)
        else:
            report.skip(f"{table.lines.file.name}, line {table.lines.number}: no name")
    if table.lines.foreign:
        report.notes.append(f"{table.lines.foreign} lines are not UTF-8 and were read as {ENCODING}")
    for number, records in denied.items():
        yield _entry(number, records, report)


def _entry(number: str, records: list[dict[str, str]], report: Report) -> Row:
    return party(
        report,
        id=number,
        name=records[0]["Name"],
        effect=EFFECT,
        countries=[_country(record, report) for record in records],
        addresses=[", ".join(record[part] for part in ADDRESS if record[part]) for record in records],
        programme=PROGRAMME,
        note="; ".join(sorted({_order(record) for record in records})),
    )


def _country(record: dict[str, str], report: Report) -> str:
    """The country of an address; an address in a state of the United States names none, or the state instead."""
    if record["State"] in STATES and not record["Country"]:
        return "US"
    return report.country(record["Country"])


def _order(record: dict[str, str]) -> str:
    end = _day(record["Expiration_Date"])
    kind = "" if record["Standard_Order"].upper() == "Y" else ", not the standard order"
    return f"denied from {_day(record['Effective_Date'])}{f' to {end}' if end else ''}{kind}, {record['FR_Citation']}"


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007 - a day, no point in time
    except ValueError:
        return text
