"""The sanctions list of the United Kingdom: what is read, and what it says about ownership."""

from datetime import date

import pytest

from policies.importers import ListFileError, Report, importers
from tests.policies.files import list_file, sample


def read(file):
    """Rows by list id and the report of the parties."""
    report = Report()
    parties, owners = importers("uk_xml")
    return list(parties.parse([file], report)), list(owners.parse([file], Report())), report


def designation(number: str, name: str, inside: str = "") -> str:
    names = f"<Names><Name><Name6>{name}</Name6><NameType>Primary Name</NameType></Name></Names>" if name else ""
    return f"<Designation><UniqueID>{number}</UniqueID>{names}{inside}</Designation>\n"


def test_an_entity_is_read_with_everything_that_identifies() -> None:
    rows, _, report = read(sample("uk.xml"))
    assert rows[0] == {
        "id": "RUS9001",
        "name": "ZVEZDNY ORDNANCE WORKS",
        "effect": "foreign_listing",
        "kind": "organisation",
        "aliases": ["ZOW Group", "ZVEZDNYI ORDNANCE WORKS", "Звездный оружейный завод"],
        "weak": ["ZOW"],
        "countries": ["RU"],
        "addresses": ["12 Zavodskaya St, Tula, 300000, Russia"],
        "identifiers": [
            ["email", "office@example.invalid"],
            ["email", "sales@example.invalid"],
            ["phone", "+7 000 0000001"],
            ["registration", "1027700000001"],
            ["registration", "7701234567"],
        ],
        "births": [],
        "programme": "The Russia (Sanctions) (EU Exit) Regulations 2019; Asset freeze; Trust Services Sanctions",
        "note": "Company; parent company Severny Holding; Invented entry.",
    }
    assert (report.read, report.as_of, report.notes) == ({"entries": 3}, date(2026, 3, 13), [])


def test_a_person_keeps_the_parts_of_a_date_that_are_known() -> None:
    row = read(sample("uk.xml"))[0][1]
    assert (row["kind"], row["name"]) == ("person", "Ivan Petrovich PRIMEROV")
    assert row["births"] == ["1968-12-10", "1969", "1970-05"]
    assert row["countries"] == ["CY", "RU"]
    assert row["identifiers"] == [["national_id", "770123456789"], ["passport", "75 1234567"]]


def test_a_ship_is_a_vessel_with_its_imo_number_and_flag() -> None:
    row = read(sample("uk.xml"))[0][2]
    assert (row["kind"], row["identifiers"], row["countries"]) == ("vessel", [["imo", "9074729"]], ["PA"])
    assert row["note"].endswith("Crude Oil Tanker; owner or operator Severny Shipping S.A.")


def test_ownership_has_a_percent_only_where_the_list_gives_one() -> None:
    assert read(sample("uk.xml"))[1] == [
        {"owner": "Severny Holding", "owned": "ZVEZDNY ORDNANCE WORKS", "percent": None},
        {"owner": "RUS9001", "owned": "Zvezdny Trade House LLC", "percent": 75.0},
        {"owner": "RUS9001", "owned": "Polyarny Instrument Plant", "percent": None},
    ]


def test_a_registration_text_without_number_is_kept_as_it_is() -> None:
    inside = (
        "<EntityDetails><Entity><BusinessRegistrationNumbers><BusinessRegistrationNumber>see notes"
        "</BusinessRegistrationNumber></BusinessRegistrationNumbers></Entity></EntityDetails>"
    )
    rows, _, _ = read(list_file(f"<Designations>{designation('RUS1', 'X', inside)}</Designations>"))
    assert rows[0]["identifiers"] == [["registration", "see notes"]]


def test_an_entry_with_low_quality_names_only_is_named_by_one_of_them() -> None:
    body = designation("RUS1", "").replace(
        "</UniqueID>",
        "</UniqueID><Names><Name><Name6>Only</Name6><NameType>Alias</NameType>"
        "<AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>",
    )
    rows, _, _ = read(list_file(f"<Designations>{body}</Designations>"))
    assert (rows[0]["name"], rows[0]["aliases"], rows[0]["weak"]) == ("Only", [], [])


def test_an_entry_without_name_is_left_out_and_said() -> None:
    rows, owners, report = read(list_file(f"<Designations>{designation('RUS1', '')}</Designations>", "uk.xml"))
    assert (rows, owners, report.skipped_because) == ([], [], ["uk.xml, line 1: no name"])
    assert report.notes == ["the file does not say when it was made (DateGenerated)"]


def test_an_entry_that_stands_twice_refuses_the_file() -> None:
    file = list_file(f"<Designations>{designation('RUS1', 'X') * 2}</Designations>", "uk.xml")
    with pytest.raises(ListFileError, match=r"uk\.xml, line 2: entry RUS1 stands twice"):
        read(file)
