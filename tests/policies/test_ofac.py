"""OFAC files: what is read from them, what is reported, what is refused."""

import pytest

from policies.importers import ListFileError
from tests.policies.files import END, list_file, needs_real_lists, ofac, parse, primary, real


def test_the_parts_are_joined_by_entry_number_in_any_order() -> None:
    alternate = ofac('36,12,"aka","AERO-CARIBBEAN",-0- \r\n36,13,"fka","CUBAN WINGS",-0- \r\n', name="alt.csv")
    address = ofac('36,25,"Calle 23","Havana","Cuba",-0- \r\n', name="add.csv")
    rows, report = parse("ofac_sdn", address, ofac(primary(36, "AEROCARIBBEAN AIRLINES")), alternate)
    assert rows == [
        {
            "id": "36",
            "name": "AEROCARIBBEAN AIRLINES",
            "effect": "foreign_listing",
            "kind": "organisation",
            "aliases": ["AERO-CARIBBEAN", "CUBAN WINGS"],
            "weak": [],
            "countries": ["CU"],
            "addresses": ["Calle 23, Havana, Cuba"],
            "identifiers": [],
            "births": [],
            "programme": "CUBA",
            "note": "",
        }
    ]
    assert report.read == {"primary names": 1, "alternate names": 2, "addresses": 1}
    assert not report.doubts


def test_remarks_give_births_identifiers_nationality_links_and_weak_aliases() -> None:
    remarks = (
        "DOB 10 Dec 1948; alt. DOB circa 1950; nationality Iran; citizen Korea, North; "
        "Passport A12 (Iran) expires 2014; alt. Passport B34; Tax ID No. 7731 (Russia); "
        "Registration Number 10977-X (Russia); National ID No. 55 (Yemen); "
        "Email Address a.b@example.org; a.k.a. 'ABU ONE'; f.k.a. 'OLD; NAME'; Linked To: HIZBALLAH."
    )
    (row,), _ = parse("ofac_sdn", ofac(primary(1, "ABBAS, Abu", type_="individual", remarks=remarks)))
    assert row["kind"] == "person"
    assert row["births"] == ["1948-12-10", "circa 1950"]
    assert row["countries"] == ["IR", "KP"]
    assert row["identifiers"] == [
        ["email", "a.b@example.org"],
        ["national_id", "55"],
        ["passport", "A12"],
        ["passport", "B34"],
        ["registration", "10977-X"],
        ["tax", "7731"],
    ]
    assert row["weak"] == ["ABU ONE", "OLD; NAME"]
    assert row["aliases"] == []
    assert row["note"] == "linked to HIZBALLAH"


def test_a_vessel_has_its_imo_number_and_flag() -> None:
    remarks = "Vessel Registration Identification IMO 7406784; MMSI 572469210."
    (row,), _ = parse("ofac_sdn", ofac(primary(1, "EBANO", type_="vessel", remarks=remarks, flag="Panama")))
    assert (row["kind"], row["countries"]) == ("vessel", ["PA"])
    assert row["identifiers"] == [["imo", "7406784"], ["mmsi", "572469210"]]


def test_long_remarks_go_on_in_the_comments_file() -> None:
    comments = ofac("7,\"r 1027700342890 (Russia); a.k.a. 'RUSAG'.\"\r\n", name="comments.csv")
    (row,), _ = parse("ofac_consolidated", ofac(primary(7, "BANK", remarks="Registration Numbe")), comments)
    assert row["identifiers"] == [["registration", "1027700342890"]]
    assert row["weak"] == ["RUSAG"]


def test_names_and_addresses_without_primary_row_are_reported() -> None:
    alternate = ofac('1,1,"aka","ONE",-0- \r\n9,2,"aka","LOST",-0- \r\n9,3,"aka","LOST TOO",-0- \r\n', name="alt.csv")
    rows, report = parse("ofac_sdn", ofac(primary(1, "FIRST")), alternate)
    assert [row["aliases"] for row in rows] == [["ONE"]]
    assert report.as_dict()["orphans"] == {"alternate names": {"records": 2, "ids": ["9"]}}


def test_an_unknown_country_is_reported_and_no_country() -> None:
    (row,), report = parse("ofac_sdn", ofac(primary(1, "X", flag="Atlantis")))
    assert row["countries"] == []
    assert report.as_dict()["unknown_countries"] == {"Atlantis": 1}


def test_a_file_without_end_mark_is_doubtful() -> None:
    _, report = parse("ofac_sdn", list_file(primary(1, "FIRST") + primary(2, "SECOND"), "sdn.csv"))
    assert report.doubts == ["sdn.csv: no end mark (0x1A) after line 2, it may be cut off"]


def test_older_files_in_another_encoding_are_read_and_noted() -> None:
    (row,), report = parse("ofac_sdn", list_file(primary(1, "COMPAÑIA").encode("cp1252") + END, "sdn.csv"))
    assert row["name"] == "COMPAÑIA"
    assert report.notes == ["sdn.csv: 1 lines are not UTF-8 and were read as cp1252"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "sdn.csv: the file is empty"),
        (primary(1, "A").encode() + b'2,"B', "sdn.csv, line 2, column 5: unexpected end of data"),
        (primary(1, "A").encode() + b'2,"B",-0- ,', "sdn.csv, line 2, column 12: expected 12 columns, found 4"),
        (primary(1, "A").encode() + primary(2, "B").rstrip().encode(), "line 2, column 57: the last line does not end"),
        (primary(1, "A").encode() + b"x" + primary(2, "B").encode(), "line 2, column 1: expected an entry number"),
        (primary(1, "A\x81").encode("latin-1"), "line 1, column 5: byte 0x81 is neither UTF-8 nor cp1252"),
        (primary(1, "A\0").encode(), "line 1, column 5: a NUL byte"),
        (b"<html>\n<body>moved</body>", "line 1, column 1: 1 columns, the first '<html>': no OFAC file"),
        (
            b"<?xml version='1.0'?>\n<sdnList/>",
            "it seems to be the classic XML of OFAC; import it with the source ofac_sdn_xml",
        ),
        (primary(1, "A").encode() * 2, "line 2, column 1: entry 1 stands twice"),
        (b"1" * 1_000_001, "line 1, column 1000000: the line is longer"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(content: bytes, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        parse("ofac_sdn", list_file(content, "sdn.csv"))
    assert sentence in str(refused.value)


def test_the_primary_file_must_be_there_and_only_once() -> None:
    with pytest.raises(ListFileError, match="no file with primary names"):
        parse("ofac_sdn", ofac('1,1,"aka","ONE",-0- \r\n', name="alt.csv"))
    with pytest.raises(ListFileError, match=r"b\.csv: a\.csv holds the primary names already"):
        parse("ofac_sdn", ofac(primary(1, "A"), name="a.csv"), ofac(primary(1, "A"), name="b.csv"))


@needs_real_lists
def test_the_real_sdn_list_is_read_whole_with_its_orphans() -> None:
    rows, report = parse("ofac_sdn", *real("sdn_2024-05-03.csv", "alt_2026-02.csv", "add_2025-12.csv"))
    assert len({row["id"] for row in rows}) == report.entries == 14_965
    assert report.read == {"primary names": 14_965, "alternate names": 20_202, "addresses": 24_244}
    orphans = report.as_dict()["orphans"]
    assert (orphans["alternate names"]["records"], len(orphans["alternate names"]["ids"])) == (2_559, 1_623)
    assert (orphans["addresses"]["records"], len(orphans["addresses"]["ids"])) == (4_893, 4_253)
    assert (report.skipped, report.doubts) == (0, [])
    kinds = [row["kind"] for row in rows]
    assert [kinds.count(kind) for kind in ("organisation", "person", "vessel", "aircraft")] == [6_884, 6_854, 851, 376]
    assert set(report.unknown_countries) == {
        "Netherlands Antilles",
        "Region: Commonwealth of Independent States",
        "Region: Kafia Kingi",
    }
    ebano = next(row for row in rows if row["name"] == "EBANO")
    assert ["imo", "7406784"] in ebano["identifiers"]
    assert {"ANA I", "SAND SWAN"} <= set(ebano["weak"])


@needs_real_lists
def test_the_real_consolidated_list_is_read_whole() -> None:
    names = ("cons_prim_2025-12.csv", "cons_alt_2025-12.csv", "cons_add_2025-12.csv", "cons_comments_2025-12.csv")
    rows, report = parse("ofac_consolidated", *real(*names))
    assert len(rows) == 442
    assert report.read["comments"] == 10
    assert (report.orphans, report.skipped, report.doubts) == ({}, 0, [])
    bank = next(row for row in rows if row["id"] == "17014")
    assert ["registration", "1027700342890"] in bank["identifiers"]


@needs_real_lists
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_real_list_cut_anywhere_is_refused_or_doubtful(part: float) -> None:
    (whole,) = real("sdn_2024-05-03.csv")
    raw = whole.stream.getvalue()  # type: ignore[union-attr]
    middle = int(len(raw) * part)
    with pytest.raises(ListFileError, match=r"sdn\.csv, line \d+, column \d+: "):
        parse("ofac_sdn", list_file(raw[:middle], "sdn.csv"))
    at_line_end = raw.rfind(b"\n", 0, middle) + 1
    _, report = parse("ofac_sdn", list_file(raw[:at_line_end], "sdn.csv"))
    assert "no end mark" in report.doubts[0]
