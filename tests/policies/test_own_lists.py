"""Lists that people write themselves, as CSV and as XLSX: what is read, what is refused and where."""

from datetime import date
from pathlib import Path

import pytest

from policies.importers import (
    ListFile,
    ListFileError,
    Report,
    Row,
    importers,
    own_country_groups,
    own_denials,
    own_goods,
    own_parties,
)
from tests.policies.files import list_file, parse
from tests.policies.xlsx import Value, cell, workbook

HEAD = "id,name,effect,kind,aliases,countries,identifiers,owners\n"
GOODS = "code,heading,family,keywords,state,hs,least,valid_from,valid_to\n"
DENIALS = "id,member_state,date,item_code,end_user,country,valid\n"
GROUPS = "group,country,valid_from,valid_to\n"


def lists(source: str, file: ListFile) -> dict[str, list[Row]]:
    return {importer.list_id: list(importer.parse([file], Report())) for importer in importers(source)}


def test_an_own_list_is_read_by_its_header() -> None:
    text = HEAD + '1,"Zvezdny, JSC",asset_freeze,organisation,Zvyozdny|Zvezdny OJSC,RU|Latvia,imo:7406784|tax: 5,\n'
    row = lists("own_parties", list_file(text))["parties/own"][0]
    assert (row["name"], row["aliases"], row["countries"]) == (
        "Zvezdny, JSC",
        ["Zvezdny OJSC", "Zvyozdny"],
        ["LV", "RU"],
    )
    assert row["identifiers"] == [["imo", "7406784"], ["tax", "5"]]


def test_the_owners_of_a_party_make_rows_of_an_ownership_list() -> None:
    owners = "Zvezda Holding (RU) 75|Works (No. 5) (Russia) 12,5 %|Ivan Petrov|Northern Fund 10"
    text = HEAD + f'1,Severny LLC,asset_freeze,,,,,"{owners}"\n2,Nobody,asset_freeze,,,,,\n'
    found = lists("own_parties", list_file(text))
    assert [row["name"] for row in found["parties/own"]] == ["Severny LLC", "Nobody"]
    assert [(row["owner"], row["owner_country"], row["percent"]) for row in found["ownership/own"]] == [
        ("Zvezda Holding", "RU", 75.0),
        ("Works (No. 5)", "RU", 12.5),
        ("Ivan Petrov", "", None),
        ("Northern Fund", "", 10.0),
    ]
    assert {row["owned"] for row in found["ownership/own"]} == {"Severny LLC"}


def test_a_control_list_needs_four_columns_and_fills_the_rest() -> None:
    text = "keywords,code,family,heading\nracing drone|first person view,LV-DRONE-1,military,Racing drones\n"
    (row,), _ = parse("own_goods", list_file(text))
    assert set(row) == {column.name for column in own_goods.COLUMNS}
    assert (row["code"], row["keywords"], row["annex_iv"]) == ("LV-DRONE-1", "racing drone|first person view", "")


def test_denials_and_country_groups_are_read() -> None:
    (denial,), _ = parse("own_denials", list_file(DENIALS + "D1,Germany,2024-09-02,2A226,Indus Process,PK,no\n"))
    assert (denial["member_state"], denial["date"], denial["valid"]) == ("DE", "2024-09-02", False)
    text = GROUPS + "OWN_WATCH,Kazakhstan,2026-01-10,\nOWN_WATCH,KZ,2027-01-10,\nOWN_WATCH,GE,,\n"
    groups, report = parse("own_country_groups", list_file(text))
    assert [(row["id"], row["country"]) for row in groups] == [
        ("OWN_WATCH KZ 2026-01-10", "KZ"),
        ("OWN_WATCH KZ 2027-01-10", "KZ"),
        ("OWN_WATCH GE", "GE"),
    ]
    assert report.entries == 3


@pytest.mark.parametrize(
    ("source", "content", "sentence"),
    [
        ("own_parties", "", "own.csv: the file is empty"),
        ("own_parties", "id,nme,name,effect\n", "line 1, column 1: unknown column 'nme'; known are id, name"),
        ("own_parties", "id,name\n", "line 1, column 1: the column 'effect' is missing: no own party list"),
        ("own_parties", "id,name,effect,id\n", "line 1, column 1: a column stands twice in the header"),
        ("own_parties", HEAD + "1,A,,,,,,\n", "line 2, column 5: effect is empty"),
        ("own_parties", HEAD + "1,A,x,ship,,,,\n", "line 2, column 7: unknown kind 'ship'"),
        ("own_parties", HEAD + "1,A,x,,,Atlantis,,\n", "line 2, column 9: unknown country 'Atlantis'"),
        ("own_parties", HEAD + "1,A,x,,,,7406784,\n", "line 2, column 10: identifier '7406784' is not kind:value"),
        ("own_parties", HEAD + "1,A,x,,,,,B (RU) 120\n", "line 2, column 11: owner 'B (RU) 120' is not"),
        ("own_parties", HEAD + "1,A,x,,,,,B (Atlantis) 20\n", "line 2, column 11: unknown country 'Atlantis'"),
        ("own_parties", HEAD + "1,A,x,,,,,\n1,B,x,,,,,\n", "line 3, column 1: the id '1' stands twice"),
        ("own_parties", HEAD + "1,A,x\n", "line 2, column 6: expected 8 columns, found 3"),
        ("own_parties", HEAD.encode() + b"1,A\xff,x,,,,,\n", "line 2, column 4: byte 0xff is not UTF-8"),
        ("own_parties", b"\xd0\xcf\x11\xe0\xa1", "own.csv: an old or password-protected workbook; save it as XLSX"),
        ("own_goods", GOODS + "screws,X,national,x,LV,,,,\n", "column 1: the code 'screws' is not in the form of the"),
        (
            "own_goods",
            GOODS + "5a2a1,X,annex_i,x,,,,,\n",
            "the code '5a2a1' is not in the form of the lists: write '5A",
        ),
        ("own_goods", GOODS + "5A002,X,dual,x,,,,,\n", "line 2, column 9: unknown family 'dual'"),
        ("own_goods", GOODS + "5A002,X,national,x,,,,,\n", "line 2, column 20: state is empty"),
        ("own_goods", GOODS + "5A002,X,annex_i,x,,9O13,,,\n", "line 2, column 20: hs '9O13' is not as 901380"),
        ("own_goods", GOODS + "5A002,X,annex_i,x,,,range>300,,\n", "least 'range>300' is not as range_km>=300"),
        ("own_goods", GOODS + "5A002,X,annex_i,x,,,,soon,\n", "valid_from 'soon' is no date; write 2026-02-27"),
        ("own_goods", GOODS + "5A002,X,annex_i,x,,,,2026-02-01,2026-01-01\n", "valid_to lies before valid_from"),
        ("own_goods", GOODS + "5A002,X,annex_i,x,,,,,\n5A002,Y,annex_i,x,,,,,\n", "the code '5A002' stands twice"),
        ("own_denials", DENIALS + "D1,DE,soon,2A226,A,PK,\n", "line 2, column 7: date 'soon' is no date"),
        ("own_denials", DENIALS + "D1,DE,2024-09-02,pumps,A,PK,\n", "the item code 'pumps' is no control code"),
        ("own_denials", DENIALS + "D1,DE,2024-09-02,2A226,A,PK,maybe\n", "unknown valid 'maybe'; use one of yes, no"),
        (
            "own_country_groups",
            GROUPS + "watch,KZ,,\n",
            "line 2, column 1: the group 'watch' is not in capital letters",
        ),
        ("own_country_groups", GROUPS + "W,KZ,,\nW,Kazakhstan,,\n", "line 3, column 1: the group 'W KZ' stands twice"),
        ("own_country_groups", HEAD, "the column 'group' is missing: no list of country groups"),
    ],
)
def test_a_wrong_own_list_is_refused_with_line_and_column(source: str, content: str | bytes, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        lists(source, list_file(content, "own.csv"))
    assert sentence in str(refused.value)


def test_a_workbook_gives_the_same_rows_as_the_text() -> None:
    head: list[Value] = GROUPS.strip().split(",")
    file = workbook(head, ["OWN_WATCH", "Kazakhstan", date(2026, 1, 10), ""], [], ["OWN_WATCH", "GE"])
    text = list_file(GROUPS + "OWN_WATCH,Kazakhstan,2026-01-10,\nOWN_WATCH,GE,,\n")
    assert lists("own_country_groups", file) == lists("own_country_groups", text)


def test_numbers_and_yes_or_no_become_text() -> None:
    head: list[Value] = ["id", "member_state", "date", "item_code", "end_user", "valid", "note"]
    file = workbook(head, [12.0, "DE", date(2024, 9, 2), "2A226", "Indus", False, 0.25])
    (row,), _ = parse("own_denials", file)
    assert (row["id"], row["date"], row["valid"], row["note"]) == ("12", "2024-09-02", False, "0.25")


def _sheet(*cells: str) -> str:
    """The header of a list of country groups, and a second row of these cells."""
    head = "".join(cell(f"{chr(65 + place)}1", name) for place, name in enumerate(GROUPS.strip().split(",")))
    return f'<row r="1">{head}</row><row r="2">{"".join(cells)}</row>'


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (workbook(["group", "land"], ["A", "KZ"]), "line 1, column 1: the column 'country' is missing on the first"),
        (workbook(["group", "country"], ["W", "Atlantis"]), "line 2, column 2: unknown country 'Atlantis'"),
        (
            workbook(["group", "country"], ["W", "KZ", "", "x"]),
            "line 2, column 1: a value stands beyond the last of the 2",
        ),
        (workbook(["group", "country"], [1e15, "KZ"]), "line 2, column 1: a number of more than 15 digits has lost"),
        (workbook(), "the first sheet is empty"),
        (
            workbook(sheet=_sheet('<c r="B2" t="e"><f>VLOOKUP(1,A:A,2)</f><v>#N/A</v></c>')),
            "line 2, column 2: a formula gives #N/A; write the value",
        ),
        (workbook(sheet=_sheet('<c r="XFD1048576"><v>1</v></c>')), "line 1048576, column 16384: a cell stands beyond"),
        (workbook(book="<workbook/>"), "no whole XLSX workbook ('no sheet')"),
        (
            workbook(book='<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'),
            "no whole XLSX workbook (DTDForbidden",
        ),
    ],
)
def test_a_wrong_or_hostile_workbook_is_refused_with_its_place(file: ListFile, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        parse("own_country_groups", file)
    assert sentence in str(refused.value)


def test_several_own_lists_stand_side_by_side() -> None:
    named = [importer.list_id for importer in importers("own_parties", name="port_police")]
    assert named == ["parties/port_police", "ownership/port_police"]
    assert importers("own_goods", name="drones")[0].list_id == "goods/drones"
    for source, name in (
        ("own_parties", "un"),
        ("own_parties", "../un"),
        ("own_parties", "Ā"),
        ("own_goods", "annex_i"),
    ):
        with pytest.raises(ValueError, match="cannot be the name of an own list"):
            importers(source, name=name)
    with pytest.raises(ValueError, match="use one of ofac_sdn"):
        importers("ofax")


@pytest.mark.parametrize("module", [own_parties, own_goods, own_denials, own_country_groups], ids=lambda m: m.__name__)
def test_the_page_about_own_lists_describes_every_column(module: object) -> None:
    page = (Path(__file__).parents[2] / "docs" / "own-lists.md").read_text(encoding="utf-8")
    for column in module.COLUMNS:  # type: ignore[attr-defined]
        needed = "yes" if column.required else ""
        assert f"| `{column.name}` | {needed} | {column.meaning.replace('|', chr(92) + '|')} |" in page


FIXTURES = """
fixtures:
  sanctioned_parties:
  - {id: TL-1, name: Zvezdny JSC, country: RU, effect: asset_freeze, aliases: [Zvyozdny]}
  ownership:
  - {owner: TL-1, owned: Severny LLC, percent: 75}
"""


def test_fixtures_fill_three_lists_and_an_absent_part_is_empty() -> None:
    found = {
        importer.list_id: list(importer.parse([list_file(FIXTURES)], Report())) for importer in importers("fixtures")
    }
    assert [row["name"] for row in found["parties/fixtures"]] == ["Zvezdny JSC"]
    assert found["ownership/fixtures"] == [{"owner": "TL-1", "owned": "Severny LLC", "percent": 75}]
    assert found["denials/fixtures"] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "f.yaml: the file is empty"),
        ("a: [1", "f.yaml, line 1, column 6: no valid YAML"),
        ("shipments: []", "f.yaml, line 1: no fixtures here"),
        (b"a: 1\nb: \xff", "f.yaml, line 2, column 4: byte 0xff is not UTF-8"),
        ("a: &a [x, x]\nb: [*a, *a]", "f.yaml: YAML aliases"),
        ("denials: [{id: 1}]", "denials, row 1: the field 'date' is missing"),
        ("denials: [{id: 1, date: soon}]", "denials, row 1: Invalid isoformat string"),
        ("denials: [TL-1]", "denials, row 1: expected named fields"),
    ],
)
def test_wrong_fixtures_are_refused(content: str | bytes, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        for importer in importers("fixtures"):
            list(importer.parse([list_file(content, "f.yaml")], Report()))
    assert sentence in str(refused.value)
