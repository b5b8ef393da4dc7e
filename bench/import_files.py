"""Files for `bench/import.py` where no published one is at hand: true to their schema, as long as the real list."""

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.policies import test_uk_csv
from tests.policies.files import SAMPLES
from tests.policies.xlsx import workbook

LETTERS = "abdegiklmnoprstuvz"
STEP = 100_000  # between the numbers of one copy of the sample and the next


def word(number: int) -> str:
    """A word of its own for each number, so that no two entries have the same name."""
    letters = ""
    while number >= 0:
        number, place = divmod(number, len(LETTERS))
        letters, number = LETTERS[place] + letters, number - 1
    return letters.capitalize() + "ov"


def sdn(count: int) -> Iterator[str]:
    """Classic XML of OFAC."""
    text = _sample("sdn.xml")
    copies = count // text.count("<sdnEntry>")
    text = re.sub(r"<Record_Count>\d+<", f"<Record_Count>{copies * text.count('<sdnEntry>')}<", text)
    numbers, names = r"(<uid>)(\d+)", r"(<lastName>[^<]*)"
    return _grown(text, {"sdnEntry": copies}, lambda part, copy: _changed(part, copy, numbers, names))


def sdn_advanced(count: int) -> Iterator[str]:
    """Advanced XML of OFAC: parties, their documents, relations and entries."""
    text = _sample("sdn_advanced.xml")
    copies = count // text.count("<DistinctParty ")
    numbers = (
        r"((?:FixedRef|IdentityID|From-ProfileID|To-ProfileID|SanctionsEntryID|ProfileID"
        r'|<(?:Profile|Identity|SanctionsEntry|IDRegDocument|ProfileRelationship) ID)=")([1-9]\d*)'
    )
    names = r"(<NamePartValue [^>]*>[^<]*)"
    tags = dict.fromkeys(("IDRegDocument", "DistinctParty", "ProfileRelationship", "SanctionsEntry"), copies)
    return _grown(text, tags, lambda part, copy: _changed(part, copy, numbers, names))


def eu(count: int) -> Iterator[str]:
    """Consolidated financial sanctions of the Union."""
    text = _sample("eu.xml")
    copies = count // text.count("<sanctionEntity ")
    numbers, names = r'((?:logicalId="|euReferenceNumber="EU\.))(\d+)', r'((?:wholeName|lastName)="[^"]+)'
    return _grown(text, {"sanctionEntity": copies}, lambda part, copy: _changed(part, copy, numbers, names))


def uk(count: int) -> Iterator[str]:
    """UK sanctions list as XML."""
    text = _sample("uk.xml")
    copies = count // text.count("<Designation>")
    numbers, names = r"(<UniqueID>RUS)(\d+)", r"(<Name6>[^<]*)"
    return _grown(text, {"Designation": copies}, lambda part, copy: _changed(part, copy, numbers, names))


def uk_csv(count: int) -> Iterator[str]:
    """UK sanctions list as CSV, three rows an entry on average."""
    for copy in range(count // 3):
        rows = [
            {
                **row,
                "Unique ID": f"{row['Unique ID']}{copy}",
                **({"Name 6": f"{row['Name 6']} {word(copy)}"} if row.get("Name 6") else {}),
            }
            for row in test_uk_csv.SAMPLE
        ]
        text = test_uk_csv.uk(*rows)
        yield text if copy == 0 else text.split("\r\n", 2)[2]


def csl_json(published: Path) -> Iterator[str]:
    """The published US list, converted record by record: the publisher's JSON has the same fields, taken apart."""
    with gzip.open(published, "rt", encoding="utf-8", newline="") as stream:
        yield '{"search_performed_at": "2022-10-01", "results": ['
        for number, row in enumerate(csv.DictReader(stream)):
            yield (",\n" if number else "") + json.dumps(_result(row))
        yield "]}"


def ftm(count: int) -> Iterator[str]:
    """FollowTheMoney: a sanction for each company, an owned company and an ownership for every other one."""
    for number in range(count):
        yield _entity(f"NK-{number}", "Company", name=[f"{word(number)} Trading LLC", word(number)], country=["ru"])
        yield _entity(f"S-{number}", "Sanction", entity=[f"NK-{number}"], programId=["EU-UKR"], reason=["word " * 40])
        if number % 2:
            yield _entity(f"C-{number}", "Company", name=[f"{word(number)} Works JSC"])
            yield _entity(f"O-{number}", "Ownership", owner=[f"NK-{number}"], asset=[f"C-{number}"], percentage=["51"])


def own_parties(count: int) -> Iterator[list[str]]:
    """An own list with owners, as rows."""
    yield ["id", "name", "effect", "kind", "aliases", "countries", "identifiers", "owners"]
    for number in range(count):
        name = word(number)
        owners = f"{name} Holding (RU) 60|{name} Fund 15"
        yield [
            *(str(number), f"{name} Ordnance Works", "asset_freeze", "organisation", f"{name} OJSC|{name}"),
            *("RU|CY", f"registration:{1_000_000 + number}", owners),
        ]


def own_goods(count: int) -> Iterator[list[str]]:
    yield ["code", "heading", "family", "keywords", "hs"]
    for number in range(count):
        yield [f"LV-{word(number).upper()}", f"{word(number)} drones", "military", f"{word(number)} drone", "8806"]


def own_denials(count: int) -> Iterator[list[str]]:
    yield ["id", "member_state", "date", "item_code", "end_user", "country"]
    for number in range(count):
        yield [f"D{number}", "DE", "2024-09-02", "2A226", f"{word(number)} Industries", "PK"]


def own_country_groups(count: int) -> Iterator[list[str]]:
    yield ["group", "country", "valid_from"]
    for number in range(count):
        yield [f"OWN_{word(number).upper()}", "KZ", "2026-01-01"]


def as_csv(rows: Iterator[list[str]]) -> Iterator[str]:
    for row in rows:
        text = io.StringIO()
        csv.writer(text).writerow(row)
        yield text.getvalue()


def as_xlsx(rows: Iterator[list[str]]) -> bytes:
    return workbook(*rows).stream.read()


def _sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def _grown(text: str, tags: dict[str, int], change: Callable[[str, int], str]) -> Iterator[str]:
    """The text with every run of some elements repeated, each copy changed."""
    place = 0
    for tag, copies in tags.items():
        found = list(re.finditer(rf"<{tag}[ >].*?</{tag}>", text, re.DOTALL))
        first, last = found[0].start(), found[-1].end()
        yield text[place:first]
        for copy in range(copies):
            yield change(text[first:last], copy) + "\n"
        place = last
    yield text[place:]


def _changed(part: str, copy: int, numbers: str, names: str) -> str:
    part = re.sub(numbers, lambda found: f"{found[1]}{int(found[2]) + copy * STEP}", part)
    return re.sub(names, lambda found: f"{found[1]} {word(copy)}", part)


def _entity(id: str, schema: str, **properties: Sequence[str]) -> str:
    entity = {
        "id": id,
        "caption": properties.get("name", [id])[0],
        "schema": schema,
        "properties": properties,
        "referents": [],
        "datasets": ["bench"],
        "first_seen": "2025-10-06T14:15:21",
        "last_seen": "2026-03-13T05:41:01",
        "target": id.startswith("NK-"),
    }
    return json.dumps(entity) + "\n"


def _result(row: dict[str, str]) -> dict[str, Any]:
    many = ("programs", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")
    plain: dict[str, Any] = {("id" if name == "_id" else name): value or None for name, value in row.items()}
    for name in many:
        plain[name] = row[name].split("; ") if row[name] else []
    plain["addresses"] = [_place(text) for text in row["addresses"].split("; ") if text]
    plain["ids"] = [
        {"country": None, "number": ", ".join(parts), "type": what, "issue_date": None, "expiration_date": None}
        for *parts, what in (text.split(", ") for text in row["ids"].split("; ") if text)
    ]
    return plain


def _place(text: str) -> dict[str, Any]:
    street, _, country = text.rpartition(", ")
    return {"address": street or None, "city": None, "state": None, "postal_code": None, "country": country}
