"""The content policy holds in the rendered pages, those of the account included: a template test cannot see widgets."""

import re

import pytest
from django.urls import reverse

from tests import factories
from tests.test_architecture import FOREIGN, INLINE
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
ACCOUNT = (
    *("account_login", "account_logout", "account_change_password", "account_email", "account_reset_password"),
    *("account_signup", "account_inactive", "mfa_index", "mfa_activate_totp", "account_reauthenticate"),
)
DATA_BLOCK = re.compile(r'<script[^>]*type="application/json"[^>]*>')


def check(html: str) -> None:
    text = DATA_BLOCK.sub("", html)
    assert [match.group() for pattern in (INLINE, FOREIGN) for match in pattern.finditer(text)] == []
    assert 'src="data:' not in text


@pytest.mark.parametrize("name", ["queue", "shipments", "principles", "style"])
def test_pages_for_officers_hold_no_inline_script_or_style(name: str, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    factories.case()
    answer = browser(factories.officer()).get(reverse(f"screening:{name}"))
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    check(answer.content.decode())


def test_a_case_and_a_form_hold_no_inline_script_or_style() -> None:
    exporter = factories.exporter()
    case = factories.case(by=exporter)
    check(browser(factories.senior_officer()).get(f"/cases/{case.shipment.public_id}/").content.decode())
    client = browser(exporter)
    check(client.get("/shipments/new/").content.decode())
    check(client.get(f"/shipments/{case.shipment.public_id}/").content.decode())
    check(client.post("/shipments/new/", {"parties-count": "1", "lines-count": "1"}).content.decode())


@pytest.mark.parametrize("name", ACCOUNT)
def test_account_pages_have_our_look_and_keep_the_policy(name: str) -> None:
    person = factories.officer()
    client = browser() if name in ("account_login", "account_signup", "account_reset_password") else browser(person)
    answer = client.get(reverse(name), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="bar"' in page
    assert "screening/site.css" in page
    check(page)


def test_a_deed_without_the_csrf_token_is_refused_with_advice() -> None:
    from django.test import Client  # noqa: PLC0415 - the one client that enforces CSRF

    case = factories.case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.officer())
    answer = client.post(f"/cases/{case.shipment.public_id}/assign/", {"version": case.version})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


def test_a_form_that_is_too_large_is_told_so(settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]
    answer = browser(factories.exporter()).post("/shipments/new/", {"route-end_use": "x" * 2000})
    assert answer.status_code == 413
    assert "That is too large" in answer.content.decode()
