"""The OFAC lists as classic XML: the same entries as in the CSV files, under the same numbers."""

from datetime import date

import pytest

from policies import content
from policies.importers import ListFileError
from tests.policies.files import list_file, ofac, parse, primary, sample

NAMESPACE = ' xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"'
REMARKS = "Tax ID No. 7701234567 (Russia); Registration Number 1027700000001 (Russia); a.k.a. 'ZOW'; "


def csv_files() -> list:
    """The entries of `samples/sdn.xml` as the publisher would write them in CSV."""
    return [
        ofac(
            primary(90001, "ZVEZDNY ORDNANCE WORKS", remarks=REMARKS + "Linked To: SEVERNY HOLDING.",
                    programme="UKRAINE-EO13662] [RUSSIA-EO14024"),
            '90002,"PRIMEROV, Ivan Petrovich","individual","RUSSIA-EO14024","Director General",' + "-0- ," * 6
            + '"DOB 10 Dec 1968; alt. DOB circa 1969; nationality Russia; citizen Cyprus; Gender Male;'
            ' Passport 75 1234567 (Russia) expires 01 Jan 2030."\r\n',
            '90003,"BALTIC EXAMPLE","vessel","RUSSIA-EO14024",-0- ,"T2EU4","Crude Oil Tanker","99144","56068","Panama",'
            '"Severny Shipping S.A.","Vessel Registration Identification IMO 9074729; MMSI 572469210."\r\n',
            primary(90004, "RA-00001", type_="aircraft", programme="RUSSIA-EO14024",
                    remarks="Aircraft Tail Number RA-00001; Aircraft Manufacturer's Serial Number (MSN) 9501."),
        ),
        ofac('90001,4,"aka","ZVEZDNY ORUZHEYNY ZAVOD",-0- \r\n90002,9,"aka","PRIMEROFF, Ivan",-0- \r\n', name="a.csv"),
        ofac('90001,6,"12 Zavodskaya St, Bldg 3","Tula, Tula Oblast 300000","Russia",-0- \r\n', name="add.csv"),
    ]  # fmt: skip


def test_both_formats_of_one_list_give_the_same_content() -> None:
    from_xml, _ = parse("ofac_sdn_xml", sample("sdn.xml"))
    from_csv, _ = parse("ofac_sdn", *csv_files())
    assert [row["id"] for row in from_xml] == ["90001", "90002", "90003", "90004"]
    assert from_xml == from_csv
    assert content.prepare("parties", from_xml).digest == content.prepare("parties", from_csv).digest


def test_the_file_says_its_date_and_its_count() -> None:
    _, report = parse("ofac_sdn_xml", sample("sdn.xml"))
    assert (report.as_of, report.doubts, report.read) == (date(2024, 5, 3), [], {"entries": 4})
    assert (report.aliases, report.weak_aliases) == (2, 1)


def test_a_count_that_is_not_kept_is_a_doubt() -> None:
    short = sample("sdn.xml").stream.read().replace(b"<Record_Count>4<", b"<Record_Count>15000<")
    _, report = parse("ofac_sdn_xml", list_file(short, "sdn.xml"))
    assert report.doubts == ["sdn.xml: the file says that it holds 15000 entries and holds 4"]


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://tempuri.org/sdnList.xsd"'])
def test_files_of_every_year_are_read(namespace: str) -> None:
    other = sample("sdn.xml").stream.read().replace(NAMESPACE.encode(), namespace.encode())
    assert NAMESPACE.encode() not in other
    assert parse("ofac_sdn_xml", list_file(other))[0] == parse("ofac_sdn_xml", sample("sdn.xml"))[0]


def test_vessels_and_aircraft_keep_their_kind_and_numbers() -> None:
    rows = {row["id"]: row for row in parse("ofac_consolidated_xml", sample("sdn.xml"))[0]}
    assert (rows["90003"]["kind"], rows["90004"]["kind"]) == ("vessel", "aircraft")
    assert ["imo", "9074729"] in rows["90003"]["identifiers"]
    assert rows["90004"]["identifiers"] == [["serial_number", "9501"], ["tail_number", "RA-00001"]]
    assert rows["90003"]["note"] == "Crude Oil Tanker; vessel owner Severny Shipping S.A."


def test_an_entry_that_stands_twice_refuses_the_file_with_its_line() -> None:
    entry = "<sdnEntry><uid>7</uid><lastName>ONE</lastName></sdnEntry>\n"
    with pytest.raises(ListFileError, match=r"sdn\.xml, line 2: entry 7 stands twice"):
        parse("ofac_sdn_xml", list_file(f"<sdnList>{entry * 2}</sdnList>", "sdn.xml"))


def test_an_entry_without_name_or_number_is_left_out_and_said() -> None:
    body = "<sdnEntry><uid>7</uid></sdnEntry>\n<sdnEntry><lastName>X</lastName></sdnEntry>"
    rows, report = parse("ofac_sdn_xml", list_file(f"<sdnList>{body}</sdnList>", "sdn.xml"))
    assert rows == []
    assert report.skipped_because == ["sdn.xml, line 1: no name", "sdn.xml, line 2: no number (uid)"]
