"""The commands of an administrator."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from screening import audit, tokens
from screening.models import ApiToken, AuditEvent
from screening.permissions import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def test_verify_audit_counts_what_it_checked() -> None:
    with_events = factories.case()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert with_events
    assert out.getvalue() == f"{AuditEvent.objects.count()} audit events, chain whole.\n"


def test_create_token_prints_a_secret_that_works() -> None:
    owner, out = factories.organisation("Baltic Precision SIA"), StringIO()
    call_command("create_token", owner.name, "--scope", "shipments:read", "--days", "7", stdout=out, stderr=StringIO())
    token = ApiToken.objects.get()
    assert (token.organisation, token.scopes) == (owner, ["shipments:read"])
    assert token.digest == tokens.digest(out.getvalue().strip())
    assert AuditEvent.objects.get().action == "token.issued"
    assert out.getvalue().strip() not in str(AuditEvent.objects.values_list("details", flat=True))
    assert audit.verify() == 1


def test_create_token_needs_an_organisation() -> None:
    with pytest.raises(CommandError, match="no organisation 'Nobody'"):
        call_command("create_token", "Nobody")


def test_create_token_refuses_a_past_expiry() -> None:
    with pytest.raises(CommandError, match="past"):
        call_command("create_token", factories.organisation().name, "--days", "-1")
    assert not ApiToken.objects.exists()


def test_only_administrators_issue_and_withdraw_tokens() -> None:
    token, _ = factories.token()
    for by in (factories.officer(), factories.exporter(organisation=token.organisation)):
        with pytest.raises(NotAllowed):
            tokens.revoke(token, by=by)
    tokens.revoke(token, by=factories.administrator())
    token.refresh_from_db()
    assert not token.is_active


def test_sweep_reports_what_it_did() -> None:
    out = StringIO()
    call_command("sweep", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["queued"] == counts["failed"] == counts["waiting"] == 0
    assert counts["backtests"] == {"failed": 0, "queued": 0}
