"""A backtest by real workers: killed in the middle, cancelled and resumed, it ends with the result of a quiet one."""

import json
import time
from typing import Any

from tests.services.conftest import STALE_SECONDS, Service, wait_until

SHIPMENTS = 240
PREPARE = """
from policies import content, editions, publishing
from policies.models import ListSource
from screening.models import Organisation, Shipment, ShipmentRevision, User
from tests import payloads
editor = User.objects.create(username="editor", role="policy_editor")
owner = Organisation.objects.get()
bodies = [payloads.mass_spectrometer() if number % 2 else payloads.furniture() for number in range({count})]
shipments = Shipment.objects.bulk_create(Shipment(organisation=owner, reference=f"R-{{number}}",
    direction=body["direction"], destination=body["destination"]) for number, body in enumerate(bodies))
revisions = ShipmentRevision.objects.bulk_create(ShipmentRevision(shipment=shipment, number=1, payload=body,
    submitted_by=editor) for shipment, body in zip(shipments, bodies))
for shipment, revision in zip(shipments, revisions):
    shipment.current = revision
Shipment.objects.bulk_update(shipments, ["current"])
norway = {{"id": "TRIAL-NORWAY", "title": "Norway", "scope": "shipment", "effect": "review", "reason": "ART4_WMD_AWARE",
    "legal_basis": "a trial", "clauses": ['shipment.destination.code == "NO"'],
    "examples": {{"fires": [{{"destination": "NO"}}], "not": [{{"destination": "CH"}}]}}}}
source = ListSource.objects.get(id="rules/end_use")
rows = [*editions.rows(source.active), norway]
editions.adopt(source, content.prepare(source.kind, rows), editions.Origin())
publishing.draft(by=None)
"""
ACT = """
from screening import backtests
from screening.models import Backtest, User
backtests.{verb}(Backtest.objects.first(), by=User.objects.get(username="editor"))
"""


def result(service: Service, backtest: int) -> list[tuple[Any, ...]]:
    columns = "c.shipment_id, c.destination, c.before, c.after, c.gained::text, c.lost::text"
    return service.sql(f"SELECT {columns} FROM screening_backtestchange c WHERE backtest_id = {backtest} ORDER BY 1")


def done(service: Service, backtest: int) -> int:
    return service.count(f"screening_backtestchunk WHERE backtest_id = {backtest} AND done_at IS NOT NULL")


def state(service: Service, backtest: int) -> str:
    return str(service.sql(f"SELECT state FROM screening_backtest WHERE id = {backtest}")[0][0])


def test_killed_cancelled_and_resumed_it_ends_as_an_undisturbed_one(service: Service) -> None:
    service.environment |= {"BACKTEST_CHUNK": "5", "LOG_LEVEL": "WARNING"}
    service.shell(PREPARE.format(count=SHIPMENTS))
    assert "clear -> review: 120" in service.manage("backtest", "draft", "--by", "editor", "--wait")

    service.manage("backtest", "draft", "--by", "editor")
    worker = service.start_worker()
    wait_until(lambda: done(service, 2) >= 3, seconds=90, what=service.tail("worker"))
    service.kill(worker)
    assert (state(service, 2), done(service, 2) < SHIPMENTS / 5) == ("running", True)

    service.shell(ACT.format(verb="cancel"))
    before = done(service, 2)
    service.start_worker()
    time.sleep(STALE_SECONDS)
    assert json.loads(service.manage("sweep"))["backtests"] == {"failed": 0, "queued": 0}
    assert (state(service, 2), done(service, 2)) == ("cancelled", before)

    service.shell(ACT.format(verb="resume"))
    end = time.monotonic() + 120
    while state(service, 2) == "running":
        assert time.monotonic() < end, f"{done(service, 2)} chunks done; {service.tail('worker')}"
        time.sleep(1)
        if done(service, 2) >= SHIPMENTS / 5 - 4:
            service.manage("sweep")
    assert state(service, 2) == "finished"

    undisturbed = result(service, 1)
    assert len(undisturbed) == SHIPMENTS / 2
    assert result(service, 2) == undisturbed
    totals = "SELECT sum(shipments), sum(judged), sum(failed) FROM screening_backtestchunk GROUP BY backtest_id"
    assert service.sql(totals) == [(SHIPMENTS, SHIPMENTS, 0)] * 2
    assert [service.count(f"screening_{table}") for table in ("run", "case", "finding", "notice")] == [0, 0, 0, 0]
    assert "chain whole" in service.manage("verify_audit")
