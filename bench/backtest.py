"""A draft against stored shipments: how many a second on one core, over twice as many workers, and over more shipments.

    python bench/backtest.py [--shipments 2000] [--lists FOLDER]

Shipments of every direction, one to five lines and two to four parties, stored with the runs that judged them. Two
figures of the engine alone, with and without party lists; then whole backtests through broker, workers and PostgreSQL:
`--shipments` and four times as many on one process, and the larger one on two. Prints one JSON object.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.throughput import LISTS, aim, installation, with_real_lists  # noqa: E402
from policies import pack  # noqa: E402
from policies.engine import facts, read  # noqa: E402
from policies.engine.policy import Policy  # noqa: E402
from policies.engine.screen import screen  # noqa: E402
from tests.services.conftest import Service, wait_until  # noqa: E402

COUNTRIES = ("NO", "TR", "IN", "US", "CH", "GE", "KZ", "AE", "CN", "DE", "UA", "SG", "RS", "BR", "ZA")
GOODS: tuple[dict[str, Any], ...] = (
    {"description": "office furniture", "hs_code": "940330"},
    {"description": "mass spectrometer", "control_code": "3A233", "hs_code": "902781"},
    {"description": "coordinate measuring machine", "control_code": "2B006", "hs_code": "903149"},
    {"description": "cleaner", "cas_number": "102-71-6", "concentration_percent": 12, "hs_code": "340290"},
    {"description": "spare belts for conveyors", "hs_code": "401039"},
    {"description": "thermal imaging camera with lens", "hs_code": "852589"},
    {"description": "quadcopter drone, spare propellers", "hs_code": "880621"},
    {"description": "centrifugal pump of stainless steel", "hs_code": "841370"},
    {"description": "hunting rifle cartridges", "control_code": "ML3", "hs_code": "930630"},
    {"description": "server with network card", "hs_code": "847150"},
)
DIRECTIONS = ("export", "export", "export", "import", "transit", "transfer", "brokering", "technical_assistance")
ROLES = ("exporter", "consignee", "end_user", "intermediary")
WORDS = ("Anadolu", "Izmir", "Baltic", "Fjord", "Gujarat", "Astana", "Georgian", "Delta", "Nova", "Central", "United")
TRADES = ("Metal Works", "Analytical Labs", "Logistics", "Electronics Trading", "Machine Tools", "Institute of Physics")
FORMS = ("LLC", "AS", "SIA", "GmbH", "Ltd", "JSC", "")


def body(number: int) -> dict[str, Any]:
    """A shipment of its own for each number, the same on every machine."""
    pick = random.Random(number)
    destination = pick.choice(COUNTRIES)
    parties = [
        {
            "role": role,
            "name": f"{pick.choice(WORDS)} {pick.choice(TRADES)} {number % 997} {pick.choice(FORMS)}".strip(),
            "country": "LV" if role == "exporter" else destination,
            "address": f"{pick.randint(1, 200)} Harbour Road",
        }
        for role in ROLES[: pick.randint(2, 4)]
    ]
    lines = [
        {"number": line, **pick.choice(GOODS), "quantity": pick.randint(1, 40), "unit": "pcs", "value": 900 * line}
        for line in range(1, pick.randint(1, 5) + 1)
    ]
    for line in lines:
        line["currency"] = "EUR"
    return {
        "reference": f"B-{number}",
        "direction": pick.choice(DIRECTIONS),
        "origin": "LV",
        "destination": destination,
        "shipment_date": f"2026-{pick.randint(1, 9):02}-{pick.randint(1, 28):02}",
        "parties": parties,
        "lines": lines,
        "end_use": pick.choice(("quality control of castings", "resale", "research", "maintenance of machines")),
        "declarations": {},
    }


def engine_per_s(policy: Policy, count: int) -> float:
    """Shipments a second of processor time that `screen` alone judges, facts already read."""
    shipments = [facts.read(body(number)) for number in range(count)]
    screen(shipments[0], policy)
    began = time.process_time()
    for shipment in shipments:
        screen(shipment, policy)
    return count / (time.process_time() - began)


STORE = """
from django.utils import timezone
from bench.backtest import body
from policies import snapshots
from policies.engine import facts, screen
from screening import payload
from screening.models import Finding, Organisation, Run, Shipment, ShipmentRevision, User

owner, now, hash = Organisation.objects.get(), timezone.now(), snapshots.current().hash
user, _ = User.objects.get_or_create(username="bench", role="policy_editor")
made = []
for number in range({first}, {last}):
    cleaned = payload.clean(body(number))
    given = facts.read(cleaned, received_on=now.date())
    made.append((cleaned, given, screen.screen(given, snapshots.load(hash))))
shipments = Shipment.objects.bulk_create([Shipment(organisation=owner, reference=cleaned["reference"],
    status="screened", outcome=said.outcome, screened_at=now, direction=cleaned["direction"],
    destination=cleaned["destination"]) for cleaned, _given, said in made], batch_size=500)
revisions = ShipmentRevision.objects.bulk_create([ShipmentRevision(shipment=shipment, number=1, payload=cleaned,
    submitted_by=user) for shipment, (cleaned, _given, _said) in zip(shipments, made)], batch_size=500)
runs = Run.objects.bulk_create([Run(revision=revision, state="finished", outcome=said.outcome, finished_at=now,
    snapshot_hash=hash, engine_version=screen.ENGINE_VERSION, facts_hash=facts.digest(given),
    facts=facts.as_dict(given)) for revision, (_cleaned, given, said) in zip(revisions, made)], batch_size=500)
Finding.objects.bulk_create([Finding(run=run, position=position, **finding.as_dict())
    for run, (_cleaned, _given, said) in zip(runs, made)
    for position, finding in enumerate(said.findings, start=1)], batch_size=500)
for shipment, revision, run in zip(shipments, revisions, runs):
    shipment.current, shipment.latest_run = revision, run
Shipment.objects.bulk_update(shipments, ["current", "latest_run"], batch_size=500)
"""
DRAFT = """
from policies import content, editions, publishing
from policies.models import ListSource
source = ListSource.objects.get(id="rules/end_use")
rows = editions.rows(source.active)
rows[0]["title"] += " (changed)"
rows = [row for row in rows if row["id"] != "ART4-INFORMED"]
editions.adopt(source, content.prepare(source.kind, rows), editions.Origin())
print(publishing.draft(by=None).hash)
"""


def store(service: Service, first: int, last: int) -> None:
    """Screened shipments with their runs and findings, as the service keeps them."""
    for begin in range(first, last, 2000):
        service.shell(STORE.format(first=begin, last=min(begin + 2000, last)))


def backtest(service: Service, draft: str, count: int, *, processes: int) -> dict[str, float]:
    """A backtest over everything stored: shipments a second by the clock and by processor time, MB of a worker."""
    options = ("--concurrency", str(processes), "--without-mingle", "--without-gossip")
    worker = service.start("worker", "celery", "--app", "config", "worker", *options)
    run(service, worker, draft, "--destination", "ZA")  # the policies are in memory once a first, small one has run
    children = psutil.Process(worker.pid).children(recursive=True)
    before = [sum(child.cpu_times()[:2]) for child in children]
    public_id = run(service, worker, draft)
    used = sum(sum(child.cpu_times()[:2]) for child in children) - sum(before)
    seconds, total = service.sql(
        "SELECT extract(epoch FROM b.ended_at - min(c.started_at)), b.total FROM screening_backtest b "
        f"JOIN screening_backtestchunk c ON c.backtest_id = b.id WHERE public_id = '{public_id}' GROUP BY b.id"
    )[0]
    if total != count:
        raise RuntimeError(f"{total} of {count} shipments were chosen")
    memory = max(child.memory_info().rss for child in children) / 2**20
    service.kill(worker)
    return {"per_s": count / float(seconds), "per_core_s": count / used, "worker_mb": memory}


def run(service: Service, worker: subprocess.Popen[bytes], draft: str, *filters: str) -> str:
    """Start a backtest and wait for its end; its id."""
    public_id = service.manage("backtest", draft, "--by", "bench", *filters).split()[1].rstrip(":")
    state = f"screening_backtest WHERE public_id = '{public_id}' AND state = 'finished'"
    wait_until(lambda: worker.poll() is not None or service.count(state) == 1, seconds=1800, what=state)
    if worker.poll() is not None:
        raise RuntimeError(service.tail("worker"))
    return public_id


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shipments", type=int, default=2000)
    arguments.add_argument("--lists", type=Path, default=LISTS)
    given = arguments.parse_args()
    few, many = given.shipments, 4 * given.shipments
    figures = {"engine_per_s": engine_per_s(read.build(pack.editions(), hash="bench"), 500)}
    if given.lists.exists():
        policy, figures["listed_parties"] = with_real_lists(given.lists)
        figures["engine_per_s_real_lists"] = engine_per_s(policy, 500)
    with installation() as service:
        store(service, 0, few)
        draft = service.shell(DRAFT).strip().splitlines()[-1]
        small = backtest(service, draft, few, processes=1)
        store(service, few, many)
        large = backtest(service, draft, many, processes=1)
        double = backtest(service, draft, many, processes=2)
    for name, part in (("few", small), ("many", large), ("two_processes", double)):
        figures |= {f"{name}_{figure}": value for figure, value in part.items()}
    engine, core = figures["engine_per_s"], large["per_core_s"]
    linear, parallel = large["per_core_s"] / small["per_core_s"], double["per_s"] / large["per_s"]
    print(
        json.dumps(
            {
                "name": "backtest",
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
                "figures": {name: round(value, 2) for name, value in figures.items()},
                "aims": [
                    aim("engine without party lists", "500 shipments/s on a core", engine, engine >= 500),
                    aim("backtest", "500 shipments/s on a core", core, core >= 500),
                    aim("linear", "four times the shipments at 0.9 of the speed or more", linear, linear >= 0.9),
                    aim("parallel", "two processes at 1.7 times the speed or more", parallel, parallel >= 1.7),
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
