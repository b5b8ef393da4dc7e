"""Lists that people write themselves: the party CSV, and the fixtures of worked examples."""

import pytest

from policies.importers import ListFileError, Report, importers
from tests.policies.files import list_file, parse

HEAD = "id,name,effect,kind,aliases,countries,identifiers\n"


def test_an_own_list_is_read_by_its_header() -> None:
    text = HEAD + '1,"Zvezdny, JSC",asset_freeze,organisation,Zvyozdny|Zvezdny OJSC,RU|Latvia,imo:7406784|tax: 5\n'
    (row,), report = parse("party_csv", list_file(text))
    assert (row["name"], row["aliases"], row["countries"]) == (
        "Zvezdny, JSC",
        ["Zvezdny OJSC", "Zvyozdny"],
        ["LV", "RU"],
    )
    assert row["identifiers"] == [["imo", "7406784"], ["tax", "5"]]
    assert (report.read, report.entries) == ({"rows": 1}, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "own.csv: the file is empty"),
        ("id,nme,effect\n", "line 1, column 1: unknown column 'nme'"),
        ("id,name\n", "line 1, column 1: the column 'effect' is missing"),
        (HEAD + "1,A,,,,,\n", "line 2, column 5: effect is empty"),
        (HEAD + "1,A,x,ship,,,\n", "line 2, column 7: unknown kind 'ship'"),
        (HEAD + "1,A,x,,,Atlantis,\n", "line 2, column 9: unknown country 'Atlantis'"),
        (HEAD + "1,A,x,,,,7406784\n", "line 2, column 10: identifier '7406784' is not kind:value"),
        (HEAD + "1,A,x,,,,\n1,B,x,,,,\n", "line 3, column 1: the id '1' stands twice"),
        (HEAD + "1,A,x\n", "line 2, column 6: expected 7 columns, found 3"),
        (HEAD.encode() + b"1,A\xff,x,,,,\n", "line 2, column 4: byte 0xff is not UTF-8"),
    ],
)
def test_a_wrong_own_list_is_refused_with_line_and_column(content: str | bytes, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        parse("party_csv", list_file(content, "own.csv"))
    assert sentence in str(refused.value)


def test_several_own_lists_stand_side_by_side() -> None:
    assert importers("party_csv", name="port_police")[0].list_id == "parties/port_police"
    for name in ("un", "../un", "Ā"):
        with pytest.raises(ValueError, match="cannot be the name of an own list"):
            importers("party_csv", name=name)
    with pytest.raises(ValueError, match="use one of ofac_sdn"):
        importers("ofax")


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
