"""OpenSanctions: the simple CSV."""

import csv
import io

import pytest

from policies.importers import ListFileError
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
