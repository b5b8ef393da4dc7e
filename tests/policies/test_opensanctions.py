"""OpenSanctions: the simple CSV and the FollowTheMoney JSON lines."""

import csv
import io
import json
from typing import Any

import pytest

from policies.importers import ListFileError, Report, Row, importers
from tests.policies.files import list_file, needs_real_lists, parse, real

HEAD = (
    *(
        "id",
        "schema",
        "name",
        "aliases",
        "birth_date",
        "countries",
        "addresses",
        "identifiers",
        "sanctions",
        "phones",
        "emails",
        "program_ids",
        "dataset",
    ),
    *("first_seen", "last_seen", "last_change"),
)


def simple(*records: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def test_several_values_stand_in_one_field_and_may_hold_the_separator() -> None:
    (row,), report = parse(
        "opensanctions_csv",
        list_file(
            simple(
                {
                    "id": "NK-1",
                    "schema": "Company",
                    "name": "Zvezda",
                    "aliases": 'Звезда;"Zvezda; Moscow"',
                    "countries": "ru;cy",
                    "identifiers": "IMO6495856;7708241920",
                    "emails": "a@example.org",
                    "program_ids": "UA-WS-UAVS",
                    "dataset": "Ukraine War and Sanctions",
                    "last_seen": "2026-03-13T05:41:01",
                }
            )
        ),
    )
    assert row["aliases"] == ["Zvezda; Moscow", "Звезда"]
    assert row["countries"] == ["CY", "RU"]
    assert row["identifiers"] == [
        ["email", "a@example.org"],
        ["imo", "6495856"],
        ["registration", "7708241920"],
        ["tax", "7708241920"],
        ["vat", "7708241920"],
    ]
    assert (row["programme"], row["kind"]) == ("UA-WS-UAVS; Ukraine War and Sanctions", "organisation")
    assert str(report.as_of) == "2026-03-13"


@pytest.mark.parametrize(
    ("dataset", "effect"),
    [
        ("Ukraine War and Sanctions", "foreign_listing"),
        ("US OFAC Specially Designated Nationals (SDN) List", "foreign_listing"),
        ("US OFAC Consolidated List;EU Financial Sanctions Files (FSF)", "asset_freeze"),
    ],
)
def test_only_what_stands_on_a_list_that_binds_here_freezes_assets(dataset: str, effect: str) -> None:
    text = simple({"id": "NK-1", "schema": "Person", "name": "A", "dataset": dataset})
    assert parse("opensanctions_csv", list_file(text))[0][0]["effect"] == effect


def test_an_id_that_stands_twice_refuses_the_file() -> None:
    record = {"id": "NK-1", "schema": "Person", "name": "A"}
    with pytest.raises(ListFileError, match="line 3, column 1: the id 'NK-1' stands twice"):
        parse("opensanctions_csv", list_file(simple(record, record)))


@needs_real_lists
def test_the_published_targets_are_read_whole() -> None:
    rows, report = parse("opensanctions_csv", *real("targets.simple_2026-03-13.csv"))
    assert (len(rows), report.skipped, report.unknown_countries) == (5600, 0, {})
    assert report.read == {"Company": 1524, "LegalEntity": 1193, "Person": 1543, "Vessel": 1340}
    assert str(report.as_of) == "2026-03-13"
    assert sum(1 for row in rows for kind, _value in row["identifiers"] if kind == "imo") > 1500


def entity(id: str, schema: str, *, target: bool = False, **properties: Any) -> dict[str, Any]:
    values = {name: value if isinstance(value, list) else [value] for name, value in properties.items()}
    return {
        "id": id,
        "caption": (values.get("name") or [id])[0],
        "schema": schema,
        "properties": values,
        "datasets": ["ua_war_sanctions"],
        "last_seen": "2026-03-13T05:41:01",
        "target": target,
    }


def ftm(*entities: dict[str, Any]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in entities)


def lists(text: str) -> tuple[dict[str, list[Row]], dict[str, Report]]:
    found = importers("opensanctions_ftm")
    reports = {importer.list_id: Report() for importer in found}
    file = list_file(text, "entities.ftm.json")
    return {item.list_id: list(item.parse([file], reports[item.list_id])) for item in found}, reports


ZVEZDA = entity(
    "NK-1",
    "Company",
    target=True,
    name=["Zvezda JSC", "Звезда"],
    weakAlias="ZVD",
    alias="Zvezda Works",
    country=["ru", "ua-cri"],
    innCode="7708241920",
    imoNumber="IMO6495856",
    notes="Makes drones.",
)


def test_a_party_keeps_weak_aliases_documents_and_what_sanctions_say_of_it() -> None:
    text = ftm(
        entity("S-1", "Sanction", entity="NK-1", program="Annex IV", programId="EU-UKR"),
        ZVEZDA,
        entity("P-1", "Passport", holder="NK-2", number="AB123"),
        entity("NK-2", "Person", name="Ivan Petrov", topics="sanction", birthDate="1970-05"),
        entity("NK-3", "Person", name="Maria Petrova", topics=["sanction.linked", "poi"]),
        entity("A-1", "Address", full="Moscow"),
    )
    rows, reports = lists(text)
    zvezda, petrov = rows["parties/opensanctions"]
    assert (zvezda["aliases"], zvezda["weak"]) == (["Zvezda Works", "Звезда"], ["ZVD"])
    assert zvezda["countries"] == ["RU", "UA"]
    assert zvezda["identifiers"] == [["imo", "6495856"], ["tax", "7708241920"]]
    assert zvezda["programme"] == "Annex IV; EU-UKR; ua_war_sanctions"
    assert (petrov["kind"], petrov["identifiers"]) == ("person", [["passport", "AB123"]])
    assert reports["parties/opensanctions"].read["Person"] == 2
    assert str(reports["parties/opensanctions"].as_of) == "2026-03-13"


def test_a_party_that_only_a_sanction_names_is_listed() -> None:
    text = ftm(entity("NK-9", "Vessel", name="ROSALIN", flag="lr"), entity("S-1", "Sanction", entity="NK-9"))
    assert [row["name"] for row in lists(text)[0]["parties/opensanctions"]] == ["ROSALIN"]


def test_ownership_leads_from_listed_parties_through_what_they_hold() -> None:
    text = ftm(
        entity("O-1", "Ownership", owner="NK-1", asset="NK-5", percentage="75 %"),
        entity("O-2", "Ownership", owner="NK-5", asset="NK-6", percentage="25-50"),
        entity("O-3", "Ownership", owner="NK-7", asset="NK-8", percentage="100"),
        entity("O-4", "Ownership", owner="NK-1", asset="NK-8", percentage="80", endDate="2024-01-01"),
        entity("O-5", "Ownership", owner="NK-1", asset="NK-404"),
        entity("D-1", "Directorship", director="NK-1", organization="NK-6", role="managing company"),
        ZVEZDA,
        *(entity(f"NK-{number}", "Company", name=f"Company {number}") for number in (5, 6, 7, 8)),
    )
    rows, reports = lists(text)
    assert [(row["owner"], row["owned"], row["percent"], row["role"]) for row in rows["ownership/opensanctions"]] == [
        ("NK-1", "Company 5", 75.0, "ownership"),
        ("Company 5", "Company 6", 25.0, "ownership"),
        ("NK-1", "Company 6", None, "managing company"),
    ]
    report = reports["ownership/opensanctions"]
    assert report.read["ended"] == 1
    assert report.as_dict()["orphans"] == {"Ownership": {"records": 1, "ids": ["NK-404"]}}


def test_entities_may_stand_within_others() -> None:
    sanction = entity("S-1", "Sanction", entity="NK-1", programId="EU-UKR")
    link = entity("O-1", "Ownership", owner="NK-1", percentage="60", asset=[entity("NK-5", "Company", name="Severny")])
    nested = {**ZVEZDA, "properties": {**ZVEZDA["properties"], "sanctions": [sanction], "ownershipOwner": [link]}}
    rows, _ = lists(ftm(nested))
    assert [row["programme"] for row in rows["parties/opensanctions"]] == ["EU-UKR; ua_war_sanctions"]
    assert [(row["owner"], row["owned"]) for row in rows["ownership/opensanctions"]] == [("NK-1", "Severny")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "entities.ftm.json: the file is empty"),
        (ftm(ZVEZDA)[:-20], "line 1, column "),
        (ftm(ZVEZDA).rstrip(), "the last line does not end; the file is cut off"),
        (ftm(ZVEZDA) + "[]\n", "line 2, column 1: expected an object, found '[]'"),
        ('{"results": []}\n', "line 1: no id, schema and properties: no FollowTheMoney entity"),
        (simple(), "line 1, column 5: no JSON object (Extra data)"),
        (ftm(ZVEZDA, ZVEZDA), "the id 'NK-1' stands twice"),
    ],
)
def test_what_is_no_whole_file_of_entities_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        lists(text)
    assert sentence in str(refused.value)
