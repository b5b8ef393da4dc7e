"""Parties looked up by another system: one or many, with reasons, from the published lists only."""

import time
from collections.abc import Sequence
from typing import Any

import pytest

from policies.models import Snapshot
from screening.models import AuditEvent, DeclaredName, Shipment
from tests.api.conftest import Caller, caller, problem
from tests.publications import put_in_force

MATCH = "/api/v1/match/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

WORKS = {
    "id": "UN-1",
    "name": "Zvezdny Ordnance Works JSC",
    "effect": "asset_freeze",
    "kind": "organisation",
    "countries": ["RU"],
    "identifiers": [["tax", "7700000001"]],
}
SECRET = {"id": "S-1", "name": "Quiet Harbour Brokers", "effect": "foreign_listing", "countries": ["LV"]}


@pytest.fixture
def lists(policy: Snapshot) -> Snapshot:
    return put_in_force({"parties/un": [WORKS]})


@pytest.fixture
def secrets(policy: Snapshot) -> Snapshot:
    """A published list, two own lists, and an own ownership list that ties a harmless company to a published entry."""
    owned = {"id": "1", "owner": "UN-1", "owned": "Harmless Front SIA", "percent": 75.0}
    own = {"parties/own": [SECRET], "parties/port_police": [{**SECRET, "id": "S-2", "name": "Silent Quay Trading"}]}
    return put_in_force({"parties/un": [WORKS], **own, "ownership/own": [owned]})


def ask(erp: Caller, body: Any, *, query: str = "") -> Any:
    return erp.post(body, path=f"{MATCH}{query}")


def answered(erp: Caller, body: Any, *, query: str = "") -> Any:
    answer = ask(erp, body, query=query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def fields(erp: Caller, body: Any, *, query: str = "") -> dict[str, str]:
    """The fields that are wrong, each with what is said of it."""
    refused = problem(ask(erp, body, query=query), 400, "invalid-payload")
    return {error["field"]: error["message"] for error in refused["errors"]}


@pytest.mark.usefixtures("lists")
def test_one_party_is_answered_with_its_reasons_and_what_was_searched(erp: Caller) -> None:
    said = answered(erp, {"name": "Zvezdny Ordnanse Works", "country": "RU"})
    assert said["snapshot"] == Snapshot.objects.get(state="published").hash
    assert (said["threshold"], said["near_certain"]) == (0.8, 0.93)
    assert [(one["list"], one["entries"], one["stale"]) for one in said["lists"]] == [("parties/un", 1, False)]
    (result,) = said["results"]
    assert (result["id"], result["total"], result["truncated"]) == (None, 1, False)
    assert result["query"] == {"name": "Zvezdny Ordnanse Works", "country": "RU"}
    (hit,) = result["hits"]
    assert (hit["match"], hit["list"], hit["entry"], hit["effect"]) == ("similar", "parties/un", "UN-1", "asset_freeze")
    assert ("ordnanse", "ordnance") in {(pair["declared"], pair["listed"]) for pair in hit["pairs"]}
    assert hit["sentence"].startswith("The declared name “Zvezdny Ordnanse Works”")


@pytest.mark.usefixtures("lists")
def test_a_batch_comes_back_in_order_with_the_callers_ids(erp: Caller) -> None:
    queries = [{"id": "a", "name": "Nordic Timber"}, {"id": 7, "name": "ZVEZDNY ORDNANCE WORKS"}, {"name": "Nobody"}]
    results = answered(erp, {"queries": queries})["results"]
    assert [(one["id"], one["total"]) for one in results] == [("a", 0), ("7", 1), (None, 0)]


@pytest.mark.usefixtures("lists")
def test_an_identifier_finds_whatever_the_name(erp: Caller) -> None:
    (result,) = answered(erp, {"name": "Nordic Timber", "identifiers": {"tax": "77 000 000 01"}})["results"]
    assert [hit["match"] for hit in result["hits"]] == ["identifier"]


@pytest.mark.usefixtures("lists")
def test_the_threshold_and_the_limit_stand_in_the_body_or_in_the_address(erp: Caller) -> None:
    body = {"name": "Zvezdny Ordnance"}
    assert answered(erp, body, query="?threshold=0.99")["results"][0]["total"] == 0
    assert answered(erp, body, query="?threshold=0.5&limit=1")["threshold"] == 0.5
    assert answered(erp, {**body, "threshold": 0.7}, query="?threshold=0.99")["results"][0]["total"] == 1


def test_more_hits_than_the_limit_are_counted_and_said(erp: Caller) -> None:
    put_in_force({"parties/un": [{**WORKS, "id": f"UN-{number}"} for number in range(60)]})
    (result,) = answered(erp, {"name": "Zvezdny Ordnance Works"})["results"]
    assert (len(result["hits"]), result["total"], result["truncated"]) == (10, 60, True)
    (result,) = answered(erp, {"name": "Zvezdny Ordnance Works", "limit": 50})["results"]
    assert (len(result["hits"]), result["total"], result["truncated"]) == (50, 60, True)


@pytest.mark.parametrize("name", ["🚀🚀", "!?", "\u202e\u200f", "—"])
@pytest.mark.usefixtures("lists")
def test_a_name_that_says_nothing_is_an_error_in_its_own_place_and_never_an_empty_answer(
    erp: Caller, name: str
) -> None:
    results = answered(erp, {"queries": [{"id": "x", "name": name}, {"name": "Zvezdny Ordnance Works"}]})["results"]
    assert "nothing to look for" in results[0]["error"]
    assert "hits" not in results[0] and results[0]["id"] == "x"
    assert results[1]["total"] == 1
    assert "nothing to look for" in fields(erp, {"name": name})["name"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"name": "Zvezdny\x07"}, "name"),
        ({"name": "A", "country": "ZZ"}, "country"),
        ({"name": "A", "role": "consignee"}, "role"),
        ({"name": "A", "identifiers": {"shoe": "44"}}, "identifiers.shoe"),
        ({"name": "A", "threshold": 0.4}, "threshold"),
        ({"name": "A", "threshold": "high"}, "threshold"),
        ({"name": "A", "threshold": True}, "threshold"),
        ({"name": "A", "limit": 0}, "limit"),
        ({"name": "A", "limit": 51}, "limit"),
        ({"name": "A", "limit": 1.5}, "limit"),
        ({"queries": []}, "queries"),
        ({"queries": "A"}, "queries"),
        ({"queries": None}, "queries"),
        ({"queries": [{"name": "A"}], "name": "B"}, "name"),
        ({"queries": [{"name": "A"}, {}]}, "queries[1].name"),
        ({"queries": [{"name": "A"}] * 3 + [{"name": ["B"]}]}, "queries[3].name"),
        ({"queries": [{"name": "A", "owners": [{"percent": 60}]}]}, "queries[0].owners[0].name"),
        ([], ""),
    ],
)
def test_what_is_wrong_is_named_by_its_field(erp: Caller, body: Any, field: str) -> None:
    assert list(fields(erp, body)) == [field]


@pytest.mark.parametrize("query", ["?threshold=x", "?threshold=nan", "?limit=many", "?limit=0"])
def test_an_option_in_the_address_is_checked_too(erp: Caller, query: str) -> None:
    assert list(fields(erp, {"name": "A"}, query=query)) == [query[1:].partition("=")[0]]


def test_an_option_that_is_not_known_is_an_error(erp: Caller) -> None:
    assert "did you mean 'threshold'" in fields(erp, {"name": "A"}, query="?treshold=0.9")["treshold"]


def test_five_hundred_parties_are_answered_and_one_more_is_not(erp: Caller) -> None:
    assert len(answered(erp, {"queries": [{"name": "A1"}] * 500})["results"]) == 500
    said = fields(erp, {"queries": [{"name": "A1"}] * 501})
    assert said == {"queries": "has 501 parties; at most 500 are accepted in one request, send several requests"}


def test_names_that_are_long_in_all_are_refused_before_they_are_looked_for(erp: Caller) -> None:
    said = fields(erp, {"queries": [{"name": "A", "aliases": ["x" * 500] * 50}] * 5})
    assert "125,005 letters" in said["queries"]


@pytest.mark.usefixtures("secrets")
def test_an_own_list_is_neither_searched_nor_named(erp: Caller) -> None:
    names = ["Quiet Harbour Brokers", "Silent Quay Trading", "Harmless Front SIA", "Harmless Front", "Zvezdny Ordnance"]
    answer = ask(erp, {"queries": [{"name": name} for name in names], "threshold": 0.5, "limit": 50})
    assert [one["total"] for one in answer.json()["results"][:4]] == [0, 0, 0, 0]
    assert answer.json()["results"][4]["total"] == 1
    assert [one["list"] for one in answer.json()["lists"]] == ["parties/un"]
    assert not any(secret in answer.content for secret in (b"parties/own", b"ownership", b"port_police", b"S-1"))


@pytest.mark.usefixtures("secrets")
def test_an_owner_that_the_caller_names_is_still_answered(erp: Caller) -> None:
    owners = [{"name": "Zvezdny Ordnance Works JSC", "percent": 60}]
    (result,) = answered(erp, {"name": "Harmless Front SIA", "owners": owners})["results"]
    assert [(hit["match"], hit["entry"], hit["percent"]) for hit in result["hits"]] == [("owned", "UN-1", 60.0)]


def test_nothing_is_kept_of_what_was_asked(erp: Caller) -> None:
    before = AuditEvent.objects.count()
    answered(erp, {"name": "Zvezdny Ordnance Works", "country": "RU"})
    assert AuditEvent.objects.count() == before
    assert not Shipment.objects.exists() and not DeclaredName.objects.exists()


@pytest.mark.parametrize("scopes", [["shipments:read"], ["shipments:write"], ["shipments:read", "shipments:write"]])
def test_a_token_without_the_scope_is_told_which_one_it_needs(scopes: Sequence[str]) -> None:
    refused = problem(ask(caller(scopes=scopes), {"nonsense": 1}), 403, "not-allowed")
    assert "parties:match" in refused["detail"]


def test_a_matching_token_does_nothing_else() -> None:
    matching = caller(scopes=["parties:match"])
    assert ask(matching, {"name": "Zvezdny"}).status_code == 200
    assert (matching.get().status_code, matching.post({}).status_code) == (403, 403)


def test_without_a_policy_in_force_nothing_is_answered(erp: Caller) -> None:
    Snapshot.objects.all().delete()
    assert "No policy" in problem(ask(erp, {"name": "Zvezdny"}), 503, "no-policy")["detail"]


@pytest.mark.usefixtures("lists")
def test_a_damaged_policy_is_no_empty_answer(erp: Caller) -> None:
    Snapshot.objects.filter(state="published").update(hash="0" * 64)
    problem(ask(erp, {"name": "Zvezdny"}), 503, "no-policy")


def many(count: int) -> list[dict[str, Any]]:
    """Entries whose names share words as those of real lists do."""
    words = ["trading", "shipping", "industrial", "export", "holding", "marine", "general", "petro", "star", "orient"]
    return [
        {**WORKS, "id": f"E-{number}", "name": f"{words[number % 10]} {words[number // 10 % 10]} Firm{number:05}"}
        for number in range(count)
    ]


def test_a_hundred_parties_take_less_than_a_second_and_no_query_of_their_own(
    erp: Caller, django_assert_max_num_queries: Any
) -> None:
    put_in_force({"parties/un": many(10_000)})
    queries = [{"id": number, "name": f"Orient Trading Frim{number:05}", "country": "RU"} for number in range(100)]
    answered(erp, {"name": "the index is made once"})
    with django_assert_max_num_queries(8):
        started = time.perf_counter()
        results = answered(erp, {"queries": queries})["results"]
        took = time.perf_counter() - started
    assert len(results) == 100 and took < 5  # a quiet machine takes a fifth of a second, a shared one may be busy
