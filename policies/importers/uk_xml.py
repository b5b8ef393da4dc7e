"""The UK sanctions list of the Foreign, Commonwealth and Development Office as XML: individuals, entities and ships.

Root `Designations`, one `Designation` an entry. Dates are dd/mm/yyyy with the letters themselves where a part is not
known. Parents and subsidiaries are names without shares: they become ownership rows without percent.
https://www.gov.uk/government/publications/the-uk-sanctions-list
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import Element

from policies.importers.shape import ListFile, Report, Row, only, party
from policies.importers.xml_stream import XmlStream, text, texts

# A listing of the United Kingdom is no law in the Union: it asks for review. What it imposes there is in the programme.
EFFECT = "foreign_listing"
ROOT = "Designations"
KINDS = {"individual": "person", "entity": "organisation", "ship": "vessel"}
ADDRESS_PARTS = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode", "AddressCountry")
PERSON, COMPANY, SHIP = "IndividualDetails/Individual", "EntityDetails/Entity", "ShipDetails/Ship"
DOCUMENTS = (
    ("PassportDetails/Passport/PassportNumber", "passport"),
    ("NationalIdentifierDetails/NationalIdentifier/NationalIdentifierNumber", "national_id"),
)
LOW_QUALITY = "low"

_PERCENT = re.compile(r"\(?\b(\d{1,3}(?:\.\d+)?)\s?(?:%|per ?cent)\)?")
_ITEM = re.compile(r"^\(?\d{1,2}[).]\s*")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/-]{4,}", re.IGNORECASE)
_IMO = re.compile(r"\d{7}")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, under their unique id (`RUS0001`)."""
    stream = XmlStream(only(files), root=ROOT, wanted={"Designation", "DateGenerated"})
    for element in _designations(stream, report):
        yield from entry(element, report, place=f"{stream.file.name}, line {stream.line}")
    if report.as_of is None:
        report.notes.append("the file does not say when it was made (DateGenerated)")


def ownership(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Parents and subsidiaries as the list states them; `percent` is empty where it gives no figure."""
    stream = XmlStream(only(files), root=ROOT, wanted={"Designation", "DateGenerated"})
    seen: set[tuple[str, str]] = set()
    for element in _designations(stream, report):
        yield from links(element, seen, report)


def links(element: Element, seen: set[tuple[str, str]], report: Report) -> Iterator[Row]:
    """The ownership rows of one `Designation` that were not seen yet."""
    number, (name, *_), _ = text(element, "UniqueID"), *_names(element)
    parents = [(*_share(parent), name) for parent in texts(element, f"{COMPANY}/ParentCompanies/ParentCompany")]
    daughters = [_share(owned) for owned in texts(element, f"{COMPANY}/Subsidiaries/Subsidiary")]
    rows = [*parents, *((number, percent, owned) for owned, percent in daughters)]
    for owner, percent, owned in rows:
        if owner and owned and (owner, owned) not in seen:
            seen.add((owner, owned))
            report.entries += 1
            yield {"owner": owner, "owned": owned, "percent": percent}


def _designations(stream: XmlStream, report: Report) -> Iterator[Element]:
    seen: set[str] = set()
    for element in stream:
        if element.tag == "DateGenerated":
            report.as_of = report.as_of or _day(element.text or "")
        elif element.tag == "Designation":
            report.read["entries"] += 1
            number = text(element, "UniqueID")
            if number and number in seen:
                raise stream.error(f"entry {number} stands twice; the file is damaged, download it again")
            seen.add(number)
            yield element


def entry(element: Element, report: Report, *, place: str) -> Iterator[Row]:
    """The entry of one `Designation`, or none and a count where it has no id or name."""
    number, (name, *good), weak = text(element, "UniqueID"), *_names(element)
    if not number or not name:
        report.skip(f"{place}: no {'name' if number else 'unique id'}")
        return
    kind = KINDS.get(text(element, "IndividualEntityShip").casefold())
    if kind is None:
        report.notes.append(f"entry {number}: unknown type {text(element, 'IndividualEntityShip')!r}")
    places = list(element.iterfind("Addresses/Address"))
    nations = [
        *texts(element, f"{PERSON}/Nationalities/Nationality"),
        *texts(element, f"{SHIP}/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"),
        *(text(place, "AddressCountry") for place in places),
    ]
    yield party(
        report,
        id=number,
        name=name,
        effect=EFFECT,
        kind=kind or "",
        aliases=[*good, *texts(element, "NonLatinNames/NonLatinName/NameNonLatinScript")],
        weak=weak,
        countries=[report.country(_ITEM.sub("", nation)) for nation in nations],
        addresses=[
            ", ".join(part for part in (text(place, name) for name in ADDRESS_PARTS) if part) for place in places
        ],
        identifiers=_identifiers(element),
        births=[_birth(written) for written in texts(element, f"{PERSON}/DOBs/DOB")],
        programme="; ".join([*texts(element, "RegimeName"), *_measures(element)]),
        note=_note(element),
    )


def _names(element: Element) -> tuple[list[str], list[str]]:
    """The primary name, the other good names; and the low-quality ones. The first of the good is "" where none is."""
    names = [
        (text(item, "NameType").casefold(), text(item, "AliasStrength").casefold(), full)
        for item in element.iterfind("Names/Name")
        if (full := " ".join(part for number in range(1, 7) if (part := text(item, f"Name{number}"))))
    ]
    weak = [full for kind, strength, full in names if strength.startswith(LOW_QUALITY) and kind != "primary name"]
    good = [full for kind, _, full in sorted(names, key=lambda item: item[0] != "primary name") if full not in weak]
    return good or weak[:1] or [""], weak


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    for path, kind in DOCUMENTS:
        yield from ((kind, value) for value in texts(element, f"{PERSON}/{path}"))
    for value in texts(element, f"{COMPANY}/BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        yield from (("registration", number) for number in _registrations(value))
    for value in texts(element, f"{SHIP}/IMONumbers/IMONumber"):
        yield from (("imo", number) for number in _IMO.findall(value))
    for value in texts(element, "EmailAddresses/EmailAddress"):
        yield from (("email", address) for address in re.split(r"[;,\s]+", value) if "@" in address)
    yield from (("phone", value) for value in texts(element, "PhoneNumbers/PhoneNumber"))


def _registrations(value: str) -> list[str]:
    """The numbers of a text: `INN 7701234567; OGRN: 1027700000001`. Without any, the text itself."""
    found = [number for number in _NUMBER.findall(value) if sum(map(str.isdigit, number)) >= 4]
    return found or [value]


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no point in time
    except ValueError:
        return None


def _birth(written: str) -> str:
    """`27/08/1955` as ISO; `dd/mm/1945` is the year alone."""
    known = [part for part in reversed(written.split("/")) if part.isdigit()]
    return "-".join(known) if known and len(known[0]) == 4 and written.count("/") == 2 else written


def _share(written: str) -> tuple[str, float | None]:
    """Name and percent of `(1) Severny Trade House LLC (75%)`; `None` where no figure stands."""
    found = _PERCENT.search(written)
    name = _ITEM.sub("", _PERCENT.sub("", written)).strip(" ,;-")
    return name, float(found[1]) if found and float(found[1]) <= 100 else None


def _measures(element: Element) -> list[str]:
    return [part.strip() for part in text(element, "SanctionsImposed").split("|") if part.strip()]


def _note(element: Element) -> str:
    parts = (
        *texts(element, f"{PERSON}/Positions/Position"),
        *texts(element, f"{COMPANY}/TypeOfEntities/TypeOfEntity"),
        *texts(element, f"{SHIP}/TypeOfShipDetails/TypeOfShip"),
        *(f"parent company {name}" for name in texts(element, f"{COMPANY}/ParentCompanies/ParentCompany")),
        *(f"owner or operator {name}" for name in texts(element, f"{SHIP}/CurrentOwnerOperators/CurrentOwnerOperator")),
        text(element, "OtherInformation"),
    )
    return "; ".join(part for part in parts if part)
