"""The list of the Security Council: what is read, what is refused, and in how much memory."""

import tracemalloc
from datetime import date

import pytest

from policies.importers import ListFileError, Report, importers
from tests.policies.files import UN_HEAD, list_file, needs_real_lists, parse, real, un

PERSON = """<INDIVIDUAL>
  <DATAID>1</DATAID><FIRST_NAME>SAYED</FIRST_NAME><SECOND_NAME>GHIAS</SECOND_NAME><THIRD_NAME>x</THIRD_NAME>
  <UN_LIST_TYPE>Taliban</UN_LIST_TYPE><REFERENCE_NUMBER>TAi.001</REFERENCE_NUMBER>
  <NAME_ORIGINAL_SCRIPT>سید</NAME_ORIGINAL_SCRIPT><COMMENTS1>Listed.</COMMENTS1>
  <DESIGNATION><VALUE>Minister</VALUE></DESIGNATION>
  <NATIONALITY><VALUE>Afghanistan</VALUE><VALUE>Iran (Islamic Republic of)</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Sayed G; Said G</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Parwan</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ADDRESS><STREET>Main 1</STREET><CITY>Kabul</CITY><COUNTRY>Pakistan</COUNTRY></INDIVIDUAL_ADDRESS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1961-02-03</DATE></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1960</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE>
  <FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Número de pasaporte</TYPE_OF_DOCUMENT>
  <NUMBER>OB 02</NUMBER></INDIVIDUAL_DOCUMENT>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>
  <NUMBER>77</NUMBER></INDIVIDUAL_DOCUMENT>
  <INDIVIDUAL_DOCUMENT/>
</INDIVIDUAL>"""
ENTITY = """<ENTITY><FIRST_NAME>AL-HARAMAIN</FIRST_NAME><REFERENCE_NUMBER>QDe.1</REFERENCE_NUMBER>
  <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>HARAMAYN</ALIAS_NAME></ENTITY_ALIAS></ENTITY>"""


def test_an_individual_is_read_with_everything_that_identifies() -> None:
    (row,), report = parse("un", un(PERSON))
    assert row == {
        "id": "TAi.001",
        "name": "SAYED GHIAS x",
        "effect": "asset_freeze",
        "kind": "person",
        "aliases": ["Said G", "Sayed G", "سید"],
        "weak": ["Parwan"],
        "countries": ["AF", "IR", "PK"],
        "addresses": ["Main 1, Kabul, Pakistan"],
        "identifiers": [["national_id", "77"], ["passport", "OB 02"]],
        "births": ["1958 to 1963", "1961-02-03", "circa 1960"],
        "programme": "Taliban",
        "note": "Minister; Listed.",
    }
    assert (report.aliases, report.weak_aliases, report.as_of) == (3, 1, date(2026, 2, 27))


def test_an_entity_is_an_organisation() -> None:
    (row,), report = parse("un", un(entities=ENTITY))
    assert (row["kind"], row["name"], row["aliases"]) == ("organisation", "AL-HARAMAIN", ["HARAMAYN"])
    assert report.read == {"entity": 1}


def test_an_entry_without_name_is_skipped_with_a_reason() -> None:
    rows, report = parse("un", un(entities="<ENTITY><REFERENCE_NUMBER>QDe.9</REFERENCE_NUMBER></ENTITY>" + ENTITY))
    assert len(rows) == 1
    assert (report.skipped, report.skipped_because) == (1, ["un.xml, QDe.9: no name"])


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "un.xml: the file is empty"),
        (UN_HEAD + "<INDIVIDUALS>" + PERSON + "<INDIVIDUAL><FIRST", "line 22, column 26: unclosed token"),
        (UN_HEAD, "un.xml, line 3, column 1: no element found"),
        ("<html/>", "un.xml, line 1: the root element is 'html'"),
        (BOMB + "<CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>", "a document type declaration stands in the file"),
        (OUTSIDE + "<CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>", "a document type declaration stands in the file"),
        (b"<CONSOLIDATED_LIST>\n\xff\xfe</CONSOLIDATED_LIST>", "line 2, column 1: not well-formed"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_with_its_place(content: str | bytes, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        parse("un", list_file(content, "un.xml"))
    assert sentence in str(refused.value)


@needs_real_lists
def test_the_real_list_is_read_whole() -> None:
    rows, report = parse("un", *real("UN_consolidated_2026-02.xml"))
    assert report.read == {"individual": 730, "entity": 273}
    assert len({row["id"] for row in rows}) == 1_003
    assert (report.weak_aliases, report.skipped) == (619, 0)
    assert set(report.unknown_countries) == {"former Soviet Union"}
    assert report.as_of == date(2026, 2, 27)
    ould = next(row for row in rows if row["id"] == "QDi.015")
    assert "محفوظ ولد الوليد" in ould["aliases"]


@needs_real_lists
def test_memory_does_not_grow_with_the_list() -> None:
    (importer,) = importers("un")
    files = real("UN_consolidated_2026-02.xml")
    tracemalloc.start()
    try:
        count = sum(1 for _row in importer.parse(files, Report()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1_003
    assert peak < 2_000_000, "the parsed file would be about 20 MB"


@needs_real_lists
@pytest.mark.parametrize("part", [0.2, 0.5, 0.999])
def test_a_real_list_cut_anywhere_is_refused(part: float) -> None:
    (whole,) = real("UN_consolidated_2026-02.xml")
    raw = whole.stream.getvalue()  # type: ignore[union-attr]
    with pytest.raises(ListFileError, match=r"un\.xml, line \d+, column \d+: "):
        parse("un", list_file(raw[: int(len(raw) * part)], "un.xml"))
