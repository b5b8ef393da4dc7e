"""Submitting: 202 for what can be screened, and for everything else an answer that says what to do."""

import json
from typing import Any

import pytest

from screening.models import Run, Shipment
from tests import factories
from tests.api.conftest import Caller, caller, problem


def wrong(erp: Caller, **changes: Any) -> dict[str, str]:
    """The mistakes by field that a changed payload gets, with nothing stored."""
    answer = erp.post(factories.payload(**changes))
    body = problem(answer, 400, "invalid-payload")
    assert not Shipment.objects.exists()
    return {row["field"]: row["message"] for row in body["errors"]}


def line(**changes: Any) -> list[dict[str, Any]]:
    return [factories.payload()["lines"][0] | changes]


def test_a_shipment_is_accepted_and_can_be_followed(erp: Caller) -> None:
    answer = erp.post(factories.payload(reference="ERP-1"))
    assert answer.status_code == 202
    body = answer.json()
    assert (body["reference"], body["status"]) == ("ERP-1", "received")
    assert answer.headers["Location"] == body["url"] == f"http://testserver/api/v1/shipments/{body['id']}/"
    shipment = Shipment.objects.get(public_id=body["id"])
    assert (shipment.organisation, shipment.revisions.get().submitted_with) == (erp.organisation, erp.token)
    assert Run.objects.filter(revision=shipment.current, state="queued").count() == 1
    assert erp.get(body["url"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"direction": "sideways"}, "direction"),
        ({"direction": None}, "direction"),
        ({"destination": "Norway"}, "destination"),
        ({"transit_countries": ["LV", "ZZ"]}, "transit_countries[1]"),
        ({"shipment_date": "01.12.2025"}, "shipment_date"),
        ({"parties": [{"role": "friend", "name": "X", "country": "LV"}]}, "parties[0].role"),
        ({"parties": "none"}, "parties"),
        ({"lines": line(unit="bushel")}, "lines[0].unit"),
        ({"lines": line(quantity=-1)}, "lines[0].quantity"),
        ({"lines": line(control_code="not a code")}, "lines[0].control_code"),
        ({"lines": [*line(), *line(number=2, value="many")]}, "lines[1].value"),
        ({"declarations": {"no_such_key": True}}, "declarations.no_such_key"),
        ({"colour": "red"}, "colour"),
        ({"lines": line(description="x" * 2 * 1024 * 1024)}, "lines[0].description"),
        ({"lines": [line(number=number)[0] for number in range(1, 501)]}, "lines"),
        ({"end_use": "a\u0000b"}, "end_use"),
        ({"end_use": "half a pair \ud800"}, "end_use"),
        ({"\ud800": 1}, "\\ud800"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_named_with_its_field(erp: Caller, changes: dict[str, Any], field: str) -> None:
    assert field in wrong(erp, **changes)


def test_every_mistake_is_named_at_once(erp: Caller) -> None:
    assert set(wrong(erp, destination="XX", direction="up", lines=line(unit="?"))) == {
        "destination",
        "direction",
        "lines[0].unit",
    }


@pytest.mark.parametrize("attributes", [{"a\u0000b": 1}, {"\ud800": 1}, {"name": "a\u0000b"}, {"name": "\ud800"}])
def test_what_no_database_can_store_is_refused(erp: Caller, attributes: dict[str, Any]) -> None:
    answer = erp.post(factories.payload(lines=line(attributes=attributes)))
    problem(answer, 400, "invalid-payload")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "line 1, column 2"),
        (b'{\n "direction": export}', "line 2, column 15"),
        (b'{"reference": "\xff"}', "not UTF-8: byte 15 is 0xff"),
        (b'{"value": NaN}', "NaN is not a JSON value"),
        (b'{"origin": "LV", "origin": "RU"}', "'origin' stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"quantity": ' + b"9" * 5000 + b"}", "Malformed JSON"),
    ],
    ids=["open", "bare word", "not utf-8", "nan", "twice", "deep", "endless number"],
)
def test_a_broken_body_is_explained(erp: Caller, body: bytes, sentence: str) -> None:
    assert sentence in problem(erp.post(body), 400, "parse-error")["detail"]
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"7"])
def test_a_body_that_is_no_object_is_a_payload_mistake(erp: Caller, body: bytes) -> None:
    assert "object" in problem(erp.post(body), 400, "invalid-payload")["errors"][0]["message"]


def test_an_empty_body_lacks_everything(erp: Caller) -> None:
    assert problem(erp.post(b""), 400, "invalid-payload")["errors"][0]["field"] == "direction"


def test_a_body_that_is_too_large_is_refused_unread(erp: Caller) -> None:
    body = json.dumps(factories.payload(end_use="x" * 5_000_000))
    assert "larger than" in problem(erp.post(body), 413, "body-too-large")["detail"]


def test_only_json_is_taken(erp: Caller) -> None:
    problem(erp.post(b"a,b", content_type="text/csv"), 415, "unsupported-media-type")


def test_a_reference_used_before_points_to_its_shipment(erp: Caller) -> None:
    first = erp.post(factories.payload(reference="ERP-1")).json()
    body = problem(erp.post(factories.payload(reference="ERP-1")), 409, "duplicate-reference")
    assert (body["id"], body["url"]) == (first["id"], first["url"])
    assert Shipment.objects.count() == 1


def test_the_reference_of_another_organisation_is_free(erp: Caller) -> None:
    assert caller().post(factories.payload(reference="ERP-1")).status_code == 202
    assert erp.post(factories.payload(reference="ERP-1")).status_code == 202


def test_a_reading_token_does_not_submit(db: None) -> None:
    body = problem(caller(scopes=["shipments:read"]).post(factories.payload()), 403, "not-allowed")
    assert "shipments:write" in body["detail"]
    assert not Shipment.objects.exists()


def test_every_header_of_the_answer_is_plain_text_as_wsgi_demands(erp: Caller) -> None:
    answer = erp.post(factories.payload())
    assert answer.headers["Location"] == answer.json()["url"]
    assert {type(value) for _, value in answer.items()} == {str}
