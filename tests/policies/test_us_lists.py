"""Lists of the United States as tables: what is kept of an entry, how records are joined, what is refused."""

import csv
import io
import json
from typing import Any

import pytest

from policies.importers import ListFileError, Row
from tests.policies.files import list_file, needs_real_lists, parse, real

CSL_COLUMNS = (
    *(
        "_id",
        "source",
        "entity_number",
        "type",
        "programs",
        "name",
        "title",
        "addresses",
        "federal_register_notice",
        "start_date",
        "end_date",
    ),
    *(
        "standard_order",
        "license_requirement",
        "license_policy",
        "call_sign",
        "vessel_type",
        "gross_tonnage",
        "gross_registered_tonnage",
    ),
    *(
        "vessel_flag",
        "vessel_owner",
        "remarks",
        "source_list_url",
        "alt_names",
        "citizenships",
        "dates_of_birth",
        "nationalities",
    ),
    *("places_of_birth", "source_information_url", "ids"),
)
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
ENTITY_LIST = "Entity List (EL) - Bureau of Industry and Security"
DPL_HEAD = (
    *(
        "Name",
        "Street_Address",
        "City",
        "State",
        "Country",
        "Postal_Code",
        "Effective_Date",
        "Expiration_Date",
        "Standard_Order",
        "Last_Update",
    ),
    *("Action", "FR_Citation"),
)


def csl(*records: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, CSL_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def csl_rows(*records: dict[str, str]) -> list[Row]:
    return parse("us_csl", list_file(csl(*records), "consolidated.csv"))[0]


def as_json(*results: dict[str, Any], **others: Any) -> str:
    return json.dumps({"search_performed_at": "2026-03-13", **others, "results": list(results), "total": len(results)})


def dpl(*records: tuple[str, ...]) -> str:
    lines = [DPL_HEAD, *records]
    return "".join("\t".join(f'"{field}"' for field in line) + "\r\n" for line in lines)


def test_an_entry_keeps_its_list_programmes_names_documents_and_countries() -> None:
    (row,) = csl_rows(
        {
            "source": SDN,
            "entity_number": "7",
            "type": "Individual",
            "programs": "SYRIA; SDGT",
            "name": "ABBAS, Rim",
            "addresses": "P.O. Box 5797, Damascus, SY; TR",
            "alt_names": "'ABBAS, Rima; RIM ABBAS",
            "nationalities": "SY",
            "dates_of_birth": "1973-03-25; circa 1974",
            "ids": "QA, 2014-08-30, 2009-08-31, K475336, Passport; Female, Gender; IMO 9305192, Identification Number",
        }
    )
    assert row == {
        "id": "SDN-7",
        "name": "ABBAS, Rim",
        "effect": "foreign_listing",
        "kind": "person",
        "aliases": ["'ABBAS, Rima", "RIM ABBAS"],
        "weak": [],
        "countries": ["SY", "TR"],
        "addresses": ["P.O. Box 5797, Damascus, SY"],
        "identifiers": [["imo", "9305192"], ["passport", "K475336"]],
        "births": ["1973-03-25", "circa 1974"],
        "programme": f"{SDN}; SYRIA; SDGT",
        "note": "",
    }


def test_what_a_licence_is_needed_for_is_kept_as_a_note() -> None:
    (row,) = csl_rows(
        {"source": ENTITY_LIST, "name": "Pulsar LLC", "license_requirement": "All items", "start_date": "2022-03-09"}
    )
    assert row["note"] == "licence requirement: All items; from 2022-03-09"


def test_records_of_one_entry_are_joined_and_one_number_on_two_lists_is_two_entries() -> None:
    mtb = {"entity_number": "17013", "name": "MTB BANK"}
    capta = {"source": "Capta List (CAP) - Treasury Department", **mtb}
    rows = csl_rows({**capta, "addresses": "Moscow, RU"}, {"source": SDN, **mtb}, {**capta, "addresses": "Minsk, BY"})
    assert [(row["id"], row["countries"]) for row in rows] == [("CAP-17013", ["BY", "RU"]), ("SDN-17013", [])]


def test_an_entry_without_number_has_an_id_that_outlives_a_change_of_its_address() -> None:
    first, second = (
        csl_rows({"_id": number, "source": ENTITY_LIST, "name": "Pulsar LLC", "addresses": place})
        for number, place in (("aa", "Moscow, RU"), ("bb", "Minsk, BY"))
    )
    assert first[0]["id"] == second[0]["id"] and first[0]["id"].startswith("EL-")


@pytest.mark.parametrize(
    ("written", "name", "also"),
    [
        ("NPP Pulsar LLC and any successor, sub-unit, or subsidiary thereof", "NPP Pulsar LLC", []),
        ("CASC First Academy, and its sub-units and successors", "CASC First Academy", []),
        ("Precision Corp (a.k.a. Precise, Inc.; CK Inc.)", "Precision Corp", ["CK Inc.", "Precise, Inc."]),
        ("Chitron Ltd., a.k.a. Chi-Chung Ltd.", "Chitron Ltd.", ["Chi-Chung Ltd."]),
        ("Karaka Ltd", "Karaka Ltd", None),
    ],
)
def test_a_name_is_freed_of_what_stands_beside_it(written: str, name: str, also: list[str] | None) -> None:
    (row,) = csl_rows({"source": ENTITY_LIST, "name": written})
    assert row["name"] == name
    assert row["aliases"] == ([] if also is None else sorted([*also, written]))


def test_a_denied_person_with_several_addresses_is_one_entry() -> None:
    order = ("09/17/2020", "09/17/2030", "Y", "2020-09-30", "FR NOTICE ADDED", "85 F.R. 61716")
    rows, report = parse(
        "bis_dpl",
        list_file(
            dpl(
                ("I. ASH", "Trail Lake 605", "RICHARDSON", "TX", "", "75081", *order),
                ("I.  Ash", "Baker Street 1", "LONDON", "", "GB", "", *order),
                ("ZIMO SHENG", "", "CHANGSHU", "", "PRC", "", "01/01/1984", "", "N", "", "", "49 F.R. 2002"),
            )
        ),
    )
    assert [(row["name"], row["countries"]) for row in rows] == [("I. ASH", ["GB", "US"]), ("ZIMO SHENG", ["CN"])]
    assert rows[0]["addresses"] == ["Baker Street 1, LONDON, GB", "Trail Lake 605, RICHARDSON, TX, 75081"]
    assert rows[0]["note"] == "denied from 2020-09-17 to 2030-09-17, 85 F.R. 61716"
    assert rows[1]["note"] == "denied from 1984-01-01, not the standard order, 49 F.R. 2002"
    assert {row["effect"] for row in rows} == {"foreign_listing"}
    assert report.read == {"rows": 3}


def test_denied_persons_in_the_windows_encoding_are_read_and_noted() -> None:
    file = list_file(dpl(("JOSÉ LÓPEZ", *("",) * 11)).encode("cp1252"))
    (row,), report = parse("bis_dpl", file)
    assert row["name"] == "JOSÉ LÓPEZ"
    assert report.notes == ["1 lines are not UTF-8 and were read as cp1252"]


@needs_real_lists
def test_the_published_screening_list_is_read_whole() -> None:
    rows, report = parse("us_csl", *real("consolidated.csv.gz"))
    assert sum(report.read.values()) == 14160
    assert (len(rows), report.skipped, report.unknown_countries) == (14077, 0, {})
    assert len({row["id"] for row in rows}) == len(rows)
    by_id = {row["id"]: row for row in rows}
    assert ["imo", "9305192"] in by_id["SDN-25363"]["identifiers"]
    assert by_id["SDN-25363"]["kind"] == "vessel"
    assert by_id["SDN-25363"]["countries"] == ["IR"]
    users = [row for row in rows if row["programme"].startswith("Military End User (MEU) List")]
    assert len(users) == 71


def test_the_json_file_gives_the_rows_of_the_csv_file() -> None:
    both = {"source": SDN, "entity_number": "7", "type": "Vessel", "name": "EBANO", "vessel_flag": "Panama"}
    text = {"programs": "IRAN; NPWMD", "alt_names": "EBANA; and EBANUS", "addresses": "Calle 23, Havana, CU; IR"}
    fields = {
        "programs": ["IRAN", "NPWMD"],
        "alt_names": ["EBANA", "and EBANUS"],
        "addresses": [
            {"address": "Calle 23", "city": "Havana", "state": None, "postal_code": None, "country": "CU"},
            {"address": None, "city": None, "state": None, "postal_code": None, "country": "IR"},
        ],
        "ids": [{"type": "Vessel Registration Identification", "number": "IMO 7406784", "country": None}],
        "dates_of_birth": None,
        "remarks": "(Linked To: X)",
    }
    ids = {"ids": "IMO 7406784, Vessel Registration Identification", "remarks": "(Linked To: X)"}
    rows, report = parse("us_csl_json", list_file(as_json({**both, **fields})))
    assert rows == csl_rows({**both, **text, **ids})
    assert rows[0]["identifiers"] == [["imo", "7406784"]]
    assert report.read == {"SDN": 1}


def test_a_long_json_file_is_read_piece_by_piece() -> None:
    results = [{"source": SDN, "entity_number": str(number), "name": f"Ā{number} " * 40} for number in range(2000)]
    text = json.dumps({"sources": {"a": [1, 2.5]}, "results": results}, ensure_ascii=False, indent=1)
    assert len(text) > 400_000
    rows, _ = parse("us_csl_json", list_file(text))
    assert [row["id"] for row in rows] == [f"SDN-{number}" for number in range(2000)]


@needs_real_lists
def test_the_published_denied_persons_are_read_whole() -> None:
    rows, report = parse("bis_dpl", *real("dpl_2022-09.txt"))
    assert (report.read, len(rows)) == ({"rows": 581}, 459)
    assert report.as_dict()["unknown_countries"] == {"NM": 1}
    assert sum(len(row["addresses"]) for row in rows) == 579


@pytest.mark.parametrize(
    ("source", "content", "sentence"),
    [
        ("us_csl", "", "list.csv: the file is empty"),
        ("us_csl", '{"results": []}\n', "line 1, column 1: the column 'source' is missing: no US consolidated"),
        (
            "us_csl",
            dpl(),
            "line 1, column 1: the header is missing: no US consolidated screening list",
        ),
        ("us_csl", csl({"source": SDN, "name": "A"})[:-40], "line 2, column "),
        ("us_csl_json", "", "list.csv: the file is empty"),
        ("us_csl_json", csl(), "character 1: expected an object with 'results': another list?, found '_id,source,"),
        ("us_csl_json", "[]", "character 1: expected an object with 'results'"),
        ("us_csl_json", '{"hits": []}', "character 12: expected 'results': another list?, found '}'"),
        ("us_csl_json", '{"results": {"a": 1}}', "character 13: expected a list, found '{"),
        ("us_csl_json", '{"results": ["A"]}', "character 17: expected an object, found 'A': another list?"),
        ("us_csl_json", as_json({"name": "A"}), "result 1 has no 'source' and 'name': no US consolidated"),
        (
            "us_csl_json",
            as_json({"name": "A", "source": "B"})[:-14],
            "expected ',', the file ends; the file is cut off",
        ),
        ("us_csl_json", as_json() + "}", "something follows the list"),
        ("us_csl_json", '{"results": ' + "[" * 100_000, "no JSON (nested too deep)"),
        ("us_csl_json", '{"results": [{"name": NaN}]}', "no JSON (NaN is no JSON)"),
        ("us_csl_json", '{"results": [{"name": "' + "x" * 1_200_000, "one item is longer than 1000000 characters"),
        (
            "bis_dpl",
            csl(),
            "no Denied Persons List, or a damaged one; it seems to be the US consolidated screening list",
        ),
        ("bis_dpl", dpl(("A", "B")), "line 2, column 8: expected 12 columns, found 2"),
        ("bis_dpl", dpl().rstrip(), "line 1, column 152: the last line does not end"),
    ],
)
def test_a_wrong_or_damaged_file_is_refused_with_its_place(source: str, content: str, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        parse(source, list_file(content))
    assert sentence in str(refused.value)
