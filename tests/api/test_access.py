"""The API answers tokens, each within its organisation, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from rest_framework.settings import api_settings

from screening import tokens
from screening.api.auth import BearerToken, Nobody
from screening.models import ApiToken, Shipment
from tests import factories
from tests.api.conftest import SHIPMENTS, Caller, caller, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipment() -> Shipment:
    return factories.screened()


def paths(shipment: Shipment) -> list[str]:
    return [SHIPMENTS, f"{SHIPMENTS}{shipment.public_id}/"]


def test_without_a_token_nothing_is_answered(client: Client, shipment: Shipment) -> None:
    for path in paths(shipment):
        answer = client.get(path)
        problem(answer, 401, "not-authenticated")  # type: ignore[arg-type]
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.post(SHIPMENTS, {}, content_type="application/json").status_code == 401


def test_a_web_session_is_no_api_user(client: Client, shipment: Shipment) -> None:
    client.force_login(factories.exporter(organisation=shipment.organisation))
    assert {client.get(path).status_code for path in paths(shipment)} == {401}


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer wrong", "Bearer sargs_\xff", "Basic {secret}", "Token {secret}", "{secret}"]
)
def test_a_wrong_header_is_refused(client: Client, header: str) -> None:
    _, secret = factories.token()
    answer = client.get(SHIPMENTS, headers={"Authorization": header.format(secret=secret)})
    assert answer.status_code == 401


def test_an_expired_token_says_so(erp: Caller) -> None:
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "expired on" in problem(erp.get(), 401, "authentication-failed")["detail"]


def test_a_withdrawn_token_is_refused_at_once(erp: Caller) -> None:
    assert erp.get().status_code == 200
    tokens.revoke(erp.token, by=factories.administrator())
    problem(erp.get(), 401, "authentication-failed")


def test_the_secret_is_not_stored(erp: Caller) -> None:
    row = ApiToken.objects.values().get(pk=erp.token.pk)
    assert erp.secret not in str(row)
    assert row["digest"] == tokens.digest(erp.secret)


def test_the_last_use_is_noted(erp: Caller) -> None:
    assert erp.token.last_used_at is None
    erp.get()
    assert ApiToken.objects.get().last_used_at is not None


def test_another_organisation_gets_404_not_403(shipment: Shipment) -> None:
    problem(caller().get(paths(shipment)[1]), 404, "not-found")
    assert caller(owner=shipment.organisation).get(paths(shipment)[1]).status_code == 200


def test_the_list_holds_the_own_shipments_only(shipment: Shipment) -> None:
    own = caller(owner=shipment.organisation)
    assert [row["id"] for row in own.get().json()["results"]] == [str(shipment.public_id)]
    assert caller().get().json()["results"] == []


def test_a_writing_token_does_not_read(shipment: Shipment) -> None:
    writer = caller(owner=shipment.organisation, scopes=["shipments:write"])
    for path in paths(shipment):
        assert "shipments:read" in problem(writer.get(path), 403, "not-allowed")["detail"]


def test_an_endpoint_that_says_nothing_about_access_answers_nobody() -> None:
    assert [Nobody] == api_settings.DEFAULT_PERMISSION_CLASSES
    assert [BearerToken] == api_settings.DEFAULT_AUTHENTICATION_CLASSES


def test_only_the_documentation_is_open(client: Client) -> None:
    """Every address of the API, as the resolver knows them: no endpoint can be forgotten here."""
    views: list[Any] = get_resolver("screening.api.urls").url_patterns
    answers = {view.name: client.get(f"/api/v1/{_example(view)}").status_code for view in views}
    closed = ("shipments", "shipment", "match", "control_entries", "control_entry", "classify")
    assert answers == {**dict.fromkeys(closed, 401), "schema": 200, "documentation": 200, None: 404}


def _example(pattern: Any) -> str:
    return str(pattern.pattern).replace("<uuid:public_id>", "00000000-0000-0000-0000-000000000000")
