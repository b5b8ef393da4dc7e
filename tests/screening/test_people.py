"""Accounts are opened and closed by an administrator, never by signing up, and never deleted."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError

from screening import people
from screening.models import AuditEvent, Organisation, Role, User
from screening.permissions import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_administrator_opens_an_account() -> None:
    user, password = people.open_account(
        "anna", role=Role.OFFICER, by=factories.administrator(), name="Anna Maria Ozola"
    )
    assert user.check_password(password)
    assert (user.first_name, user.last_name) == ("Anna", "Maria Ozola")
    event = AuditEvent.objects.get(action="user.created")
    assert (event.details["username"], event.by.role) == ("anna", Role.ADMINISTRATOR)
    assert password not in str(event.details)


@pytest.mark.parametrize("role", ["exporter", "officer", "senior_officer", "policy_editor", "auditor"])
def test_nobody_else_opens_or_closes_accounts(role: str) -> None:
    by, other = factories.user(role), factories.officer()
    with pytest.raises(NotAllowed):
        people.open_account("eve", role=Role.ADMINISTRATOR, by=by)
    with pytest.raises(NotAllowed):
        people.close_account(other, by=by)
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.parametrize(("role", "organisation"), [("exporter", ""), ("officer", "Baltic Precision SIA")])
def test_exporters_and_only_they_have_an_organisation(role: str, organisation: str) -> None:
    with pytest.raises(ValidationError, match="belongs to an organisation"):
        people.open_account("eve", role=role, by=None, organisation=organisation)
    assert not Organisation.objects.exists()


def test_exporters_of_one_organisation_share_it() -> None:
    for name in ("one", "two"):
        call_command(
            "create_user", name, "exporter", "--organisation", "Baltic SIA", stdout=StringIO(), stderr=StringIO()
        )
    assert Organisation.objects.get(name="Baltic SIA").people.count() == 2


def test_a_name_taken_before_is_explained() -> None:
    factories.officer(username="anna")
    with pytest.raises(CommandError, match="username: A user with that username already exists"):
        call_command("create_user", "anna", "officer")


def test_a_closed_account_does_not_log_in_and_keeps_its_name() -> None:
    officer = factories.officer(username="anna")
    factories.proposed(officer)
    people.close_account(officer, by=factories.administrator())
    assert authenticate(username="anna", password=factories.PASSWORD) is None
    with pytest.raises(ProtectedError):
        officer.delete()
