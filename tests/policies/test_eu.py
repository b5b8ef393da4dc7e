"""The list of the European Union: what is read, and that its order does not matter."""

import re
from datetime import date

import pytest

from policies import content
from policies.importers import ListFileError
from tests.policies.files import list_file, parse, sample


def test_an_organisation_is_read_with_everything_that_identifies() -> None:
    rows, report = parse("eu", sample("eu.xml"))
    assert rows[0] == {
        "id": "EU.90001.11",
        "name": "Zvezdny Ordnance Works JSC",
        "effect": "asset_freeze",
        "kind": "organisation",
        "aliases": ["Звездный оружейный завод"],
        "weak": ["ZOW"],
        "countries": ["RU"],
        "addresses": ["12 Zavodskaya St, 300000, Tula, RUSSIAN FEDERATION"],
        "identifiers": [
            ["email", "office@example.invalid"],
            ["email", "sales@example.invalid"],
            ["registration", "1027700000001"],
            ["tax", "7701234567"],
        ],
        "births": [],
        "programme": "UKR",
        "note": "regulation 2024/9999 (OJ L) of 2024-02-23; Date of UN designation: none. Invented entry.",
    }
    assert (report.read, report.as_of) == ({"entries": 3}, date(2026, 3, 13))


def test_a_person_keeps_dates_of_every_precision_and_both_scripts_of_a_passport() -> None:
    row = parse("eu", sample("eu.xml"))[0][1]
    assert (row["kind"], row["name"], row["aliases"], row["weak"]) == (
        "person", "Ivan Petrovich Primerov", [], ["Vanya"],
    )  # fmt: skip
    assert row["births"] == ["1960 to 1965", "1968-12-10", "1970-05", "circa 1969"]
    assert row["identifiers"] == [["passport", "AB 123456"], ["passport", "АБ 123456"]]
    assert row["countries"] == ["RU"]
    assert row["programme"] == "IRQ; TAQA"
    assert row["note"].startswith("Director General; regulation 1210/2003 (OJ L169) of 2003-07-07; United Nations QDi")


def test_a_number_that_the_list_calls_false_identifies_nobody() -> None:
    assert "FALSE-1" in sample("eu.xml").stream.read().decode()
    assert not [row for row in parse("eu", sample("eu.xml"))[0] if ["passport", "FALSE-1"] in row["identifiers"]]


def test_a_vessel_has_its_imo_number() -> None:
    row = parse("eu", sample("eu.xml"))[0][2]
    assert (row["kind"], row["identifiers"]) == ("vessel", [["imo", "9074729"]])


def test_a_file_in_another_order_is_the_same_list() -> None:
    whole = sample("eu.xml").stream.read().decode()
    first = whole.index("<sanctionEntity")
    entries = re.findall(r"<sanctionEntity.*?</sanctionEntity>", whole, re.DOTALL)
    turned = "\n".join(_turned(entry) for entry in reversed(entries))
    other = whole[:first] + turned + "</export>"
    given, found = parse("eu", sample("eu.xml"))[0], parse("eu", list_file(other))[0]
    assert [row["id"] for row in found] == [row["id"] for row in reversed(given)]
    assert content.prepare("parties", found).digest == content.prepare("parties", given).digest


def _turned(entry: str) -> str:
    """The entry with its names and regulations in reverse order."""
    for tag in ("nameAlias", "regulation", "identification"):
        items = re.findall(rf"<{tag} [^>]*?(?:/>|>.*?</{tag}>)", entry, re.DOTALL)
        for number, item in enumerate(items):
            entry = entry.replace(item, f"@{number}@", 1)
        for number, item in enumerate(reversed(items)):
            entry = entry.replace(f"@{number}@", item, 1)
    return entry


def test_an_entry_without_reference_number_has_its_logical_number() -> None:
    body = '<sanctionEntity logicalId="13"><nameAlias wholeName="X" strong="true"/></sanctionEntity>'
    rows, report = parse("eu", list_file(f"<export>{body}</export>"))
    assert rows[0]["id"] == "logical 13"
    assert report.notes[0] == "the file does not say when it was made (generationDate)"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('<sanctionEntity euReferenceNumber="EU.1.1"/>', "eu.xml, line 1: no name"),
        ('<sanctionEntity><nameAlias wholeName="X"/></sanctionEntity>', "eu.xml, line 1: no reference number"),
    ],
)
def test_an_entry_that_names_nobody_is_left_out_and_said(body: str, sentence: str) -> None:
    rows, report = parse("eu", list_file(f"<export>{body}</export>", "eu.xml"))
    assert (rows, report.skipped_because) == ([], [sentence])


def test_an_entry_that_stands_twice_refuses_the_file() -> None:
    entry = '<sanctionEntity euReferenceNumber="EU.1.1"><nameAlias wholeName="X"/></sanctionEntity>\n'
    with pytest.raises(ListFileError, match=r"eu\.xml, line 2: entry EU\.1\.1 stands twice"):
        parse("eu", list_file(f"<export>{entry * 2}</export>", "eu.xml"))
