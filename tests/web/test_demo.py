"""The demonstration: every outcome and direction, every role, once; and never in production."""

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from policies import snapshots
from screening import audit
from screening.models import AuditEvent, Case, CaseState, Direction, Finding, Outcome, Role, Shipment, User

pytestmark = pytest.mark.django_db


def seed(settings: Any) -> str:
    settings.DEBUG = True
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_the_demonstration_shows_everything_and_a_second_start_keeps_it(policy: object, settings: Any) -> None:
    said = seed(settings)
    accounts = dict(re.findall(r"^  (\w+) +(\S+)", said, re.MULTILINE))
    assert {user.role for user in User.objects.all()} == set(Role.values)
    assert all(User.objects.get(username=name).check_password(password) for name, password in accounts.items())
    assert len(accounts) == User.objects.count()
    assert set(Shipment.objects.values_list("outcome", flat=True)) == set(Outcome.values)
    assert set(Shipment.objects.values_list("direction", flat=True)) == set(Direction.values)
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState.values)
    assert not Finding.objects.filter(reason="UNDECIDED").exists()
    in_force = snapshots.current()
    assert in_force is not None
    assert "parties/fixtures" in in_force.manifest

    before, events = (Shipment.objects.count(), User.objects.get(username="senior").password), audit.verify()
    again = seed(settings)
    assert "stays as it is" in again
    assert not any(password in again for password in accounts.values())
    assert (Shipment.objects.count(), User.objects.get(username="senior").password) == before
    again = AuditEvent.objects.filter(number__gt=events).values_list("action", flat=True)
    assert set(again) == {"list.confirmed"}, "the lists of the demonstration were found again, nothing else"


def test_production_gets_no_demonstration(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="for DEBUG only"):
        call_command("seed_demo")
    assert not User.objects.exists()
