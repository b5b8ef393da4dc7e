"""The consolidated list of the United Nations Security Council as XML: individuals and entities.

Read as a stream, element by element; a document type declaration (and with it every entity) is refused.
https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list
"""

from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from policies.importers.shape import ListFile, Report, Row, only, party
from policies.importers.xml_stream import XmlStream, text, texts

# United Nations measures bind every member state; the Union gives effect to them.
EFFECT = "asset_freeze"
ROOT = "CONSOLIDATED_LIST"
KINDS = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
LOW_QUALITY = "low"
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file. Raises `ListFileError` with line and column when it is cut off or no such list."""
    stream = XmlStream(only(files), root=ROOT, wanted=KINDS)
    seen: set[str] = set()
    for element in stream:
        if element.tag == ROOT:
            _date(element, report)
            continue
        report.read[element.tag.lower()] += 1
        if number := text(element, "REFERENCE_NUMBER") or text(element, "DATAID"):
            if number in seen:
                raise stream.error(f"entry {number} stands twice; the file is damaged, download it again")
            seen.add(number)
        yield from _entry(element, number, stream, report)


def _date(root: Element, report: Report) -> None:
    try:
        report.as_of = date.fromisoformat(root.get("dateGenerated", "")[:10])
    except ValueError:
        report.notes.append("the file does not say when it was made (dateGenerated)")


def _entry(element: Element, number: str, stream: XmlStream, report: Report) -> Iterator[Row]:
    tag = element.tag
    name = " ".join(part for part in (text(element, part) for part in NAME_PARTS) if part)
    if not number or not name:
        which = number or f"{tag.lower()} {report.read[tag.lower()]}"
        report.skip(f"{stream.file.name}, {which}: no {'name' if number else 'reference number'}")
        return
    good, weak = _aliases(element.iterfind(f"{tag}_ALIAS"))
    places = list(element.iterfind(f"{tag}_ADDRESS"))
    documents = list(element.iterfind(f"{tag}_DOCUMENT"))
    yield party(
        report,
        id=number,
        name=name,
        effect=EFFECT,
        kind=KINDS[tag],
        aliases=[*good, text(element, "NAME_ORIGINAL_SCRIPT")],
        weak=weak,
        countries=[report.country(country) for country in (*texts(element, "NATIONALITY/VALUE"), *_countries(places))],
        addresses=[
            ", ".join(part for part in (text(place, part) for part in ADDRESS_PARTS) if part) for place in places
        ],
        identifiers=[(_document(item), text(item, "NUMBER")) for item in documents],
        births=[_birth(item) for item in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH")],
        programme=text(element, "UN_LIST_TYPE"),
        note="; ".join((*texts(element, "DESIGNATION/VALUE"), text(element, "COMMENTS1"))).strip("; "),
    )


def _aliases(elements: Iterator[Element]) -> tuple[list[str], list[str]]:
    """Good and low-quality aliases. One element may hold several names, separated by semicolons."""
    good: list[str] = []
    weak: list[str] = []
    for element in elements:
        names = [name.strip() for name in text(element, "ALIAS_NAME").split(";")]
        (weak if text(element, "QUALITY").casefold() == LOW_QUALITY else good).extend(names)
    return good, weak


def _countries(places: list[Element]) -> list[str]:
    return [text(place, "COUNTRY") for place in places]


def _document(element: Element) -> str:
    """The kind of a document; the list names it in several languages."""
    named = (text(element, "TYPE_OF_DOCUMENT") or text(element, "TYPE_OF_DOCUMENT2")).casefold()
    return "passport" if named.startswith("pas") or "passeport" in named or "pasaporte" in named else "national_id"


def _birth(element: Element) -> str:
    if day := text(element, "DATE") or text(element, "YEAR"):
        return f"circa {day}" if text(element, "TYPE_OF_DATE") == "APPROXIMATELY" else day
    first, last = text(element, "FROM_YEAR"), text(element, "TO_YEAR")
    return f"{first} to {last}" if first and last else first or last
