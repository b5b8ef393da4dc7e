"""Make records for tests: plain functions, each the smallest valid thing, changed by keyword."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from screening import cases, intake, tokens
from screening.models import (
    ApiToken,
    Case,
    Decision,
    Finding,
    Licence,
    Organisation,
    Outcome,
    Role,
    Run,
    RunState,
    Scope,
    Shipment,
    ShipmentStatus,
    User,
)
from tests import payloads

_number = itertools.count(1)
PASSWORD = "correct horse battery staple"


def organisation(name: str = "", **columns: Any) -> Organisation:
    return Organisation.objects.create(name=name or f"Organisation {next(_number)} SIA", **columns)


def user(role: str, *, username: str = "", **columns: Any) -> User:
    """A person with `PASSWORD`; an exporter gets an organisation of their own unless one is given."""
    if role == Role.EXPORTER and "organisation" not in columns:
        columns["organisation"] = organisation()
    username = username or f"{role}{next(_number)}"
    return User.objects.create_user(username, f"{username}@example.org", PASSWORD, role=role, **columns)


def exporter(**columns: Any) -> User:
    return user(Role.EXPORTER, **columns)


def officer(**columns: Any) -> User:
    return user(Role.OFFICER, **columns)


def senior_officer(**columns: Any) -> User:
    return user(Role.SENIOR_OFFICER, **columns)


def auditor(**columns: Any) -> User:
    return user(Role.AUDITOR, **columns)


def administrator(**columns: Any) -> User:
    return user(Role.ADMINISTRATOR, **columns)


def token(owner: Organisation | None = None, *, scopes: Any = None, days: int = 30) -> tuple[ApiToken, str]:
    """A token and its secret; with every scope unless told otherwise."""
    return tokens.issue(
        owner or organisation(),
        name="ERP",
        scopes=Scope.values if scopes is None else scopes,
        expires_at=timezone.now() + timedelta(days=days),
        by=None,
    )


def payload(**changes: Any) -> dict[str, Any]:
    """`payloads.furniture` under a reference of its own, with changes."""
    return payloads.furniture() | {"reference": f"R-{next(_number)}"} | changes


def shipment(*, by: User | None = None, **changes: Any) -> Shipment:
    """A submitted shipment that waits for its screening; `changes` change the payload."""
    by = by or exporter()
    assert by.organisation is not None
    return intake.submit(payload(**changes), by=by, organisation=by.organisation)


def screened(outcome: str = Outcome.CLEAR, *, reason: str = "NOT_LISTED", **given: Any) -> Shipment:
    """A shipment with a finished run and one finding, made without the engine."""
    sent = shipment(**given)
    run = Run.objects.get(revision=sent.current)
    run.state, run.outcome, run.finished_at = RunState.FINISHED, outcome, timezone.now()
    run.facts, run.facts_hash, run.snapshot_hash, run.engine_version = {}, "f" * 64, "5" * 64, "test"
    run.save()
    Finding.objects.create(
        run=run,
        position=1,
        reason=reason,
        effect=outcome,
        subject="shipment",
        title="Made by a factory",
        rule="TEST-01",
        legal_basis="Regulation (EU) 2021/821, Article 3",
        principles=["P01"],
        because=[{"clause": "shipment.direction == 'export'", "value": "export"}],
    )
    sent.status, sent.outcome = ShipmentStatus.SCREENED, outcome
    sent.screened_at, sent.latest_run = run.finished_at, run
    sent.save()
    cases.open_or_update(sent, outcome=outcome, priority=False)
    return sent


def case(outcome: str = Outcome.LICENCE_REQUIRED, *, assigned_to: User | None = None, **given: Any) -> Case:
    """An open case; `assigned_to` takes it."""
    opened = screened(outcome, reason="LISTED_ANNEX_I", **given).case
    return cases.assign(opened, by=assigned_to, version=opened.version) if assigned_to else opened


def proposed(by: User, *, kind: str = "refuse", **given: Any) -> Case:
    """A case in which `by` has proposed a decision."""
    opened = case(assigned_to=by, **given)
    cases.propose(
        opened,
        by=by,
        version=opened.version,
        kind=kind,
        legal_basis="Regulation (EU) 2021/821, Article 15",
        reason="The end user could divert the goods.",
    )
    return Case.objects.get(pk=opened.pk)


def decided(case: Case, *, by: User, kind: str = "refuse") -> Decision:
    """The decision that `by` proposed in a case and a senior officer confirmed."""
    cases.propose(
        case,
        by=by,
        version=case.version,
        kind=kind,
        legal_basis="Regulation (EU) 2021/821, Article 15",
        reason="The end user could divert the goods.",
    )
    case.refresh_from_db()
    return cases.confirm(case, by=senior_officer(), version=case.version)


def licence(**columns: Any) -> Licence:
    """An active licence of Baltic Precision SIA for 3A233 to an Indian laboratory, 6 of 10 pieces left."""
    defaults = {
        "number": f"LV-2025-{next(_number):04}",
        "exporter": "Baltic Precision SIA",
        "end_user": "Gujarat Analytical Labs",
        "destination": "IN",
        "code": "3A233",
        "quantity": Decimal(10),
        "unit": "pcs",
        "value_eur": Decimal(900_000),
        "used_quantity": Decimal(4),
        "used_value_eur": Decimal(360_000),
        "valid_from": date(2025, 9, 1),
        "valid_to": date(2026, 3, 1),
    }
    return Licence.objects.create(**(defaults | columns))
