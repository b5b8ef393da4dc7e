"""The UK sanctions list of the FCDO as CSV: a line with its date, a header row, several rows an entry.

Each row repeats what is known once and adds a name, an address or a document. The rows of one `Unique ID` are put
together as the element that the XML has for it, so that either file makes the same edition (`uk_xml`).
https://www.gov.uk/government/publications/the-uk-sanctions-list
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement

from policies.importers import uk_xml
from policies.importers.shape import ListFile, Report, Row, only
from policies.importers.tables import Table
from policies.importers.uk_xml import COMPANY, PERSON, SHIP

REQUIRED = ("Unique ID", "Name 6", "Name type", "Alias strength", "Regime Name", "Sanctions Imposed")
ONCE = {
    "Unique ID": "UniqueID",
    "Designation Type": "IndividualEntityShip",
    "Individual, Entity, Ship": "IndividualEntityShip",  # the same column, as it was called before
    "Sanctions Imposed": "SanctionsImposed",
    "Other Information": "OtherInformation",
}
# Columns of which each different value is one more element.
MANY = {
    "Regime Name": "RegimeName",
    "Name non-latin script": "NonLatinNames/NonLatinName/NameNonLatinScript",
    "Phone number": "PhoneNumbers/PhoneNumber",
    "Email address": "EmailAddresses/EmailAddress",
    "D.O.B": f"{PERSON}/DOBs/DOB",
    "Nationality(/ies)": f"{PERSON}/Nationalities/Nationality",
    "Passport number": f"{PERSON}/PassportDetails/Passport/PassportNumber",
    "National Identifier number": f"{PERSON}/NationalIdentifierDetails/NationalIdentifier/NationalIdentifierNumber",
    "Position": f"{PERSON}/Positions/Position",
    "Type of entity": f"{COMPANY}/TypeOfEntities/TypeOfEntity",
    "Business registration number (s)": f"{COMPANY}/BusinessRegistrationNumbers/BusinessRegistrationNumber",
    "Parent company": f"{COMPANY}/ParentCompanies/ParentCompany",
    "Subsidiaries": f"{COMPANY}/Subsidiaries/Subsidiary",
    "IMO number": f"{SHIP}/IMONumbers/IMONumber",
    "Current owner/operator (s)": f"{SHIP}/CurrentOwnerOperators/CurrentOwnerOperator",
    "Current believed flag of ship": f"{SHIP}/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip",
    "Type of ship": f"{SHIP}/TypeOfShipDetails/TypeOfShip",
}
NAME = (*(f"Name {number}" for number in range(1, 7)), "Name type", "Alias strength")
ADDRESS = (*(f"Address Line {number}" for number in range(1, 7)), "Address Postal Code", "Address Country")

_REPORT_DATE = re.compile(r"report date:?\s*(\d{1,2}-\w{3}-\d{4})", re.IGNORECASE)
_NUMBERED = re.compile(r"(?=\(\d{1,2}\)\s)")
Record = dict[str, str]


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, the rows of one id joined."""
    file = only(files)
    for element in _designations(file, report):
        yield from uk_xml.entry(element, report, place=file.name)


def ownership(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Parents and subsidiaries as the list states them; `percent` is empty where it gives no figure."""
    seen: set[tuple[str, str]] = set()
    for element in _designations(only(files), report):
        yield from uk_xml.links(element, seen, report)


def _designations(file: ListFile, report: Report) -> Iterator[Element]:
    table = _opened(file, report)
    entries: dict[str, list[Record]] = {}
    for row in table:
        report.read["rows"] += 1
        if row["Unique ID"]:
            entries.setdefault(row["Unique ID"], []).append(row)
        else:
            report.skip(f"{file.name}, line {table.lines.number}: no unique id")
    yield from map(_designation, entries.values())


def _opened(file: ListFile, report: Report) -> Table:
    table = Table(file, above=1, required=REQUIRED, what="UK sanctions list")
    found = _REPORT_DATE.match(" ".join(table.above[0]))
    report.as_of = _day(found[1]) if found else None
    if report.as_of is None:
        report.notes.append("the file does not say when it was made (Report Date)")
    return table


def _designation(rows: list[Record]) -> Element:
    element = Element("Designation")
    for column, tag in ONCE.items():
        if value := rows[0].get(column, ""):
            SubElement(element, tag).text = value
    for column, path in MANY.items():
        for value in dict.fromkeys(part for row in rows for part in _parts(row.get(column, ""))):
            _put(element, path, value)
    _group(element, "Names/Name", NAME, rows)
    _group(element, "Addresses/Address", ADDRESS, rows)
    return element


def _parts(text: str) -> Iterable[str]:
    """Several values in one field are numbered: `(1) Severny LLC (2) Polyarny Plant`."""
    return (part.strip(" ;,") for part in _NUMBERED.split(text) if part.strip(" ;,"))


def _put(element: Element, path: str, value: str) -> None:
    *above, tag = path.split("/")
    for name in above:
        found = element.find(name)
        element = found if found is not None else SubElement(element, name)
    SubElement(element, tag).text = value


def _group(element: Element, path: str, columns: Sequence[str], rows: list[Record]) -> None:
    """One element for each different group of columns: `Address Line 1` becomes `AddressLine1`."""
    above, tag = path.split("/")
    parent = SubElement(element, above)
    for values in dict.fromkeys(tuple(row.get(column, "") for column in columns) for row in rows):
        if any(values):
            child = SubElement(parent, tag)
            for column, value in zip(columns, values, strict=True):
                SubElement(child, "".join(word[0].upper() + word[1:] for word in column.split())).text = value


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d-%b-%Y").date()  # noqa: DTZ007 - a day, no point in time
    except ValueError:
        return None
