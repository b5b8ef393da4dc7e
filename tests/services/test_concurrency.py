"""Two at the same moment, on PostgreSQL: one gets through, the other is told why not."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import payloads
from tests.services.conftest import ROOT, Service

SHIPMENTS = "/api/v1/shipments/"

TWO_OFFICERS = """
import threading
from django.db import connection
from screening import cases
from tests import factories

case = factories.case()
officers = [factories.officer() for _ in range(8)]
together = threading.Barrier(len(officers))

def propose(officer):
    together.wait()
    try:
        cases.propose(case, by=officer, version=case.version, kind="refuse", legal_basis="Art 15", reason="Diversion")
        print("proposed")
    except cases.CaseChanged as told:
        print("told: " + str(told))
    finally:
        connection.close()

threads = [threading.Thread(target=propose, args=[officer]) for officer in officers]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""

TWO_DISMISSALS = """
import threading
from django.db import connection
from screening import dismissals
from screening.models import Case
from tests import factories
from tests.dismissals import lists, shipment, spot

lists()
owner = factories.exporter()
shipments = [shipment(by=owner) for _ in range(2)]
waiting = [(factories.officer(), sent, spot(sent)) for sent in shipments for _ in range(4)]
together = threading.Barrier(len(waiting))

def dismiss(officer, sent, seen):
    words = {"reason": "other_place", "because": "A company of another town, says the register", "expires": None}
    case = Case.objects.get(shipment=sent)
    together.wait()
    try:
        dismissals.dismiss(case, by=officer, **seen, **words)
        print("dismissed")
    except dismissals.AlreadyDismissed as told:
        print("told: " + str(told))
    finally:
        connection.close()

threads = [threading.Thread(target=dismiss, args=one) for one in waiting]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""

SAME_LINE = """
import threading
from django.db import connection
from screening.precedents.lists import in_force
from tests import factories
from tests.precedents import COOLER, case, confirm

opened, officers = case(COOLER), [factories.officer() for _ in range(8)]
in_force()
together = threading.Barrier(len(officers))

def classify(officer):
    together.wait()
    try:
        confirm(opened, by=officer)
        print("confirmed")
    finally:
        connection.close()

threads = [threading.Thread(target=classify, args=[one]) for one in officers]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_the_same_reference_at_the_same_moment_is_taken_once(service: Service) -> None:
    service.start_web()
    body = payloads.furniture() | {"reference": "AT ONCE"}
    with ThreadPoolExecutor(4) as callers:
        answers = list(callers.map(lambda _: service.call(SHIPMENTS, body), range(12)))
    statuses = sorted(status for status, _ in answers)
    assert statuses == [202] + [409] * 11
    assert len({answer["id"] for _, answer in answers}) == 1
    assert service.count("screening_shipment") == service.count("screening_run") == 1
    assert "chain whole" in service.manage("verify_audit")


def test_of_officers_at_the_same_moment_one_proposes_and_the_others_are_told(service: Service) -> None:
    lines = service.shell(TWO_OFFICERS).splitlines()
    told = [line for line in lines if line.startswith("told: ")]
    assert (lines.count("proposed"), len(told)) == (1, 7)
    assert all("proposed “Refuse”" in line for line in told)
    assert service.count("screening_decision") == 1
    assert "chain whole" in service.manage("verify_audit")


def test_of_officers_who_dismiss_one_match_in_two_cases_one_does_and_the_others_are_told(service: Service) -> None:
    lines = service.shell(TWO_DISMISSALS).splitlines()
    told = [line for line in lines if line.startswith("told: ")]
    assert (lines.count("dismissed"), len(told)) == (1, 7)
    assert all("dismissed this match on" in line for line in told)
    assert service.count("screening_dismissal") == 1
    assert service.count("screening_run WHERE trigger LIKE 'dismissal %'") == 2
    assert "chain whole" in service.manage("verify_audit")


def test_officers_who_classify_one_line_alike_at_the_same_moment_make_one_precedent(service: Service) -> None:
    assert service.shell(SAME_LINE).splitlines() == ["confirmed"] * 8
    assert service.count("screening_precedent") == 1
    assert service.count("screening_precedentkey WHERE kind = 'part'") == 1
    assert service.count("screening_auditevent WHERE action LIKE 'precedent.%'") == 1
    assert "chain whole" in service.manage("verify_audit")


def test_the_api_does_what_its_description_says(service: Service, tmp_path: Path) -> None:
    """Requests made from the description, right and wrong ones: no error of the server, no undocumented answer."""
    service.start_web()
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "run"),
            f"http://127.0.0.1:{service.port}/api/v1/schema/",
            *("--header", f"Authorization: Bearer {service.secret}", "--checks", f"{checks},negative_data_rejection"),
            *("--max-examples", "15", "--seed", "1", "--no-color"),
        ],
        cwd=tmp_path,
        env={key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_all_who_declare_the_same_new_names_at_once_are_accepted(service: Service) -> None:
    """Each round is the first time for its names, and other names of it are known already."""
    service.start_web()

    def submit(number: int) -> int:
        body = payloads.mass_spectrometer() if number % 2 else payloads.furniture()
        parties = [{**party, "aliases": [f"Round {number // 8} Trading"]} for party in body["parties"]]
        status, _answer = service.call(SHIPMENTS, body | {"reference": f"N-{number}", "parties": parties})
        return status

    with ThreadPoolExecutor(8) as callers:
        assert set(callers.map(submit, range(96))) == {202}
