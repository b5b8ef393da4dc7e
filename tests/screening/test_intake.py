"""A shipment is checked, stored whole or not at all, and its run waits even if no broker does."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from screening import intake
from screening.models import AuditEvent, Organisation, Run, RunState, Shipment, ShipmentRevision, ShipmentStatus
from screening.payload import PayloadError
from screening.permissions import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def line(number: int, value: Any, currency: str) -> dict[str, Any]:
    return {
        "number": number,
        "description": "chairs",
        "quantity": 1,
        "unit": "pcs",
        "value": value,
        "currency": currency,
    }


def test_a_shipment_is_stored_with_its_revision_parties_and_lines() -> None:
    by = factories.exporter()
    shipment = factories.shipment(by=by, reference="A-1")
    assert (shipment.reference, shipment.status, shipment.outcome) == ("A-1", ShipmentStatus.RECEIVED, "")
    assert (shipment.exporter_name, shipment.end_user_name) == ("Baltic Precision SIA", "Fjord Kontor AS")
    assert [party.role for party in shipment.parties.all()] == ["exporter", "consignee", "end_user"]
    assert shipment.lines.get().description == "office furniture"
    revision = ShipmentRevision.objects.get(shipment=shipment)
    assert (revision.number, revision.submitted_by, shipment.current) == (1, by, revision)
    assert revision.payload["lines"][0]["hs_code"] == "940330"


def test_a_run_waits_and_the_audit_log_knows() -> None:
    shipment = factories.shipment()
    assert Run.objects.get(revision__shipment=shipment).state == RunState.QUEUED
    event = AuditEvent.objects.get(action="shipment.submitted")
    assert (event.object_id, event.details["reference"]) == (str(shipment.public_id), shipment.reference)


def test_a_wrong_payload_leaves_nothing_behind() -> None:
    by = factories.exporter()
    with pytest.raises(PayloadError):
        factories.shipment(by=by, destination="Norwegen")
    assert (Shipment.objects.count(), Run.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_a_reference_is_used_once_per_organisation() -> None:
    by = factories.exporter()
    first = factories.shipment(by=by, reference="A-1")
    with pytest.raises(intake.DuplicateReference, match="A-1") as refused:
        factories.shipment(by=by, reference="A-1")
    assert refused.value.existing == first
    assert factories.shipment(by=factories.exporter(), reference="A-1") != first


def test_the_database_holds_the_reference_too() -> None:
    shipment = factories.shipment(reference="A-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.create(organisation=shipment.organisation, reference="A-1", direction="export")


def test_a_shipment_without_reference_gets_one() -> None:
    by = factories.exporter()
    assert isinstance(by.organisation, Organisation)
    body = factories.payload()
    del body["reference"]
    first, second = (intake.submit(body, by=by, organisation=by.organisation) for _ in range(2))
    assert first.reference.startswith("S-")
    assert first.reference != second.reference


@pytest.mark.parametrize("role", ["officer", "senior_officer", "policy_editor", "auditor", "administrator"])
def test_only_exporters_submit(role: str) -> None:
    with pytest.raises(NotAllowed, match="Only exporters"):
        intake.submit(factories.payload(), by=factories.user(role), organisation=factories.organisation())


def test_nobody_submits_for_another_organisation() -> None:
    with pytest.raises(NotAllowed, match="your own organisation"):
        intake.submit(factories.payload(), by=factories.exporter(), organisation=factories.organisation())


def test_a_token_without_the_scope_does_not_submit() -> None:
    owner = factories.organisation()
    token, _ = factories.token(owner, scopes=["shipments:read"])
    with pytest.raises(NotAllowed, match="shipments:write"):
        intake.submit(factories.payload(), by=token, organisation=owner)


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([line(1, 1.1, "EUR"), line(2, 2.2, "EUR")], (Decimal("3.3"), "EUR")),
        ([line(1, "10.50", "EUR")], (Decimal("10.50"), "EUR")),
        ([line(1, 1, "EUR"), line(2, 2, "USD")], (None, "")),
        ([line(1, 1, "EUR"), line(2, None, "EUR")], (None, "")),
        ([], (None, "")),
    ],
)
def test_the_total_is_exact_or_absent(lines: list[dict[str, Any]], total: tuple[Decimal | None, str]) -> None:
    assert intake.total_value(lines) == total


@pytest.mark.parametrize("roles", [["importer"], ["broker", "end_user"], []])
def test_any_set_of_parties_is_stored(roles: list[str]) -> None:
    parties = [{"role": role, "name": f"The {role}", "country": "LV"} for role in roles]
    shipment = factories.shipment(parties=parties)
    assert shipment.exporter_name == (f"The {roles[0]}" if roles else "")
    assert shipment.parties.count() == len(roles)


def test_the_greatest_accepted_values_fit_the_columns() -> None:
    name, lines = "Ķ" * 500, [line(number, 1e15, "EUR") | {"quantity": 1e15} for number in range(1, 401)]
    shipment = factories.shipment(parties=[{"role": "exporter", "name": name}], lines=lines, reference="R" * 100)
    assert (shipment.exporter_name, shipment.lines.count()) == (name, 400)
    assert shipment.total_value == Decimal(400) * Decimal("1e15")
