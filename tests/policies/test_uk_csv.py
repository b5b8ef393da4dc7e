"""The UK sanctions list as CSV gives what its XML gives."""

import csv
import io

import pytest

from policies.importers import ListFile, ListFileError, Report, Row, importers
from tests.policies.files import list_file, sample

COLUMNS = (
    *("Last Updated", "Unique ID", "OFSI Group ID", "UN Reference Number", "Name 6", "Name 1", "Name 2", "Name 3"),
    *("Name 4", "Name 5", "Name type", "Alias strength", "Title", "Name non-latin script", "Non-latin script type"),
    *("Non-latin script language", "Regime Name", "Designation Type", "Designation source", "Sanctions Imposed"),
    *("Other Information", "UK Statement of Reasons", "Address Line 1", "Address Line 2", "Address Line 3"),
    *("Address Line 4", "Address Line 5", "Address Line 6", "Address Postal Code", "Address Country", "Phone number"),
    *("Website", "Email address", "Date Designated", "D.O.B", "Nationality(/ies)", "National Identifier number"),
    *("National Identifier additional information", "Passport number", "Passport additional information", "Position"),
    *("Gender", "Town of birth", "Country of birth", "Type of entity", "Subsidiaries", "Parent company"),
    *("Business registration number (s)", "IMO number", "Current owner/operator (s)", "Previous owner/operator (s)"),
    *("Current believed flag of ship", "Previous flags", "Type of ship", "Tonnage of ship", "Length of ship"),
    *("Year Built", "Hull identification number (HIN)"),
)
RUSSIA = {"Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019"}
WORKS = {
    **RUSSIA,
    "Unique ID": "RUS9001",
    "Designation Type": "Entity",
    "Sanctions Imposed": "Asset freeze|Trust Services Sanctions",
    "Other Information": "Invented entry.",
    "Address Line 1": "12 Zavodskaya St",
    "Address Line 6": "Tula",
    "Address Postal Code": "300000",
    "Address Country": "Russia",
    "Phone number": "+7 000 0000001",
    "Email address": "office@example.invalid; sales@example.invalid",
    "Type of entity": "Company",
    "Business registration number (s)": "Tax ID (INN): 7701234567, Registration ID (OGRN): 1027700000001",
    "Parent company": "Severny Holding",
    "Subsidiaries": "(1) Zvezdny Trade House LLC (75%) (2) Polyarny Instrument Plant",
}
PERSON = {
    **RUSSIA,
    "Unique ID": "RUS9002",
    "Designation Type": "Individual",
    "Name 1": "Ivan",
    "Name 2": "Petrovich",
    "Name 6": "PRIMEROV",
    "Name type": "Primary name",
    "Sanctions Imposed": "Asset freeze|Travel Ban",
    "Passport number": "75 1234567",
    "National Identifier number": "770123456789",
    "Position": "Director General",
}
SHIP = {
    **RUSSIA,
    "Unique ID": "RUS9003",
    "Designation Type": "Ship",
    "Name 6": "BALTIC EXAMPLE",
    "Name type": "Primary Name",
    "Sanctions Imposed": "Prohibition of Port Entry",
    "IMO number": "IMO9074729",
    "Current owner/operator (s)": "Severny Shipping S.A.",
    "Current believed flag of ship": "Panama",
    "Previous flags": "Liberia",
    "Type of ship": "Crude Oil Tanker",
}
SAMPLE = (
    {**WORKS, "Name 6": "ZOW Group", "Name type": "Alias", "Alias strength": "Good quality a.k.a"},
    {**PERSON, "D.O.B": "10/12/1968", "Nationality(/ies)": "Russia"},
    {**WORKS, "Name 6": "ZVEZDNY ORDNANCE WORKS", "Name type": "Primary Name"},
    {**WORKS, "Name 6": "ZVEZDNYI ORDNANCE WORKS", "Name type": "Primary Name Variation"},
    {**WORKS, "Name 6": "ZOW", "Name type": "ALias", "Alias strength": "Low quality a.k.a"},
    {**WORKS, "Name non-latin script": "Звездный оружейный завод"},
    {**PERSON, "D.O.B": "dd/mm/1969", "Nationality(/ies)": "(1) Russia (2) Cyprus"},
    {**PERSON, "D.O.B": "dd/05/1970"},
    SHIP,
)


def uk(*records: dict[str, str], first: str = "Report Date: 13-Mar-2026") -> str:
    text = io.StringIO()
    text.write(f"\ufeff{first}\r\n")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def lists(source: str, file: ListFile) -> tuple[dict[str, list[Row]], Report]:
    """Every list of the source, and the report of the parties."""
    report = Report()
    parties, ownership = importers(source)
    found = {parties.list_id: list(parties.parse([file], report))}
    return {**found, ownership.list_id: list(ownership.parse([file], Report()))}, report


def test_the_text_makes_the_lists_that_the_xml_makes() -> None:
    from_text, report = lists("uk_csv", list_file(uk(*SAMPLE)))
    from_xml, _ = lists("uk_xml", sample("uk.xml"))
    assert [row["id"] for row in from_text["parties/uk"]] == ["RUS9001", "RUS9002", "RUS9003"]
    assert len(from_text["ownership/uk"]) == 3
    assert from_text == from_xml
    assert str(report.as_of) == "2026-03-13"


def test_a_row_without_id_or_name_is_left_out_and_counted() -> None:
    file = list_file(uk({**SHIP, "Unique ID": ""}, {**SHIP, "Name 6": ""}, PERSON))
    rows, report = lists("uk_csv", file)
    assert [row["id"] for row in rows["parties/uk"]] == ["RUS9002"]
    assert report.skipped_because == ["list.csv, line 3: no unique id", "list.csv: no name"]


def test_a_file_without_date_is_noted() -> None:
    _, report = lists("uk_csv", list_file(uk(SHIP, first="Report")))
    assert report.as_of is None
    assert report.notes == ["the file does not say when it was made (Report Date)"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "list.csv: the file is empty"),
        ("Report Date: 13-Mar-2026\r\n", "the column 'Unique ID' is missing: no UK sanctions list"),
        ("Last Updated,03/06/2026\nName 6,Group Type,Group ID\n", "it seems to be the closed list of HM Treasury"),
        ("id,name\n1,A\n", "line 2, column 1: the column 'Unique ID' is missing"),
        (uk(SHIP)[:-10], "expected 58 columns, found"),
    ],
)
def test_what_is_no_whole_list_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(ListFileError) as refused:
        lists("uk_csv", list_file(content))
    assert sentence in str(refused.value)
