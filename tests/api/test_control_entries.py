"""Control entries and classified lines for other systems: answers, scopes, and what is wrong with a request."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from policies.models import Snapshot
from screening.models import AuditEvent, Shipment
from tests import factories
from tests.api.conftest import Caller, caller, problem

ENTRIES = "/api/v1/control-entries/"
CLASSIFY = "/api/v1/classify/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


def found(erp: Caller, **query: Any) -> Any:
    answer = erp.get(ENTRIES, **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def classified(erp: Caller, body: Any) -> Any:
    answer = erp.post(body, path=CLASSIFY)
    assert answer.status_code == 200, answer.content
    return answer.json()


def fields(answer: Any, kind: str = "invalid-payload") -> dict[str, str]:
    return {error["field"]: error["message"] for error in problem(answer, 400, kind)["errors"]}


def test_entries_are_searched_and_say_what_met_the_query(erp: Caller, policy: Snapshot) -> None:
    said = found(erp, q="dilution refrigerator")
    assert said["snapshot"] == policy.hash
    best = said["results"][0]
    assert (best["code"], best["list"], best["status"]) == ("3A504", "goods/annex_i", "in_force")
    assert best["because"][0]["marked"] == ["dilution", "refrigerator"]


def test_all_entries_come_by_page_each_once(erp: Caller) -> None:
    first = found(erp)
    pages = [found(erp, page=number)["results"] for number in range(1, first["pages"] + 1)]
    codes = [row["code"] for page in pages for row in page]
    assert len(codes) == len(set(codes)) == first["count"] > 500


def test_list_and_family_narrow(erp: Caller) -> None:
    assert {row["list"] for row in found(erp, list="goods/military")["results"]} == {"goods/military"}
    assert {row["family"] for row in found(erp, q="pump", family="annex_i")["results"]} == {"annex_i"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"list": "parties/un"}, "list"),
        ({"family": "toys"}, "family"),
        ({"page": "0"}, "page"),
        ({"page": "9999"}, "page"),
        ({"page": "x"}, "page"),
        ({"q": "x" * 201}, "q"),
        ({"query": "pump"}, "query"),
    ],
)
def test_a_query_that_cannot_be_asked_names_its_parameter(erp: Caller, query: dict[str, str], field: str) -> None:
    assert list(fields(erp.get(ENTRIES, **query), "invalid-query")) == [field]


def test_an_entry_is_told_in_any_spelling(erp: Caller, policy: Snapshot) -> None:
    said = erp.get(f"{ENTRIES}5a2a1/").json()
    assert (said["code"], said["entry"]["code"], said["exact"]) == ("5A002.a.1", "5A002", False)
    assert said["snapshot"] == policy.hash
    assert "EU001" in [row["id"] for row in said["authorisations"]]


def test_an_unknown_code_is_a_problem_with_suggestions(erp: Caller) -> None:
    said = problem(erp.get(f"{ENTRIES}5A009/"), 404, "not-found")
    assert "5A009" in said["detail"] and "5A002" in said["suggestions"]


def test_a_person_who_is_signed_in_reads_entries_too() -> None:
    for person in (factories.exporter(), factories.auditor()):
        client = Client()
        client.force_login(person)
        assert client.get(ENTRIES, {"q": "pump"}).status_code == 200
        assert client.get(f"{ENTRIES}5A002/").status_code == 200


@pytest.mark.parametrize("path", [ENTRIES, f"{ENTRIES}5A002/"])
def test_nobody_in_particular_is_asked_who_they_are(path: str) -> None:
    problem(Client().get(path), 401, "not-authenticated")


def test_a_web_session_does_not_classify_through_the_api() -> None:
    client = Client()
    client.force_login(factories.officer())
    assert client.post(CLASSIFY, {"description": "pump"}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("scopes", [["shipments:read"], ["parties:match"], ["goods:classify"]])
def test_a_token_without_the_scope_is_told_which_one_reads_lists(scopes: Sequence[str]) -> None:
    refused = problem(caller(scopes=scopes).get(ENTRIES), 403, "not-allowed")
    assert "lists:read" in refused["detail"]


@pytest.mark.parametrize("scopes", [["shipments:read"], ["lists:read"]])
def test_a_token_without_the_scope_is_told_which_one_classifies(scopes: Sequence[str]) -> None:
    refused = problem(caller(scopes=scopes).post({"nonsense": 1}, path=CLASSIFY), 403, "not-allowed")
    assert "goods:classify" in refused["detail"]


def test_one_line_is_classified_with_evidence_card_and_versions(erp: Caller, policy: Snapshot) -> None:
    said = classified(erp, {"description": "dilution refrigerator 10 mK", "hs_code": "841869"})
    assert said["snapshot"] == policy.hash and said["engine"]
    (line,) = said["lines"]
    best = line["candidates"][0]
    assert best["code"].startswith("3A504") and 0.5 < best["score"] <= 1
    assert any(one["points"] > 0 for one in best["evidence"])
    assert {source["kind"] for source in line["card"]["sources"]} >= {"declared", "description", "hs"}


def test_many_lines_come_back_in_order_with_their_numbers(erp: Caller) -> None:
    lines = [{"number": 7, "description": "uranium hexafluoride"}, {"description": "wooden chair"}]
    first, second = classified(erp, {"lines": lines})["lines"]
    assert (first["line"], second["line"]) == (7, 2)
    assert any(one["code"].startswith("0C00") for one in first["candidates"])
    assert second["candidates"] == []


def test_five_hundred_lines_are_taken_and_one_more_is_not(erp: Caller) -> None:
    assert len(classified(erp, {"lines": [{"description": "wooden chair"}] * 500})["lines"]) == 500
    said = fields(erp.post({"lines": [{"description": "chair"}] * 501}, path=CLASSIFY))
    assert "has 501 lines; at most 500" in said["lines"]


def test_the_lower_mixture_threshold_counts_where_no_destination_is_known(erp: Caller) -> None:
    line = {"description": "cleaning mixture", "cas_number": "111-48-8", "concentration_percent": 20}
    (said,) = classified(erp, line)["lines"]
    assert [entry["code"] for entry in said["entries"]] == ["1C350"]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ({"description": "4711 0815"}, "holds no words"),
        ({"description": "thiodiglycol", "cas_number": "111-48-9"}, "check digit"),
        ({"description": "pump", "hs_code": "9999"}, "no chapter"),
        ({"description": "software", "control_code": "EAR99"}, "United States"),
        ({"description": "<p>pump</p>"}, "markup"),
    ],
)
def test_what_is_doubtful_is_noted_and_never_silent(erp: Caller, line: dict[str, Any], note: str) -> None:
    assert note in " ".join(classified(erp, line)["lines"][0]["notes"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "description"),
        ({"description": ""}, "description"),
        ({"description": "x" * 8_001}, "description"),
        ({"description": 5}, "description"),
        ({"description": "pump", "hs_code": "12345678901"}, "hs_code"),
        ({"description": "pump", "cas_number": "x"}, "cas_number"),
        ({"description": "pump", "control_code": "screwdriver"}, "control_code"),
        ({"description": "pump", "attributes": [1]}, "attributes"),
        ({"descripton": "pump"}, "descripton"),
        ({"lines": []}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": [{"description": "pump"}, {}]}, "lines[1]"),
        ({"lines": [{"description": "pump"}, {"hs_code": "x"}]}, "lines[1].hs_code"),
        ({"lines": [{"description": "pump"}], "description": "pump"}, "description"),
        ({"lines": [{"description": "x" * 8_000}] * 26}, "lines"),
        ([], ""),
    ],
)
def test_what_is_wrong_is_named_by_its_field(erp: Caller, body: Any, field: str) -> None:
    assert list(fields(erp.post(body, path=CLASSIFY))) == [field]


def test_a_body_that_is_too_large_is_refused_unread(erp: Caller) -> None:
    problem(erp.post({"description": "x" * 5_000_000}, path=CLASSIFY), 413, "body-too-large")


def test_nothing_is_stored_of_what_was_classified(erp: Caller) -> None:
    before = AuditEvent.objects.count()
    classified(erp, {"description": "uranium hexafluoride"})
    assert AuditEvent.objects.count() == before
    assert not Shipment.objects.exists()


def test_lines_cost_no_query_of_their_own(erp: Caller, django_assert_max_num_queries: Any) -> None:
    classified(erp, {"description": "the book is made once"})
    with django_assert_max_num_queries(5):
        classified(erp, {"lines": [{"description": "vacuum pump"}] * 20})


@pytest.mark.parametrize("path", [ENTRIES, f"{ENTRIES}5A002/"])
def test_without_a_policy_in_force_nothing_is_answered(erp: Caller, path: str) -> None:
    Snapshot.objects.all().delete()
    assert "No policy" in problem(erp.get(path), 503, "no-policy")["detail"]
    problem(erp.post({"description": "pump"}, path=CLASSIFY), 503, "no-policy")
