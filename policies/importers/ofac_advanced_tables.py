"""What the parties of OFAC's advanced data model refer to: reference values, places, documents, programmes, links."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element

from policies.importers import ofac
from policies.importers.shape import ListFile
from policies.importers.xml_stream import XmlStream, text

ROOT = "Sanctions"
VALUES = frozenset(
    ("AliasType", "AreaCode", "Country", "DetailReference", "FeatureType", "IDRegDocType", "LocPartType",
     "NamePartType", "PartySubType", "PartyType", "RelationType", "SanctionsType", "Script")
)  # fmt: skip
RECORDS = VALUES | {
    "DateOfIssue",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
}
OWNED = ("owned or controlled by", "property in the interest of")
OWNING = ("owns, controls, or operates",)
LATIN = "latin"
NO_COUNTRY = "undetermined"


class Place(NamedTuple):
    address: str
    country: str


class Link(NamedTuple):
    """From one profile to another; `relation` in small letters."""

    relation: str
    other: str


@dataclass(slots=True)
class Tables:
    """Reference values by table and id; the rest by the id that the parties use. `names` are those of all profiles."""

    values: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in VALUES})
    party_types: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    documents: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    programmes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: defaultdict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    as_of: date | None = None

    def label(self, table: str, id: str | None) -> str:
        """The words of a reference value, or "" for one that the file does not have."""
        return self.values[table].get(id or "", "")

    def kind(self, profile: Element) -> str:
        """`individual`, `entity`, `vessel` or `aircraft`."""
        sub_type = profile.get("PartySubTypeID", "")
        known = self.label("PartySubType", sub_type).casefold()
        if known not in ("", "unknown"):
            return known
        return self.label("PartyType", self.party_types.get(sub_type)).casefold()

    def name_parts(self, identity: Element) -> dict[str, str]:
        """What each group of name parts is (`last name`, `entity name`), by its id."""
        groups = identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        return {
            item.get("ID", ""): self.label("NamePartType", item.get("NamePartTypeID")).casefold() for item in groups
        }

    def documents_of(self, profile: Element) -> list[str]:
        """The documents of a party as clauses: `Passport 75 1234567`."""
        return [
            clause for item in profile.iterfind("Identity") for clause in self.documents.get(item.get("ID", ""), ())
        ]

    def detail(self, item: Element) -> str:
        """The value of a feature: text, or a reference value."""
        return " ".join((item.text or "").split()) or self.label("DetailReference", item.get("DetailReferenceID"))

    def is_latin(self, name: Element) -> bool:
        scripts = {self.label("Script", item.get("ScriptID")).casefold() for item in name.iter("NamePartValue")}
        return scripts <= {LATIN, ""}

    def day(self, period: Element) -> str:
        """A date as precise as it is known: `1968-12-10`, `1970-05`, `1969`, `1958 to 1960`, `circa 1969`."""
        edges = [_parts(period, path) for path in ("Start/From", "Start/To", "End/From", "End/To")]
        known = [edge for edge in edges if edge]
        first, last = (min(known), max(known)) if known else ((), ())
        about = any(item.get("Approximate") == "true" for item in period)
        return ("circa " if about else "") + _span(first, last)


def read(file: ListFile) -> Tables:
    """Everything but the parties themselves, of which only the names are kept."""
    tables = Tables()
    for element in XmlStream(file, root=ROOT, wanted=RECORDS):
        match element.tag:
            case "DateOfIssue":
                tables.as_of = _day(_parts(element, "."))
            case "Location":
                tables.places[element.get("ID", "")] = _place(element, tables)
            case "IDRegDocument":
                kind = tables.label("IDRegDocType", element.get("IDRegDocTypeID"))
                tables.documents[element.get("IdentityID", "")].append(f"{kind} {text(element, 'IDRegistrationNo')}")
            case "DistinctParty":
                _party(element, tables)
            case "ProfileRelationship" if element.get("Former") != "true":
                relation = tables.label("RelationType", element.get("RelationTypeID")).casefold().rstrip(":")
                link = Link(relation, element.get("To-ProfileID", ""))
                tables.links[element.get("From-ProfileID", "")].append(link)
            case "SanctionsEntry":
                tables.programmes[element.get("ProfileID", "")] += _programmes(element, tables)
            case tag if tag in VALUES:
                _value(element, tables)
    return tables


def _value(element: Element, tables: Tables) -> None:
    id = element.get("ID", "")
    words = element.get("Description", "") if element.tag == "AreaCode" else ""
    tables.values[element.tag][id] = words or text(element, ".") or element.get("ISO2", "")
    if element.tag == "PartySubType":
        tables.party_types[id] = element.get("PartyTypeID", "")  # its words stand further down in the file


def _party(element: Element, tables: Tables) -> None:
    profile = element.find("Profile")
    if profile is not None:
        number = element.get("FixedRef", "")
        tables.names[number] = primary_name(profile, tables)
        if tables.kind(profile) == "individual":
            tables.people.add(number)


def primary_name(profile: Element, tables: Tables) -> str:
    """The primary name in Latin script; where there is none, the first name at all."""
    found = ""
    for identity in profile.iterfind("Identity"):
        parts = tables.name_parts(identity)
        for alias in sorted(identity.iterfind("Alias"), key=lambda item: item.get("Primary") != "true"):
            for name in alias.iterfind("DocumentedName"):
                if (full := spelt(name, parts)) and tables.is_latin(name):
                    return full
                found = found or full
    return found


def spelt(name: Element, parts: Mapping[str, str]) -> str:
    """`LAST, First Middle` as the other formats have it; what has no last name as it stands."""
    last: list[str] = []
    rest: list[str] = []
    for item in name.iterfind("DocumentedNamePart/NamePartValue"):
        is_last = parts.get(item.get("NamePartGroupID", "")) == "last name"
        (last if is_last else rest).append(" ".join((item.text or "").split()))
    return ", ".join(part for part in (" ".join(last), " ".join(rest)) if part)


def _place(element: Element, tables: Tables) -> Place:
    parts: dict[str, str] = {}
    for item in element.iterfind("LocationPart"):
        values = sorted(item.iterfind("LocationPartValue"), key=lambda value: value.get("Primary") != "true")
        parts[tables.label("LocPartType", item.get("LocPartTypeID")).upper()] = (
            text(values[0], "Value") if values else ""
        )
    areas = [tables.label("AreaCode", item.get("AreaCodeID")) for item in element.iterfind("LocationAreaCode")]
    countries = [tables.label("Country", item.get("CountryID")) for item in element.iterfind("LocationCountry")]
    known = [name for name in (*countries, *areas) if name.casefold() not in ("", NO_COUNTRY)]
    country = known[0] if known else ""
    lines = [parts.get(name, "") for name in ("UNKNOWN", "ADDRESS1", "ADDRESS2", "ADDRESS3")]
    state = parts.get("STATE/PROVINCE", "") or parts.get("REGION", "")
    return Place(ofac.address(lines, parts.get("CITY", ""), state, parts.get("POSTAL CODE", ""), country), country)


def _programmes(element: Element, tables: Tables) -> list[str]:
    measures = element.iterfind("SanctionsMeasure")
    return [
        text(item, "Comment")
        for item in measures
        if tables.label("SanctionsType", item.get("SanctionsTypeID")).casefold() == "program"
    ]


def _parts(element: Element, path: str) -> tuple[int, ...]:
    """Year, month and day, as many as stand there."""
    edge = element.find(path)
    written = [text(edge, name) for name in ("Year", "Month", "Day")] if edge is not None else []
    return tuple(int(part) for part in written if part.isdecimal())


def _day(parts: tuple[int, ...]) -> date | None:
    try:
        return date(*parts)
    except (TypeError, ValueError):  # parts are missing, or no day of the calendar
        return None


def _span(first: tuple[int, ...], last: tuple[int, ...]) -> str:
    if first == last:
        return "-".join(f"{part:02}" for part in first)
    if len(first) == len(last) == 3 and first[:2] == last[:2] and first[2] == 1 and last[2] >= 28:
        return f"{first[0]}-{first[1]:02}"
    if first[1:] == (1, 1) and last[1:] == (12, 31):
        return str(first[0]) if first[0] == last[0] else f"{first[0]} to {last[0]}"
    return f"{_span(first, first)} to {_span(last, last)}"
