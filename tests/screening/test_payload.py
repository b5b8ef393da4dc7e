"""The vocabulary: every wrong value is named by its path with what to do, and nothing is changed on the way in."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from screening.payload import PayloadError, clean
from tests import payloads


def body(**changes: Any) -> dict[str, Any]:
    return payloads.furniture() | changes


def with_line(**changes: Any) -> dict[str, Any]:
    return body(lines=[payloads.furniture()["lines"][0] | changes])


def with_party(**changes: Any) -> dict[str, Any]:
    return body(parties=[{"role": "consignee", "name": "Consignee Ltd"} | changes])


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        (body(direction="exprt"), "direction", "did you mean 'export'"),
        (body(destination="ZZ"), "destination", "ISO 3166-1"),
        (body(destination=False), "destination", 'quote "NO"'),
        (body(transit_countries=["RU", "Russia"]), "transit_countries[1]", "unknown country"),
        (with_party(role="buyer"), "parties[0].role", "unknown role"),
        (with_party(name=""), "parties[0].name", "is missing"),
        (with_party(identifiers={"duns": "1"}), "parties[0].identifiers.duns", "unknown field"),
        (with_party(owners=[{"name": "A", "percent": 101}]), "parties[0].owners[0].percent", "at most 100"),
        (with_line(unit="kgs"), "lines[0].unit", "did you mean 'kg'"),
        (with_line(quantity=-1), "lines[0].quantity", "more than 0"),
        (with_line(quantity="1.000,5"), "lines[0].quantity", "decimal point"),
        (with_line(quantity=True), "lines[0].quantity", "not a number"),
        (with_line(control_code="screwdriver"), "lines[0].control_code", "no control code"),
        (with_line(hs_code="12"), "lines[0].hs_code", "4 to 10 digits"),
        (with_line(cas_number="7719-9"), "lines[0].cas_number", "102-71-6"),
        (with_line(description="x" * 2_000_000), "lines[0].description", "2,000,000 characters"),
        (with_line(description="a\x00b"), "lines[0].description", "control characters"),
        (body(declarations={"no_rusia_clause": True}), "declarations.no_rusia_clause", "did you mean"),
        (body(declarations={"exporter_aware": "wdm"}), "declarations.exporter_aware[0]", "did you mean 'wmd'"),
        (body(shipment_date="1.12.2025"), "shipment_date", "2026-11-23"),
        (body(lines=[{"description": "x"}] * 500), "lines", "at most 400"),
        (body(lines=[{"number": 1}, {"number": 1}]), "lines[1].number", "stands twice"),
        (body(colour="red"), "colour", "unknown field"),
        ({}, "direction", "say one of"),
        ([], "", "one JSON object"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(raw: Any, path: str, said: str) -> None:
    with pytest.raises(PayloadError) as refused:
        clean(raw)
    assert [(error.path, said in error.message) for error in refused.value.errors] == [(path, True)]


def test_every_mistake_is_told_at_once() -> None:
    raw = with_line(unit="kgs", quantity=-1) | {"destination": "ZZ"}
    with pytest.raises(PayloadError) as refused:
        clean(raw)
    assert {error.path for error in refused.value.errors} == {"destination", "lines[0].unit", "lines[0].quantity"}


def test_what_is_absent_stays_absent_and_the_input_is_not_changed() -> None:
    raw = {"direction": "export", "destination": " no ", "lines": [{"description": " pump "}], "end_use": None}
    before = deepcopy(raw)
    assert clean(raw) == {
        "direction": "export",
        "destination": "NO",
        "lines": [{"description": "pump", "number": 1}],
    }
    assert raw == before


def test_numbers_and_dates_that_people_leave_bare_are_read_as_text() -> None:
    raw = with_party(identifiers={"imo": 9187629}, date_of_birth=date(1970, 1, 2)) | {"reference": 4711}
    cleaned = clean(raw)
    assert cleaned["reference"] == "4711"
    assert cleaned["parties"][0]["identifiers"] == {"imo": "9187629"}
    assert cleaned["parties"][0]["date_of_birth"] == "1970-01-02"


def test_one_concern_and_a_list_of_them_are_the_same() -> None:
    one = clean(body(declarations={"exporter_aware": "wmd"}))
    assert one == clean(body(declarations={"exporter_aware": ["wmd"]}))
    assert clean(body(declarations={"general_authorisations": ["eu001"]}))["declarations"] == {
        "general_authorisations": ["EU001"]
    }
