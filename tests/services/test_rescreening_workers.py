"""A list is put in force, and workers find what it changes: a clear shipment stops, an open case says why."""

import json
from datetime import date, timedelta

from tests import payloads
from tests.services.conftest import Service, wait_until

SHIPMENTS = "/api/v1/shipments/"
LATER = (date.today() + timedelta(days=60)).isoformat()  # noqa: DTZ011 - any day to come will do

PUBLISH = """
from tests.publications import publish

publish({"parties/own": [
    {"id": "G1", "name": "Gujarat Analytic Labs", "country": "IN", "effect": "asset_freeze"},
    {"id": "F1", "name": "Fjord Kontor", "country": "NO", "effect": "asset_freeze"},
]})
"""


def finished(service: Service, trigger: str = "%") -> int:
    return service.count(f"screening_run WHERE state = 'finished' AND trigger LIKE '{trigger}'")


def submit(service: Service, body: dict[str, object]) -> str:
    status, answer = service.call(SHIPMENTS, body | {"shipment_date": LATER})
    assert status == 202, answer
    return str(answer["id"])


def test_an_open_case_changes_its_outcome_after_a_publication_and_says_why(service: Service) -> None:
    service.start_web()
    service.start_worker()
    office = submit(service, payloads.furniture())
    laboratory = submit(service, payloads.mass_spectrometer())
    elsewhere = payloads.furniture() | {"reference": "elsewhere"}
    elsewhere["parties"] = [elsewhere["parties"][0], {"role": "consignee", "name": "Nordic Timber", "country": "NO"}]
    submit(service, elsewhere)
    wait_until(lambda: finished(service) == 3, seconds=60, what=service.tail("worker"))
    assert service.count("screening_case") == 1

    service.shell(PUBLISH)
    wait_until(lambda: finished(service, "rescreen %") == 2, seconds=60, what=service.tail("worker"))
    wait_until(
        lambda: service.count("screening_rescreening WHERE done_at IS NOT NULL") == 1, seconds=20, what="the end"
    )
    assert service.sql("SELECT found, error FROM screening_rescreening") == [(2, "")]
    assert service.call(f"{SHIPMENTS}{office}/")[1]["outcome"] == "prohibited"
    ((outcome, text, version),) = service.sql(
        "SELECT c.outcome, s.note, s.version FROM screening_case c JOIN screening_casestep s ON s.case_id = c.id"
        " AND s.version = c.version JOIN screening_shipment h ON h.id = c.shipment_id"
        f" WHERE h.public_id = '{laboratory}'"
    )
    assert (outcome, version) == ("licence_required", 2)
    possible = "A party may be a listed one, or is tied to one (party {}): Gujarat Analytic Labs (parties/own G1)"
    assert text == f"New: {possible.format('2 consignee')}; {possible.format('3 end_user')}."
    assert "chain whole" in service.manage("verify_audit")

    assert json.loads(service.manage("rescreen", "--all"))[-1]["shipments"] == 3
    wait_until(lambda: finished(service) == 8, seconds=60, what=service.tail("worker"))
    assert service.count("screening_casestep") == 3, "the same findings leave every case as it is"
