"""A caller of the API: a token of an organisation."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from screening.models import ApiToken, Organisation
from tests import factories

SHIPMENTS = "/api/v1/shipments/"


@dataclass
class Caller:
    """Calls as an ERP does: JSON in, JSON out."""

    client: Client
    token: ApiToken
    secret: str

    @property
    def organisation(self) -> Organisation:
        return self.token.organisation

    def post(self, body: Any, *, path: str = SHIPMENTS, content_type: str = "application/json") -> Any:
        return self.client.post(path, body, content_type=content_type, headers=self._headers)

    def get(self, path: str = SHIPMENTS, **query: Any) -> Any:
        return self.client.get(path, query, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def caller(**token: Any) -> Caller:
    return Caller(Client(), *factories.token(**token))


@pytest.fixture
def erp(db: None) -> Caller:
    return caller()


def problem(answer: HttpResponse, status: int, kind: str) -> dict[str, Any]:
    """The problem document of an answer, after checking that it is one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert (answer.status_code, body["status"], body["type"]) == (status, status, f"urn:sargs:problem:{kind}")
    assert body["title"]
    assert body["detail"]
    return body
