"""The OFAC lists in the advanced data model: `SDN_ADVANCED.XML`, `CONS_ADVANCED.XML`, root `Sanctions`.

The same entries under the same numbers as the CSV and the classic XML (`DistinctParty` = `uid`), and with them names in
their own script and who is owned or controlled by whom. Everything is a reference to a table at the start or a section
at the end, so the file is read twice: first what is referred to (`ofac_advanced_tables`), then the parties.
https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from policies.importers import ofac
from policies.importers.ofac_advanced_tables import OWNED, OWNING, ROOT, Link, Tables, primary_name, read, spelt
from policies.importers.shape import ListFile, Report, Row, only, party
from policies.importers.xml_stream import XmlStream

KINDS = {"individual": "person", "entity": "organisation", "vessel": "vessel", "aircraft": "aircraft"}
NATIONS = {"nationality country", "citizenship country", "vessel flag", "nationality of registration"}


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file."""
    file = only(files)
    tables = read(file)
    _date(tables, report)
    stream = XmlStream(file, root=ROOT, wanted={"DistinctParty"})
    seen: set[str] = set()
    for element in stream:
        if element.tag == ROOT:
            continue
        report.read["entries"] += 1
        number = element.get("FixedRef", "")
        if number and number in seen:
            raise stream.error(f"entry {number} stands twice; the file is damaged, download it again")
        seen.add(number)
        profile = element.find("Profile")
        if number and profile is not None and primary_name(profile, tables):
            yield _entry(profile, number, tables, report)
        else:
            report.skip(f"{stream.file.name}, line {stream.line}: no {'name' if number else 'number (FixedRef)'}")
    if lost := [number for number in tables.programmes if number not in seen]:
        report.orphans["sanctions entries"] = lost


def ownership(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Who is owned or controlled by whom. The model has no shares: `percent` is empty, a person judges the link."""
    tables = read(only(files))
    _date(tables, report)
    seen: set[tuple[str, str]] = set()
    for number, links in tables.links.items():
        for link in links:
            report.read["relationships"] += 1
            owner, owned = _ownership(number, link, tables)
            if (owner, owned) not in seen and {owner, owned} <= tables.names.keys():
                seen.add((owner, owned))
                report.entries += 1
                yield {"owner": owner, "owned": tables.names[owned], "percent": None}


def _ownership(number: str, link: Link, tables: Tables) -> tuple[str, str]:
    """Owner and owned, or nothing for another relation. Nobody owns a person: such a link is the wrong way round."""
    if link.relation not in OWNED and link.relation not in OWNING:
        return "", ""
    owner, owned = (link.other, number) if link.relation in OWNED else (number, link.other)
    return (owned, owner) if owned in tables.people and owner not in tables.people else (owner, owned)


def _date(tables: Tables, report: Report) -> None:
    report.as_of = tables.as_of
    if tables.as_of is None:
        report.notes.append("the file does not say when it was made (DateOfIssue)")


def _entry(profile: Element, number: str, tables: Tables, report: Report) -> Row:
    kind = KINDS.get(tables.kind(profile))
    if kind is None:
        report.notes.append(f"entry {number}: unknown type {tables.kind(profile)!r}")
    found = _features(profile, tables)
    call_signs = [("call_sign", sign) for label in found if label.endswith("call sign") for sign in found[label]]
    numbers = [f"{label} {value}" for label, value in _labelled(profile, tables)]
    name = primary_name(profile, tables)
    good, weak = _aliases(profile, tables)
    return party(
        report,
        id=number,
        name=name,
        effect=ofac.EFFECT,
        kind=kind or "",
        aliases=good,
        weak=weak,
        countries=[report.country(nation) for label in (*NATIONS, "countries") for nation in found[label]],
        addresses=found["location"],
        identifiers=[*ofac.identifiers([*tables.documents_of(profile), *numbers]), *call_signs],
        births=found["birthdate"],
        programme=ofac.programmes(tables.programmes.get(number, ())),
        note=ofac.note(
            "; ".join(found["title"]),
            "; ".join(found["vessel type"]),
            "; ".join(found["vessel owner"]),
            linked=[_linked(link, tables) for link in tables.links.get(number, ()) if link.other in tables.names],
        ),
    )


def _linked(link: Link, tables: Tables) -> str:
    said = "owned or controlled by" if link.relation in OWNED else "linked to"
    return f"{said} {tables.names[link.other]}"


def _aliases(profile: Element, tables: Tables) -> tuple[list[str], list[str]]:
    """Every documented name of every script, good ones and those of low quality."""
    good: list[str] = []
    weak: list[str] = []
    for identity in profile.iterfind("Identity"):
        parts = tables.name_parts(identity)
        for alias in identity.iterfind("Alias"):
            names = [spelt(name, parts) for name in alias.iterfind("DocumentedName")]
            (weak if alias.get("LowQuality") == "true" else good).extend(names)
    return good, weak


def _features(profile: Element, tables: Tables) -> defaultdict[str, list[str]]:
    """Values by feature label in small letters; what a place gives is spread over `location` and `countries`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for feature in profile.iterfind("Feature"):
        label = tables.label("FeatureType", feature.get("FeatureTypeID")).casefold()
        for version in feature.iterfind("FeatureVersion"):
            found[label] += [tables.day(period) for period in version.iterfind("DatePeriod")]
            for item in version.iterfind("VersionLocation"):
                place = tables.places.get(item.get("LocationID", ""))
                if place and label == "location":
                    found[label].append(place.address)
                    found["countries"].append(place.country)
                elif place:
                    found[label].append(place.country)
            found[label] += [value for item in version.iterfind("VersionDetail") if (value := tables.detail(item))]
    return found


def _labelled(profile: Element, tables: Tables) -> Iterator[tuple[str, str]]:
    """Features with their label as written, as the CSV has them in its remarks: `Aircraft Tail Number EP-GOM`."""
    for feature in profile.iterfind("Feature"):
        label = tables.label("FeatureType", feature.get("FeatureTypeID"))
        for item in feature.iterfind("FeatureVersion/VersionDetail"):
            yield label, tables.detail(item)
