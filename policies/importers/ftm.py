"""OpenSanctions as FollowTheMoney JSON lines: the listed parties, with their weak aliases.

One entity a line (`{"id", "schema", "properties": {name: [values]}, "datasets", "target"}`); sanctions, documents and
ownership are entities of their own that point at their parties, or stand within them in the nested edition. The file is
read twice, since what points at a party may stand anywhere; `ftm_links` reads who owns or directs whom. https://followthemoney.tech/explorer/
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policies.importers import json_stream, opensanctions
from policies.importers.shape import ListFile, ListFileError, Report, Row, birth_date, only, party

LISTED = ("sanction", "export.control", "export.risk", "debarment", "asset.frozen", "invest.ban")  # topics
IDENTIFIERS = {
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "uscCode": "registration",
    "taxNumber": "tax",
    "innCode": "tax",
    "vatCode": "vat",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "passportNumber": "passport",
    "idNumber": "national_id",
    "socialSecurityNumber": "national_id",
    "leiCode": "lei",
    "dunsCode": "duns",
    "swiftBic": "swift",
    "isinCode": "isin",
    "serialNumber": "serial_number",
    "email": "email",
    "phone": "phone",
    "website": "website",
}
ALIASES = ("alias", "previousName", "abbreviation")
COUNTRIES = ("country", "mainCountry", "jurisdiction", "nationality", "citizenship", "flag", "pastFlags")
SANCTION = ("program", "programId", "programUrl")
Properties = Mapping[str, Sequence[Any]]


@dataclass
class About:
    """What other entities of the file say of a party."""

    programmes: list[str] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The listed parties: those marked as targets, with a topic of listing, or that a sanction points at."""
    file = only(files)
    about = gather(file)
    seen: set[str] = set()
    latest = ""
    for entity in entities(file):
        report.read[entity["schema"]] += 1
        kind = opensanctions.KINDS.get(entity["schema"])
        if kind is None or not is_listed(entity, about):
            continue
        if entity["id"] in seen:
            raise ListFileError(f"the id {entity['id']!r} stands twice; the file is damaged", file=file.name)
        seen.add(entity["id"])
        latest = max(latest, str(entity.get("last_seen") or "")[:10])
        if row := _entry(entity, kind, about.get(entity["id"], About()), report):
            yield row
    report.as_of = _day(latest)


def entities(file: ListFile) -> Iterator[dict[str, Any]]:
    """Every entity of the file, those within another one too. Raises `ListFileError` where one is no entity."""
    for number, item in enumerate(json_stream.lines(file), start=1):
        if not isinstance(item.get("id"), str) or not isinstance(item.get("properties"), dict) or "schema" not in item:
            message = "no id, schema and properties: no FollowTheMoney entity"
            raise ListFileError(message, file=file.name, line=number)
        yield from _nested(item)


def texts(properties: Properties, *names: str) -> list[str]:
    """The values of some properties. Entities within the entity are left out."""
    found = [properties.get(name) for name in names]
    return [value for values in found if isinstance(values, list) for value in values if isinstance(value, str)]


def _nested(entity: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield entity
    for values in entity["properties"].values():
        for value in values if isinstance(values, list) else ():
            if isinstance(value, dict) and isinstance(value.get("properties"), dict) and "id" in value:
                yield from _nested({"schema": "", **value})


def gather(file: ListFile) -> Mapping[str, About]:
    """What sanctions and documents say of the parties they point at, by the party's id."""
    about: defaultdict[str, About] = defaultdict(About)
    for entity in entities(file):
        properties = entity["properties"]
        if entity["schema"] == "Sanction":
            for number in texts(properties, "entity"):
                about[number].programmes += texts(properties, *SANCTION) or texts(properties, "authority") or [""]
        elif entity["schema"] in ("Passport", "Identification"):
            kind = "passport" if entity["schema"] == "Passport" else "national_id"
            numbers = [(kind, value) for value in texts(properties, "number", "passportNumber")]
            for number in texts(properties, "holder"):
                about[number].documents += numbers
    return about


def is_listed(entity: Mapping[str, Any], about: Mapping[str, About]) -> bool:
    """Whether an entity is a listed party: it may also be an owner, a relative or an address of one."""
    topics = texts(entity["properties"], "topics")
    if entity.get("target") is True or entity["id"] in about and about[entity["id"]].programmes:
        return True
    return any(topic.startswith(LISTED) and not topic.startswith("sanction.linked") for topic in topics)


def _entry(entity: Mapping[str, Any], kind: str, about: About, report: Report) -> Row | None:
    properties: Properties = entity["properties"]
    names = texts(properties, "name")
    name = str(entity.get("caption") or "") or next(iter(names), "")
    if not name:
        report.skip(f"{entity['id']}: no name")
        return None
    datasets = [str(item) for item in entity.get("datasets") or ()]
    programmes = dict.fromkeys([*about.programmes, *texts(properties, "programId"), *datasets])
    return party(
        report,
        id=entity["id"],
        name=name,
        effect=opensanctions.effect(datasets),
        kind=kind,
        aliases=[*names, *texts(properties, *ALIASES)],
        weak=texts(properties, "weakAlias"),
        countries=[report.country(code.split("-")[0].upper()) for code in texts(properties, *COUNTRIES)],
        addresses=texts(properties, "address"),
        identifiers=[*_identifiers(properties), *about.documents],
        births=[birth_date(value) for value in texts(properties, "birthDate")],
        programme="; ".join(programme for programme in programmes if programme),
        note="; ".join(texts(properties, "position", "notes")),
    )


def _identifiers(properties: Properties) -> Iterator[tuple[str, str]]:
    for name, kind in IDENTIFIERS.items():
        yield from ((kind, value.removeprefix("IMO").strip()) for value in texts(properties, name))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
