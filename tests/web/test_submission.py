"""The submission form without script: rows, errors at their fields, nothing typed is lost, and the status after it."""

from typing import Any

import pytest

from screening import payload, runs
from screening.forms import submission, vocabulary
from screening.forms.transcript import payload_of
from screening.models import Run, Shipment
from tests import factories
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
PATH = "/shipments/new/"


def filled(**changes: str) -> dict[str, Any]:
    return {
        "route-reference": "W-1",
        "route-direction": "export",
        "route-origin": "LV",
        "route-destination": "NO",
        "route-shipment_date": "2026-12-01",
        "route-transit_countries": "LT, pl",
        "route-end_use": "furnishing an office",
        "parties-count": "2",
        "parties-0-role": "exporter",
        "parties-0-name": "Baltic Precision SIA",
        "parties-0-country": "LV",
        "parties-1-role": "end_user",
        "parties-1-name": "Fjord Kontor AS",
        "parties-1-country": "NO",
        "parties-1-owners": "Holding One; NO; 60\nHolding Two; SE",
        "parties-1-aliases": "FK\nFjordkontor",
        "parties-1-identifiers": "vat = NO123\nimo=9074729",
        "lines-count": "1",
        "lines-0-description": "office chairs",
        "lines-0-hs_code": "940330",
        "lines-0-quantity": "40",
        "lines-0-unit": "pcs",
        "lines-0-value": "6000.50",
        "lines-0-currency": "EUR",
        "lines-0-attributes": "mass_kg = 12.5\nfoldable = yes\ncolour = grey",
        "declarations-general_authorisations": ["EU001", "EU008"],
        "declarations-exporter_aware": ["military"],
        "declarations-statements": ["no_russia_clause"],
        "declarations-no_processing_in_destination": "false",
        "declarations-first_use_notified_days": "12",
        **changes,
    }


def test_a_filled_form_becomes_the_payload_of_the_api() -> None:
    person = factories.exporter()
    answer = browser(person).post(PATH, filled())
    shipment = Shipment.objects.get()
    assert answer.headers["Location"] == f"/shipments/{shipment.public_id}/"
    assert shipment.organisation == person.organisation
    assert shipment.current is not None
    assert shipment.current.payload == {
        "reference": "W-1",
        "direction": "export",
        "origin": "LV",
        "destination": "NO",
        "shipment_date": "2026-12-01",
        "transit_countries": ["LT", "PL"],
        "end_use": "furnishing an office",
        "parties": [
            {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"},
            {
                "role": "end_user",
                "name": "Fjord Kontor AS",
                "country": "NO",
                "owners": [
                    {"name": "Holding One", "country": "NO", "percent": 60},
                    {"name": "Holding Two", "country": "SE"},
                ],
                "aliases": ["FK", "Fjordkontor"],
                "identifiers": {"vat": "NO123", "imo": "9074729"},
            },
        ],
        "lines": [
            {
                "number": 1,
                "description": "office chairs",
                "hs_code": "940330",
                "quantity": 40,
                "unit": "pcs",
                "value": 6000.5,
                "currency": "EUR",
                "attributes": {"mass_kg": 12.5, "foldable": True, "colour": "grey"},
            }
        ],
        "declarations": {
            "general_authorisations": ["EU001", "EU008"],
            "exporter_aware": ["military"],
            "no_russia_clause": True,
            "no_processing_in_destination": False,
            "first_use_notified_days": 12,
        },
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("route-destination", "ZZ", "unknown country"),
        ("route-direction", "sideways", "unknown direction"),
        ("route-transit_countries", "LT, QQ", "unknown country"),
        ("route-shipment_date", "tomorrow", "is not a date"),
        ("parties-1-name", "", "is missing"),
        ("parties-1-owners", "One; NO; 60\nTwo; XX; 10", "row 2"),
        ("parties-1-identifiers", "shoe = 43", "unknown field"),
        ("lines-0-quantity", "-3", "out of range"),
        ("lines-0-value", "six", "is not a number"),
        ("lines-0-unit", "buckets", "unknown unit"),
        ("lines-0-control_code", "chairs", "is no control code"),
        ("lines-0-cas_number", "1", "is no cas number"),
        ("declarations-first_use_notified_days", "soon", "whole number"),
        ("declarations-exporter_aware", "boredom", "unknown concern"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(field: str, value: str, says: str) -> None:
    answer = browser(factories.exporter()).post(PATH, filled(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Shipment.objects.exists()
    assert f'href="#id_{field}"' in page
    at_field = page.split(f'id="id_{field}_error"')[1].split("</ul>")[0]
    assert says in at_field.lower()
    assert "office chairs" in page
    assert "Holding One" in page or field == "parties-1-owners"
    assert 'value="Baltic Precision SIA"' in page


def test_every_missing_name_is_told_at_once() -> None:
    answer = browser(factories.exporter()).post(PATH, filled(**{"parties-0-name": "", "parties-1-name": " "}))
    page = answer.content.decode()
    assert 'id="id_parties-0-name_error"' in page
    assert 'id="id_parties-1-name_error"' in page


def test_rows_are_added_and_removed_by_buttons_and_keep_what_was_typed() -> None:
    client = browser(factories.exporter())
    page = client.post(PATH, filled(add="lines")).content.decode()
    assert 'name="lines-1-description"' in page
    assert "office chairs" in page
    page = client.post(PATH, filled(remove="parties-0")).content.decode()
    assert 'name="parties-1-name"' not in page
    assert 'name="parties-0-name" value="Fjord Kontor AS"' in page
    assert "Holding One; NO; 60" in page
    assert not Shipment.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"parties-count": "-1"},
        {"parties-count": "many", "lines-count": "9" * 30},
        {"remove": "parties-99"},
        {"remove": "lines"},
        {"add": "everything"},
    ],
)
def test_nonsense_in_the_buttons_breaks_nothing(changes: dict[str, str]) -> None:
    answer = browser(factories.exporter()).post(PATH, filled(**{"route-direction": "", **changes}))
    assert answer.status_code in (200, 422)
    assert not Shipment.objects.exists()


def test_a_reference_used_before_leads_to_its_shipment() -> None:
    client = browser(factories.exporter())
    client.post(PATH, filled())
    answer = client.post(PATH, filled())
    assert answer.status_code == 409
    assert f"/shipments/{Shipment.objects.get().public_id}/" in answer.content.decode()
    assert "office chairs" in answer.content.decode()


def test_the_status_page_waits_and_then_tells_the_outcome(policy: object) -> None:
    client = browser(factories.exporter())
    path = client.post(PATH, filled()).headers["Location"]
    waiting = client.get(path).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "waits for its screening" in waiting
    assert "Look again" in waiting
    runs.screen(Run.objects.get().pk)
    done = client.get(path).content.decode()
    assert "hx-trigger" not in done
    assert str(Shipment.objects.get().get_outcome_display()) in done
    assert "What would change it" in done or Shipment.objects.get().outcome == "clear"


def test_the_form_offers_the_whole_vocabulary() -> None:
    assert set(vocabulary.ROLES) == set(payload.ROLES)
    assert set(vocabulary.PARTY_TYPES) == set(payload.PARTY_TYPES)
    assert set(vocabulary.UNITS) == set(payload.UNITS)
    assert set(vocabulary.CONCERNS) == set(payload.CONCERNS)
    assert set(vocabulary.IDENTIFIERS) == set(payload.IDENTIFIERS)
    offered = set(submission.DeclarationsForm.base_fields) - {"statements"} | set(vocabulary.STATEMENTS)
    assert offered == set(payload.DECLARATIONS)
    assert set(submission.PartyForm.base_fields) == set(payload.PARTY)
    assert set(submission.LineForm.base_fields) | {"number"} == set(payload.LINE)
    assert set(submission.RouteForm.base_fields) == set(payload.SHIPMENT) - {"parties", "lines", "declarations"}


def test_an_empty_form_says_nothing_it_was_not_told() -> None:
    form = submission.Submission(submission.blank("Baltic Precision SIA", "LV"))
    given = payload_of(form)
    assert given["declarations"] == {}
    assert given["lines"] == [{"currency": "EUR"}]
    assert given["parties"][0] == {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"}
