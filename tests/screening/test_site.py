"""Health, headers, and the closed door."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from screening.models import User
from tests import factories


def test_healthz_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_is_ready_without_a_broker_and_says_so(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_readyz_is_not_ready_before_migration(client: Client) -> None:
    with connection.cursor() as cursor:
        newest = "SELECT max(name) FROM django_migrations WHERE app = 'screening'"
        cursor.execute(f"DELETE FROM django_migrations WHERE app = 'screening' AND name = ({newest})")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "migrations pending")


def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["anna", "anna@example.org"])
def test_people_log_in_with_name_or_address(client: Client, login: str) -> None:
    factories.officer(username="anna")
    answer = client.post("/accounts/login/", {"login": login, "password": factories.PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"]


@pytest.mark.django_db
def test_a_wrong_password_is_locked_out_and_then_the_right_one_too(client: Client) -> None:
    factories.officer(username="anna")
    for _ in range(6):
        client.post("/accounts/login/", {"login": "anna", "password": "wrong"})
    client.post("/accounts/login/", {"login": "anna", "password": factories.PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    form = {
        "username": "eve",
        "email": "eve@example.org",
        "password1": factories.PASSWORD,
        "password2": factories.PASSWORD,
    }
    client.post("/accounts/signup/", form)
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.django_db
def test_every_page_asks_for_a_login_unless_it_says_otherwise(client: Client) -> None:
    """A view that forgets to protect itself is protected by default; what is open is opened by name."""
    middleware = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    assert middleware in settings.MIDDLEWARE
    opened = {name for name, view in _views(get_resolver()) if not getattr(view, "login_required", True)}
    pages = {name for name in opened if name and not name.startswith(("api:", "account_", "mfa_"))}
    meant = {"healthz", "readyz", "screening:start", "screening:principles", "screening:style"}
    meant |= {"screening:control_lists", "screening:control_entry", "screening:classify"}
    assert pages <= meant, "a page was opened to the world; is that meant?"
    assert opened & {"account_email", "account_change_password", "mfa_index"} == set()


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _views(pattern, prefix + space)
        else:
            yield f"{prefix}{pattern.name or ''}", pattern.callback
