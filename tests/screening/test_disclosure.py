"""An exporter learns that a shipment is held, never which state denied what to whom."""

import pytest

from screening import queries
from screening.models import Finding, Outcome, Shipment
from tests import factories

pytestmark = pytest.mark.django_db

CLAUSE = "line.denials.exists(d, d.valid && d.same_item && d.same_end_user)"


def denied() -> Shipment:
    shipment = factories.screened(Outcome.REVIEW, reason="DENIAL_MATCH")
    run = shipment.latest_run
    assert run is not None
    run.flags = [{"id": "RF23", "category": "denial"}, {"id": "RF12", "category": "data_quality"}]
    run.save()
    denials = [{"id": "DN-2024-031", "member_state": "DE", "date": "2024-09-02"}]
    Finding.objects.filter(run=run).update(
        evidence={"description": "valves", "denials": denials},
        because=[{"clause": CLAUSE, "value": "line.denials = DN-2024-031"}, {"clause": "line.listed", "value": "yes"}],
    )
    return shipment


def test_an_exporter_reads_the_finding_without_the_denial() -> None:
    shipment = denied()
    token, _ = factories.token(shipment.organisation)
    for by in (token, factories.exporter(organisation=shipment.organisation)):
        seen = queries.shipment_detail(by, shipment.public_id)
        assert seen.latest_run is not None
        (finding,) = seen.latest_run.findings.all()
        assert (finding.reason, finding.evidence) == ("DENIAL_MATCH", {"description": "valves"})
        assert "DN-2024-031" not in str(finding.because)
        assert finding.because[1]["value"] == "yes"
        assert [flag["id"] for flag in seen.latest_run.flags] == ["RF12"]


def test_an_officer_reads_everything_and_nothing_stored_is_changed() -> None:
    shipment = denied()
    token, _ = factories.token(shipment.organisation)
    queries.shipment_detail(token, shipment.public_id)
    for by in (factories.officer(), factories.auditor()):
        seen = queries.shipment_detail(by, shipment.public_id)
        assert seen.latest_run is not None
        (finding,) = seen.latest_run.findings.all()
        assert finding.evidence["denials"][0]["member_state"] == "DE"
        assert "DN-2024-031" in finding.because[0]["value"]
        assert len(seen.latest_run.flags) == 2
