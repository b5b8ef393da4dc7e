"""What was answered 202 is screened, once, whatever happens to the worker or the broker."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests import payloads
from tests.services.conftest import STALE_SECONDS, Service, wait_until

SHIPMENTS = "/api/v1/shipments/"


def finished(service: Service) -> int:
    return service.count("screening_run WHERE state = 'finished'")


def submit(service: Service, number: int) -> None:
    body = payloads.mass_spectrometer() if number % 2 else payloads.furniture()
    status, answer = service.call(SHIPMENTS, body | {"reference": f"R-{number}"})
    assert status == 202, answer


def test_a_killed_worker_loses_nothing_and_repeats_nothing(service: Service) -> None:
    """200 screenings, `kill -9` of the whole worker in the middle of it, three times."""
    service.start_web()
    with ThreadPoolExecutor(4) as callers:
        list(callers.map(lambda number: submit(service, number), range(200)))
    for target in (20, 60, 110):
        worker = service.start_worker()
        wait_until(lambda target=target: finished(service) >= target, seconds=90, what=service.tail("worker"))
        service.kill(worker)
        assert finished(service) < 200, "the worker was done before it could be killed"
    service.start_worker()
    sweep_until_done(service, 200)

    assert service.count("screening_run") == 200
    assert service.count("screening_shipment WHERE status = 'screened'") == 200
    twice = "(SELECT run_id FROM screening_finding GROUP BY run_id, position HAVING count(*) > 1) AS twice"
    assert service.count(twice) == 0
    assert service.count("screening_case") == 100
    assert service.count("screening_auditevent WHERE action = 'run.finished'") == 200
    assert service.count("screening_auditevent WHERE action = 'case.open'") == 100
    outcomes = dict(service.sql("SELECT outcome, count(*) FROM screening_run GROUP BY outcome"))
    assert outcomes == {"clear": 100, "licence_required": 100}
    assert "chain whole" in service.manage("verify_audit")
    assert "differs" not in service.manage("replay", "all")


def sweep_until_done(service: Service, expected: int) -> None:
    """What the beat does each minute, a little more often."""
    end = time.monotonic() + 120
    while finished(service) < expected:
        assert time.monotonic() < end, f"{finished(service)} of {expected} finished; {service.tail('worker')}"
        time.sleep(STALE_SECONDS)
        counts = json.loads(service.manage("sweep"))
        assert counts["failed"] == 0, counts


def test_without_a_broker_a_submission_is_accepted_and_screened_when_it_is_back(service: Service) -> None:
    service.start_web()
    worker, beat = service.start_worker(), service.start_beat()
    submit(service, 1)
    wait_until(lambda: finished(service) == 1, seconds=60, what=service.tail("worker"))

    service.broker.stop()
    began = time.monotonic()
    submit(service, 2)
    submit(service, 3)
    assert time.monotonic() - began < 10, "a broker that is down must not hold the submitter up"
    assert service.count("screening_run WHERE state = 'queued' AND queued_at IS NULL") == 2
    time.sleep(3)

    service.broker.start()
    wait_until(lambda: finished(service) == 3, seconds=150, what=service.tail("worker") + service.tail("beat"))
    assert (worker.poll(), beat.poll()) == (None, None), "worker and beat must outlive the broker's absence"
    assert "chain whole" in service.manage("verify_audit")
