"""What a caller reads: the answer to a shipment, the list, and the description of the API itself."""

import pytest
import yaml
from django.test import Client

from screening import cases
from screening.models import Outcome
from tests import factories
from tests.api.conftest import SHIPMENTS, Caller, caller, problem

pytestmark = pytest.mark.django_db


def test_before_the_screening_there_is_no_finding(erp: Caller) -> None:
    url = erp.post(factories.payload()).json()["url"]
    answer = erp.get(url).json()
    assert (answer["status"], answer["outcome"], answer["findings"], answer["run"]) == ("received", "", [], None)


def test_the_answer_names_findings_and_the_run_that_can_be_replayed() -> None:
    shipment = factories.screened(Outcome.PROHIBITED, reason="EMBARGO_ARMS")
    answer = caller(owner=shipment.organisation).get(f"{SHIPMENTS}{shipment.public_id}/").json()
    assert (answer["status"], answer["outcome"], answer["decision"]) == ("screened", "prohibited", None)
    finding = answer["findings"][0]
    assert (finding["reason"], finding["effect"]) == ("EMBARGO_ARMS", "prohibited")
    assert set(finding) >= {
        "subject",
        "title",
        "rule",
        "legal_basis",
        "principles",
        "because",
        "evidence",
        "covered_by",
    }
    assert finding["because"] == [{"clause": "shipment.direction == 'export'", "value": "export"}]
    assert set(answer["run"]) >= {"id", "snapshot", "engine", "facts_hash", "finished_at"}
    assert answer["run"]["id"] == str(shipment.latest_run.public_id)


def test_a_decision_is_answered_when_a_second_officer_has_confirmed_it() -> None:
    case = factories.proposed(factories.officer(), kind="no_licence_required")
    erp = caller(owner=case.shipment.organisation)
    path = f"{SHIPMENTS}{case.shipment.public_id}/"
    assert erp.get(path).json()["decision"] is None
    cases.confirm(case, by=factories.senior_officer(), version=case.version)
    assert erp.get(path).json()["decision"]["kind"] == "no_licence_required"


def test_the_list_is_read_by_page(erp: Caller) -> None:
    references = [erp.post(factories.payload()).json()["reference"] for _ in range(5)]
    first = erp.get(page_size=2).json()
    second = erp.get(first["next"]).json()
    third = erp.get(second["next"]).json()
    read = [row["reference"] for page in (first, second, third) for row in page["results"]]
    assert (read, third["next"]) == (references[::-1], None)


def test_the_list_is_filtered(erp: Caller) -> None:
    erp.post(factories.payload(reference="ERP-1"))
    erp.post(factories.payload(reference="ERP-2"))
    assert [row["reference"] for row in erp.get(reference="ERP-2").json()["results"]] == ["ERP-2"]
    assert erp.get(outcome="prohibited").json()["results"] == []


def test_an_unknown_filter_value_is_an_error(erp: Caller) -> None:
    for query in ({"outcome": "maybe"}, {"outcome": ""}, {"outcom": "clear"}):
        assert [row["field"] for row in problem(erp.get(**query), 400, "invalid-query")["errors"]] == list(query)


@pytest.mark.parametrize("size", ["0", "201", "many", ""])
def test_a_page_has_a_sensible_size(erp: Caller, size: str) -> None:
    assert problem(erp.get(page_size=size), 400, "invalid-query")["errors"][0]["field"] == "page_size"


def test_a_broken_cursor_is_an_error(erp: Caller) -> None:
    problem(erp.get(cursor="nonsense"), 404, "not-found")


@pytest.mark.parametrize("path", ["nothing/", "shipments", "shipments/17/", ""])
def test_a_wrong_address_is_a_problem_document(client: Client, path: str) -> None:
    problem(client.get(f"/api/v1/{path}"), 404, "not-found")  # type: ignore[arg-type]


def test_a_wrong_method_is_a_problem_document(erp: Caller) -> None:
    answer = erp.client.delete(SHIPMENTS, headers={"Authorization": f"Bearer {erp.secret}"})
    problem(answer, 405, "method-not-allowed")  # type: ignore[arg-type]


def test_the_schema_describes_the_payload_and_the_problems(client: Client) -> None:
    schema = yaml.safe_load(client.get("/api/v1/schema/").content)
    post = schema["paths"]["/api/v1/shipments/"]["post"]
    body = post["requestBody"]["content"]["application/json"]["schema"]
    assert set(factories.payload()) <= set(body["properties"])
    assert "application/problem+json" in post["responses"]["400"]["content"]
    assert post["security"] == [{"token": []}]


def test_the_documentation_loads_from_this_site_only(client: Client) -> None:
    answer = client.get("/api/v1/schema/ui/")
    assert "http" not in "".join(
        line for line in answer.content.decode().splitlines() if "src=" in line or "href=" in line
    )
    assert "script-src" not in answer.headers["Content-Security-Policy"]
