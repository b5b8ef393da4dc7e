"""Every format that is no XML, given what publishers, disks and attackers make of files: refused with a sentence."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from policies.importers import SOURCES, ListFile, ListFileError, Report, Row, importers, packed
from tests.policies import test_opensanctions, test_uk_csv, test_us_lists
from tests.policies.files import list_file
from tests.policies.xlsx import workbook

GOOD: dict[str, str] = {
    "us_csl": test_us_lists.csl({"source": test_us_lists.SDN, "entity_number": "7", "name": "EBANO"}),
    "us_csl_json": test_us_lists.as_json({"source": test_us_lists.SDN, "entity_number": "7", "name": "EBANO"}) + "\n",
    "bis_dpl": test_us_lists.dpl(("I. ASH", "Baker Street 1", "LONDON", "", "GB", *("",) * 7)),
    "opensanctions_csv": test_opensanctions.simple({"id": "NK-1", "schema": "Person", "name": "Ivan Petrov"}),
    "opensanctions_ftm": test_opensanctions.ftm(test_opensanctions.ZVEZDA),
    "uk_csv": test_uk_csv.uk(test_uk_csv.SHIP),
    "own_parties": "id,name,effect,note\n1,Zvezda,asset_freeze,watched since long\n",
    "own_goods": "code,heading,family,keywords\nLV-DRONE-1,Racing drones,military,racing drone\n",
    "own_denials": "id,member_state,date,item_code,end_user\nD1,DE,2024-09-02,2A226,Indus Process\n",
    "own_country_groups": "group,country,note\nOWN_WATCH,KZ,watched since long\n",
}
sources = pytest.mark.parametrize("source", GOOD)


def read(source: str, content: bytes | str | ListFile) -> dict[str, list[Row]]:
    file = content if isinstance(content, ListFile) else list_file(content, "list.dat")
    return {importer.list_id: list(importer.parse([file], Report())) for importer in importers(source)}


def refused(source: str, content: bytes | str | ListFile) -> str:
    with pytest.raises(ListFileError) as error:
        read(source, content)
    return str(error.value)


def test_every_format_that_is_no_xml_is_tried_here() -> None:
    elsewhere = {"ofac_sdn", "ofac_consolidated", "fixtures", "un", "eu"}  # test_ofac, test_own_lists, test_bad_xml
    assert {name for name in SOURCES if not name.endswith(("_xml", "_advanced"))} - elsewhere == set(GOOD)


@sources
def test_a_file_of_nothing_is_refused(source: str) -> None:
    assert refused(source, "") == "list.dat: the file is empty (0 bytes); download it again"


@sources
def test_a_file_that_ends_in_the_middle_is_refused(source: str) -> None:
    for length in (len(GOOD[source]) * 3 // 4, len(GOOD[source]) - 4):
        assert "list.dat" in refused(source, GOOD[source][:length])


@sources
def test_a_nul_byte_is_refused(source: str) -> None:
    place = len(GOOD[source]) * 2 // 3
    said = refused(source, GOOD[source][:place] + "\0" + GOOD[source][place:])
    assert "NUL byte" in said or "no JSON" in said


@pytest.mark.parametrize(
    ("source", "encoding"),
    [pair for pair in product(GOOD, ("utf-16", "latin-1")) if pair != ("bis_dpl", "latin-1")],  # which it may be in
)
def test_another_encoding_is_refused_with_the_byte(source: str, encoding: str) -> None:
    marked = GOOD[source].removeprefix("\ufeff").replace("EBANO", "EBAÑO").replace("Ivan", "Iván")
    marked = marked.replace("Zvezda", "Zvèzda").replace("BALTIC", "BÄLTIC").replace("Racing", "Räcing")
    marked = marked.replace("Indus", "Indüs").replace("watched", "wätched")
    said = refused(source, marked.encode(encoding, errors="replace"))
    assert "is not UTF-8" in said or "neither UTF-8 nor" in said or "NUL byte" in said


@sources
def test_the_file_of_another_list_is_refused_by_what_it_lacks(source: str) -> None:
    others = {content for name, content in GOOD.items() if name != source}
    others |= {'<?xml version="1.0"?>\n<sdnList>\n</sdnList>\n', "<!DOCTYPE html>\n<html><body>moved</body></html>\n"}
    for content in others:
        said = refused(source, content)
        assert any(word in said for word in ("missing", "unknown column", "no JSON", "expected", "no FollowTheMoney"))


@sources
def test_a_megabyte_in_one_field_is_refused(source: str) -> None:
    long = GOOD[source]
    for word in ("EBANO", "Baker", "Ivan", "Zvezda JSC", "BALTIC", "Zvezda", "Racing", "Indus", "watched"):
        if word in long:
            long = long.replace(word, "x" * 1_000_001, 1)
            break
    said = refused(source, long)
    assert "longer than" in said or "larger than field limit" in said


@sources
def test_a_line_without_end_is_refused_before_it_fills_the_memory(source: str) -> None:
    head, _, rest = GOOD[source].partition("\n")
    said = refused(source, f"{head}\n" + "y" * 10_000_000 if rest else GOOD[source][:-20] + "y" * 10_000_000)
    assert "longer than 1000000" in said or "no JSON" in said


@sources
def test_a_packed_file_is_read_like_the_plain_one(source: str) -> None:
    assert read(source, gzip.compress(GOOD[source].encode())) == read(source, GOOD[source])


@sources
def test_a_damaged_or_double_package_is_refused(source: str) -> None:
    whole = gzip.compress(GOOD[source].encode() * 50)
    assert "in the middle" in refused(source, whole[: len(whole) // 2])
    assert "no whole gzip file" in refused(source, whole[:-8] + b"\0" * 8)
    assert "stands within the packed file" in refused(source, gzip.compress(whole))


def test_a_package_that_becomes_too_large_is_refused_while_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    said = refused("us_csl", bomb)
    assert f"{len(bomb)} bytes unpack to more than {packed.ALWAYS}; this is no list and may be an attack" in said


def test_a_file_larger_than_any_list_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST", 1_000)
    said = refused("us_csl", GOOD["us_csl"] * 20)
    assert "no list has more than 1000" in said


SHORT = ("Zvezda", "KZ", "D1", "LV-DRONE-1")
OWN = [name for name in GOOD if name.startswith("own_")]


def as_workbook(source: str, change: Callable[[str], str] = str) -> ListFile:
    rows = [[change(field) for field in line.split(",")] for line in GOOD[source].splitlines()]
    return workbook(*rows)


@pytest.mark.parametrize("source", OWN)
def test_a_damaged_workbook_is_refused(source: str) -> None:
    content = as_workbook(source).stream.read()
    assert read(source, as_workbook(source)) == read(source, GOOD[source])
    assert "no whole XLSX workbook" in refused(source, content[: len(content) // 2])
    flipped = bytearray(content)
    flipped[content.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    assert "no whole XLSX workbook" in refused(source, bytes(flipped))
    assert "a value of 1000001 characters" in refused(
        source, as_workbook(source, lambda text: "x" * 1_000_001 if text in SHORT else text)
    )


def test_a_workbook_that_becomes_too_large_is_refused_unopened() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(content.getvalue()) < 100_000
    assert "the workbook unpacks to 60000000 bytes" in refused("own_parties", content.getvalue())


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    honest = as_workbook("own_parties").stream.read()
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/styles.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    assert "no whole XLSX workbook" in refused("own_parties", lying)


def test_another_archive_is_no_workbook() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("list.csv", GOOD["own_parties"])
    assert "no whole XLSX workbook" in refused("own_parties", content.getvalue())
    assert "this is a ZIP archive or a workbook; unpack it" in refused("us_csl", content.getvalue())


def test_a_date_in_a_workbook_is_a_date_and_nothing_else() -> None:
    said = refused("own_parties", workbook(["id", "name", "effect"], [date(2026, 1, 1), "A", ""]))
    assert said == "list.xlsx, line 2, column 3: effect is empty"
