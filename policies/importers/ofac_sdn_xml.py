"""The OFAC lists (SDN and consolidated non-SDN) as classic XML: `SDN.XML`, `CONSOLIDATED.XML`, root `sdnList`.

The same entries under the same numbers (`uid`) as the CSV files, in one file. Files of several years have a namespace,
older ones another or none.
https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from policies.importers import ofac
from policies.importers.shape import ListFile, Report, Row, birth_date, only, party
from policies.importers.xml_stream import XmlStream, text, texts

ROOT = "sdnList"
KINDS = {"entity": "organisation", "individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
WEAK = "weak"


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file. A count that the file states and does not hold is a doubt."""
    stream = XmlStream(only(files), root=ROOT, wanted={"publshInformation", "sdnEntry"})
    seen: set[str] = set()
    stated = ""
    for element in stream:
        if element.tag == "publshInformation":  # spelt so by the publisher
            stated = text(element, "Record_Count")
            _date(text(element, "Publish_Date"), report)
        elif element.tag == "sdnEntry":
            report.read["entries"] += 1
            number = text(element, "uid")
            if number and number in seen:
                raise stream.error(f"entry {number} stands twice; the file is damaged, download it again")
            seen.add(number)
            if number and text(element, "lastName"):
                yield _entry(element, number, report)
            else:
                report.skip(f"{stream.file.name}, line {stream.line}: no {'name' if number else 'number (uid)'}")
    if stated.isdecimal() and int(stated) != report.read["entries"]:
        report.doubts.append(
            f"{stream.file.name}: the file says that it holds {stated} entries and holds {report.read['entries']}"
        )


def _date(written: str, report: Report) -> None:
    try:
        report.as_of = datetime.strptime(written, "%m/%d/%Y").date()  # noqa: DTZ007 - a day, no point in time
    except ValueError:
        report.notes.append("the file does not say when it was made (Publish_Date)")


def _entry(element: Element, number: str, report: Report) -> Row:
    kind = KINDS.get(text(element, "sdnType").casefold())
    if kind is None:
        report.notes.append(f"entry {number}: unknown type {text(element, 'sdnType')!r}")
    also = [(text(aka, "category").casefold() == WEAK, _name(aka)) for aka in element.iterfind("akaList/aka")]
    places = list(element.iterfind("addressList/address"))
    nations = [
        *texts(element, "vesselInfo/vesselFlag"),
        *texts(element, "nationalityList/nationality/country"),
        *texts(element, "citizenshipList/citizenship/country"),
        *(text(place, "country") for place in places),
    ]
    call_signs = [("call_sign", sign) for sign in texts(element, "vesselInfo/callSign")]
    documents = [f"{text(item, 'idType')} {text(item, 'idNumber')}" for item in element.iterfind("idList/id")]
    return party(
        report,
        id=number,
        name=_name(element),
        effect=ofac.EFFECT,
        kind=kind or "",
        aliases=[name for low, name in also if not low],
        weak=[name for low, name in also if low],
        countries=[report.country(nation) for nation in nations],
        addresses=[_address(place) for place in places],
        identifiers=[*ofac.identifiers(documents), *call_signs],
        births=[birth_date(day) for day in texts(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth")],
        programme=ofac.programmes(texts(element, "programList/program")),
        note=ofac.note(
            text(element, "title"),
            text(element, "vesselInfo/vesselType"),
            text(element, "vesselInfo/vesselOwner"),
            linked=ofac.linked_to(text(element, "remarks")),
        ),
    )


def _name(element: Element) -> str:
    """`LAST, First` as the CSV has it; vessels, companies and some aliases have the last name only."""
    return ", ".join(part for part in (text(element, "lastName"), text(element, "firstName")) if part)


def _address(place: Element) -> str:
    lines = [text(place, f"address{number}") for number in (1, 2, 3)]
    return ofac.address(
        lines, text(place, "city"), text(place, "stateOrProvince"), text(place, "postalCode"), text(place, "country")
    )
