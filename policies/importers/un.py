"""The consolidated list of the United Nations Security Council as XML: individuals and entities.

Read as a stream, element by element; a document type declaration (and with it every entity) is refused.
https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list
"""

from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from policies.importers.shape import ListFile, ListFileError, Report, Row, only, party

# United Nations measures bind every member state; the Union gives effect to them.
EFFECT = "asset_freeze"
ROOT = "CONSOLIDATED_LIST"
KINDS = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
LOW_QUALITY = "low"
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file. Raises `ListFileError` with line and column when it is cut off or no such list."""
    file = only(files)
    file.stream.seek(0)
    parents: list[Element] = []
    try:
        for event, element in iterparse(file.stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if not parents:
                    _begin(element, file, report)
                parents.append(element)
                continue
            parents.pop()
            if element.tag in KINDS and len(parents) == 2:
                report.read[element.tag.lower()] += 1
                yield from _entry(element, file, report)
                parents[-1].remove(element)  # keeps memory flat: the tree would hold every entry to the end
    except ParseError as error:
        if not report.read and not file.stream.seek(0, 2):
            raise ListFileError("the file is empty (0 bytes); download it again", file=file.name) from error
        line, column = error.position
        message = f"{str(error).split(':')[0]}; the file is cut off or damaged, download it again"
        raise ListFileError(message, file=file.name, line=line, column=column + 1) from error
    except DefusedXmlException as error:
        message = "a document type declaration stands in the file; lists have none, and it may hide an attack"
        raise ListFileError(message, file=file.name, line=1) from error


def _begin(root: Element, file: ListFile, report: Report) -> None:
    if root.tag != ROOT:
        raise ListFileError(
            f"the root element is {root.tag!r}, expected {ROOT!r}: another list?", file=file.name, line=1
        )
    try:
        report.as_of = date.fromisoformat(root.get("dateGenerated", "")[:10])
    except ValueError:
        report.notes.append("the file does not say when it was made (dateGenerated)")


def _entry(element: Element, file: ListFile, report: Report) -> Iterator[Row]:
    tag = element.tag
    number = _text(element, "REFERENCE_NUMBER") or _text(element, "DATAID")
    name = " ".join(part for part in (_text(element, part) for part in NAME_PARTS) if part)
    if not number or not name:
        which = number or f"{tag.lower()} {report.read[tag.lower()]}"
        report.skip(f"{file.name}, {which}: no {'name' if number else 'reference number'}")
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
        aliases=[*good, _text(element, "NAME_ORIGINAL_SCRIPT")],
        weak=weak,
        countries=[report.country(country) for country in (*_values(element, "NATIONALITY"), *_countries(places))],
        addresses=[
            ", ".join(part for part in (_text(place, part) for part in ADDRESS_PARTS) if part) for place in places
        ],
        identifiers=[(_document(item), _text(item, "NUMBER")) for item in documents],
        births=[_birth(item) for item in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH")],
        programme=_text(element, "UN_LIST_TYPE"),
        note="; ".join((*_values(element, "DESIGNATION"), _text(element, "COMMENTS1"))).strip("; "),
    )


def _aliases(elements: Iterator[Element]) -> tuple[list[str], list[str]]:
    """Good and low-quality aliases. One element may hold several names, separated by semicolons."""
    good: list[str] = []
    weak: list[str] = []
    for element in elements:
        names = [name.strip() for name in _text(element, "ALIAS_NAME").split(";")]
        (weak if _text(element, "QUALITY").casefold() == LOW_QUALITY else good).extend(names)
    return good, weak


def _countries(places: list[Element]) -> list[str]:
    return [_text(place, "COUNTRY") for place in places]


def _document(element: Element) -> str:
    """The kind of a document; the list names it in several languages."""
    named = (_text(element, "TYPE_OF_DOCUMENT") or _text(element, "TYPE_OF_DOCUMENT2")).casefold()
    return "passport" if named.startswith("pas") or "passeport" in named or "pasaporte" in named else "national_id"


def _birth(element: Element) -> str:
    if day := _text(element, "DATE") or _text(element, "YEAR"):
        return f"circa {day}" if _text(element, "TYPE_OF_DATE") == "APPROXIMATELY" else day
    first, last = _text(element, "FROM_YEAR"), _text(element, "TO_YEAR")
    return f"{first} to {last}" if first and last else first or last


def _values(element: Element, tag: str) -> list[str]:
    return [
        value for child in element.iterfind(tag) for item in child.iterfind("VALUE") if (value := _clean(item.text))
    ]


def _text(element: Element, tag: str) -> str:
    return _clean(element.findtext(tag))


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
