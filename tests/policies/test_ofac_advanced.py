"""The OFAC lists in the advanced data model: the same entries, with every script and who owns whom."""

from datetime import date

import pytest

from policies.importers import ListFile, ListFileError, Report, Row, importers
from policies.importers.ofac_advanced_tables import Tables
from policies.importers.ofac_advanced_xml import KINDS
from tests.policies.files import list_file, parse, sample

OWN_SCRIPT = "ЗВЕЗДНЫЙ ОРУЖЕЙНЫЙ ЗАВОД"


def read(file: ListFile) -> tuple[list[Row], list[Row], Report]:
    """Parties, ownership and the report of the parties."""
    report = Report()
    parties, owners = importers("ofac_sdn_advanced")
    return list(parties.parse([file], report)), list(owners.parse([file], Report())), report


def whole() -> str:
    return sample("sdn_advanced.xml").stream.read().decode()


def test_the_same_list_from_two_formats_has_the_same_ids_and_differs_by_scripts_and_links_alone() -> None:
    classic, _ = parse("ofac_sdn_xml", sample("sdn.xml"))
    advanced, _, report = read(sample("sdn_advanced.xml"))
    assert [row["id"] for row in advanced] == [row["id"] for row in classic]
    assert report.as_of == date(2024, 5, 3)
    for new, old in zip(advanced, classic, strict=True):
        without = {**new, "note": old["note"], "aliases": [name for name in new["aliases"] if name != OWN_SCRIPT]}
        assert without == old


def test_names_of_every_script_are_aliases_and_those_of_low_quality_are_weak() -> None:
    works = read(sample("sdn_advanced.xml"))[0][0]
    assert works["aliases"] == ["ZVEZDNY ORUZHEYNY ZAVOD", OWN_SCRIPT]
    assert works["weak"] == ["ZOW"]


def test_the_note_says_who_owns_or_controls_an_entry_and_no_former_link() -> None:
    notes = [row["note"] for row in read(sample("sdn_advanced.xml"))[0]]
    assert notes == [
        "",
        "Director General; linked to ZVEZDNY ORDNANCE WORKS",
        "Crude Oil Tanker; vessel owner Severny Shipping S.A.; owned or controlled by ZVEZDNY ORDNANCE WORKS",
        "",
    ]


def test_ownership_names_the_owner_and_invents_no_share() -> None:
    assert read(sample("sdn_advanced.xml"))[1] == [{"owner": "90001", "owned": "BALTIC EXAMPLE", "percent": None}]


@pytest.mark.parametrize(
    ("link", "owner", "owned"),
    [
        ('From-ProfileID="90003" To-ProfileID="90002" RelationTypeID="15003"', "90002", "BALTIC EXAMPLE"),
        ('From-ProfileID="90002" To-ProfileID="90003" RelationTypeID="15003"', "90002", "BALTIC EXAMPLE"),
        ('From-ProfileID="90002" To-ProfileID="90003" RelationTypeID="92019"', "90002", "BALTIC EXAMPLE"),
        ('From-ProfileID="90001" To-ProfileID="90003" RelationTypeID="92019"', "90001", "BALTIC EXAMPLE"),
    ],
)
def test_an_owner_is_the_owner_however_the_link_stands(link: str, owner: str, owned: str) -> None:
    given = 'From-ProfileID="90003" To-ProfileID="90001" RelationTypeID="15003"'
    assert given in whole()
    rows = read(list_file(whole().replace(given, link)))[1]
    assert rows == [{"owner": owner, "owned": owned, "percent": None}]


def test_a_link_to_somebody_who_is_not_in_the_file_is_no_ownership() -> None:
    other = whole().replace('To-ProfileID="90001" RelationTypeID="15003"', 'To-ProfileID="1" RelationTypeID="15003"')
    parties, owners, _ = read(list_file(other))
    assert owners == []
    assert parties[2]["note"] == "Crude Oil Tanker; vessel owner Severny Shipping S.A."


def _day(year: int, month: int, day: int) -> str:
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>"


@pytest.mark.parametrize(
    ("first", "last", "about", "said"),
    [
        ((1968, 12, 10), (1968, 12, 10), "false", "1968-12-10"),
        ((1970, 5, 1), (1970, 5, 31), "false", "1970-05"),
        ((1969, 1, 1), (1969, 12, 31), "false", "1969"),
        ((1969, 1, 1), (1969, 12, 31), "true", "circa 1969"),
        ((1958, 1, 1), (1960, 12, 31), "false", "1958 to 1960"),
        ((1958, 3, 2), (1958, 4, 5), "false", "1958-03-02 to 1958-04-05"),
    ],
)
def test_a_birth_date_is_as_precise_as_the_list_knows_it(
    first: tuple[int, int, int], last: tuple[int, int, int], about: str, said: str
) -> None:
    edges = f"<From>{_day(*first)}</From><To>{_day(*first)}</To>", f"<From>{_day(*last)}</From><To>{_day(*last)}</To>"
    period = f'<Start Approximate="{about}">{edges[0]}</Start><End Approximate="{about}">{edges[1]}</End>'
    old = whole()
    start = old.index("<DatePeriod")
    end = old.index("</DatePeriod>", start)
    file = list_file(old[:start] + "<DatePeriod>" + period + old[end:])
    assert said in read(file)[0][1]["births"]


def test_an_entry_that_stands_twice_refuses_the_file() -> None:
    twice = whole().replace('FixedRef="90002">\n', 'FixedRef="90001">\n')
    with pytest.raises(ListFileError, match=r"list\.csv, line \d+: entry 90001 stands twice"):
        read(list_file(twice))


def test_a_sanctions_entry_without_party_is_reported() -> None:
    _, _, report = read(list_file(whole().replace('ProfileID="90004" ListID', 'ProfileID="99999" ListID')))
    assert report.as_dict()["orphans"] == {"sanctions entries": {"records": 1, "ids": ["99999"]}}


def test_a_party_without_name_is_left_out_and_said() -> None:
    rows, _, report = read(list_file(whole().replace(">RA-00001</NamePartValue>", "></NamePartValue>")))
    assert len(rows) == 3
    assert report.skipped_because[0].endswith(": no name")


def test_a_reference_that_the_file_does_not_have_is_empty_and_no_error() -> None:
    assert Tables().label("FeatureType", "1") == ""
    assert "" not in KINDS
    rows, _, report = read(list_file(whole().replace('PartySubTypeID="1">', 'PartySubTypeID="77">')))
    assert rows[2]["kind"] == ""
    assert report.notes == ["entry 90003: unknown type ''"]
