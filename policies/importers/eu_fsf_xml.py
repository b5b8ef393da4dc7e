"""The consolidated list of persons, groups and entities subject to EU financial sanctions, XML schema 1.1.

Root `export`, one `sanctionEntity` an entry, values in attributes. The file has no order of its own: names, numbers and
regulations are put into one here, for it has been republished with thousands of entries changed by order alone.
https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions
"""

from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from policies.importers.shape import ListFile, Report, Row, only, party
from policies.importers.xml_stream import XmlStream, text

# Whoever stands in this file is subject to an asset freeze: other measures of the Union are published elsewhere.
EFFECT = "asset_freeze"
ROOT = "export"
KINDS = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation", "vessel": "vessel",
         "ship": "vessel", "v": "vessel", "aircraft": "aircraft"}  # fmt: skip
IDENTIFIERS = {
    "passport": "passport", "diplomaticpassport": "passport", "id": "national_id", "ssn": "national_id",
    "electionid": "national_id", "fiscalcode": "tax", "regnumber": "registration", "swiftbic": "swift", "imo": "imo",
    "lei": "lei", "vat": "vat",
}  # fmt: skip
CONTACTS = {"email": "email", "phone": "phone"}
NO_COUNTRY = {"", "00"}
ADDRESS_PARTS = ("poBox", "street", "place", "zipCode", "city", "region", "countryDescription")
LOW_QUALITY = "low quality"


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, under their EU reference number (`EU.27.28`)."""
    stream = XmlStream(only(files), root=ROOT, wanted={"sanctionEntity"})
    seen: set[str] = set()
    for element in stream:
        if element.tag == ROOT:
            _date(element, report)
            continue
        report.read["entries"] += 1
        number = _number(element)
        if number and number in seen:
            raise stream.error(f"entry {number} stands twice; the file is damaged, download it again")
        seen.add(number)
        good, weak = _names(element)
        if number and (good or weak):
            yield _entry(element, number, good, weak, report)
        else:
            report.skip(f"{stream.file.name}, line {stream.line}: no {'name' if number else 'reference number'}")


def _date(root: Element, report: Report) -> None:
    try:
        report.as_of = date.fromisoformat(root.get("generationDate", "")[:10])
    except ValueError:
        report.notes.append("the file does not say when it was made (generationDate)")


def _number(element: Element) -> str:
    """The reference number; its own logical number, marked as such, for the few entries that have none."""
    logical = element.get("logicalId", "").strip()
    return element.get("euReferenceNumber", "").strip() or (f"logical {logical}" if logical else "")


def _entry(element: Element, number: str, good: list[str], weak: list[str], report: Report) -> Row:
    name = (good or weak)[0]
    places = list(element.iterfind("address"))
    return party(
        report,
        id=number,
        name=name,
        effect=EFFECT,
        kind=_kind(element, number, report),
        aliases=good[1:],
        weak=weak,
        countries=[_country(item, report) for item in (*element.iterfind("citizenship"), *places)],
        addresses=[_address(place) for place in places],
        identifiers=[*_identifiers(element), *_contacts(places)],
        births=[_birth(item) for item in element.iterfind("birthdate")],
        programme="; ".join(_values(element, "regulation", "programme")),
        note=_note(element),
    )


def _kind(element: Element, number: str, report: Report) -> str:
    subject = element.find("subjectType")
    codes = [] if subject is None else [subject.get("code", ""), subject.get("classificationCode", "")]
    for code in codes:
        if kind := KINDS.get(code.casefold()):
            return kind
    report.notes.append(f"entry {number}: unknown subject type {' '.join(codes)!r}")
    return ""


def _names(element: Element) -> tuple[list[str], list[str]]:
    """Strong and weak names, in the order of their logical numbers: the first strong one names the entry."""
    good: list[str] = []
    weak: list[str] = []
    for item in sorted(element.iterfind("nameAlias"), key=_order):
        parts = (item.get(part, "") for part in ("firstName", "middleName", "lastName"))
        if name := " ".join(item.get("wholeName", "").split()) or " ".join(" ".join(parts).split()):
            low = item.get("strong", "true") == "false" or LOW_QUALITY in text(item, "remark").casefold()
            (weak if low else good).append(name)
    return good, weak


def _order(item: Element) -> tuple[int, str]:
    number = item.get("logicalId", "")
    return (int(number) if number.isdecimal() else 0, item.get("wholeName", ""))


def _country(item: Element, report: Report) -> str:
    code = item.get("countryIso2Code", "").strip()
    return report.country(item.get("countryDescription", "") if code in NO_COUNTRY else code)


def _address(place: Element) -> str:
    parts = (place.get(part, "").strip() for part in ADDRESS_PARTS)
    return ", ".join(part for part in parts if part and part != "UNKNOWN")


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    """Numbers of documents, in both scripts; a number that the list calls false identifies nobody."""
    for item in element.iterfind("identification"):
        if item.get("knownFalse") != "true":
            kind = IDENTIFIERS.get(item.get("identificationTypeCode", "").casefold(), "other")
            yield from ((kind, item.get(name, "")) for name in ("number", "latinNumber"))


def _contacts(places: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for place in places:
        for item in place.iterfind("contactInfo"):
            if kind := CONTACTS.get(item.get("key", "").casefold()):
                yield from ((kind, value.strip()) for value in item.get("value", "").replace(";", ",").split(","))


def _birth(item: Element) -> str:
    first, last = item.get("yearRangeFrom", ""), item.get("yearRangeTo", "")
    year, month, day = (item.get(name, "") for name in ("year", "monthOfYear", "dayOfMonth"))
    known = item.get("birthdate", "")
    if not known and year:
        known = "-".join([year, *(part.zfill(2) for part in ((month, day) if day else (month,)) if part)])
    if not known and first and last and first != last:
        return f"{first} to {last}"
    return f"circa {known}" if known and item.get("circa") == "true" else known or first or last


def _values(element: Element, tag: str, attribute: str) -> list[str]:
    return sorted({" ".join(item.get(attribute, "").split()) for item in element.iterfind(tag)} - {""})


def _note(element: Element) -> str:
    """Functions, the latest regulation, the number of the United Nations, the publisher's remark."""
    acts = {(item.get("publicationDate", ""), item.get("numberTitle", "")) for item in element.iterfind("regulation")}
    published, title = max(acts, default=("", ""))
    nations = element.get("unitedNationId", "").strip()
    parts = (
        *_values(element, "nameAlias", "function"),
        title and f"regulation {title}" + (f" of {published}" if published else ""),
        nations and f"United Nations {nations}",
        text(element, "remark"),
    )
    return "; ".join(part for part in parts if part)
