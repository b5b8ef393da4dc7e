"""`make run` in a copy of the tree: it answers, however it is stopped nothing stays behind, and it keeps its data."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.services.conftest import free_port
from tests.test_architecture import FILES, ROOT

START_SECONDS = 120
STOP_SECONDS = 20


@dataclass
class Started:
    make: subprocess.Popen[bytes]
    tree: Path
    page: str
    log: Path

    def processes(self) -> list[psutil.Process]:
        """Every living process that works inside the copy, whoever its parent is by now."""
        return [process for process in psutil.process_iter() if _works_in(self.tree, process)]


def _works_in(tree: Path, process: psutil.Process) -> bool:
    try:
        return Path(process.cwd()).is_relative_to(tree)
    except psutil.Error:
        return False


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def started(tree: Path) -> Iterator[Started]:
    port = free_port()
    own = {"PORT": str(port), "REDIS_PORT": str(free_port())}
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    log = tree / "make.log"
    with log.open("wb") as output:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=tree,
            env=inherited | own,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_hears_interrupts,
        )
    run = Started(make, tree, f"http://127.0.0.1:{port}/accounts/login/", log)
    try:
        _wait_until(lambda: _answers(run.page) and _has_all_parts(run), START_SECONDS, run)
        yield run
    finally:
        for process in run.processes():
            process.kill()


def _hears_interrupts() -> None:
    """A shell starts background jobs deaf to SIGINT, and children inherit that; a terminal's user is not deaf."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _has_all_parts(run: Started) -> bool:
    lines = [" ".join(process.cmdline()) for process in run.processes()]
    return all(any(part in line for line in lines) for part in ("valkey-server", "runserver", " worker", " beat"))


def _wait_until(condition: Callable[[], bool], seconds: float, run: Started) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert run.make.poll() is None, f"make ended by itself:\n{run.log.read_text()}"
        assert time.monotonic() < deadline, f"not up after {seconds} s:\n{run.log.read_text()}"
        time.sleep(0.2)


def _rows(tree: Path) -> dict[str, int]:
    with closing(sqlite3.connect(tree / "var" / "db.sqlite3")) as database:
        tables = ("screening_user", "screening_shipment", "policies_snapshot")
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files beside the virtual environment that exists already: a clone after the installation."""
    copy = tmp_path_factory.mktemp("clone") / "sargs"
    for path in FILES:
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.fixture(scope="module")
def first_rows(tree: Path) -> dict[str, int]:
    """What the very first start has put into the database."""
    with started(tree):
        rows = _rows(tree)
    assert min(rows.values()) > 0
    return rows


def _interrupt_group(run: Started) -> None:
    os.killpg(run.make.pid, signal.SIGINT)


def _interrupt_make(run: Started) -> None:
    run.make.send_signal(signal.SIGINT)


def _terminate_make(run: Started) -> None:
    run.make.terminate()


def _kill_make(run: Started) -> None:
    run.make.kill()


def _interrupt_supervisor(run: Started) -> None:
    honcho = min((p for p in run.processes() if "honcho" in p.cmdline()), key=lambda process: process.pid)
    honcho.send_signal(signal.SIGINT)


@pytest.mark.parametrize(
    "stop", [_interrupt_group, _interrupt_make, _terminate_make, _kill_make, _interrupt_supervisor]
)
def test_however_it_is_stopped_no_process_stays_and_the_data_does(
    tree: Path, first_rows: dict[str, int], stop: Callable[[Started], None]
) -> None:
    with started(tree) as run:
        stop(run)
        run.make.wait(STOP_SECONDS)
        if stop is _kill_make:  # nobody is left to wait for the others
            psutil.wait_procs(run.processes(), timeout=STOP_SECONDS)
        assert [process.cmdline() for process in run.processes()] == []
    assert _rows(tree) == first_rows


def test_a_port_in_use_is_named_with_the_way_out(tree: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = subprocess.run(
            ["make", "run"], cwd=tree, env=os.environ | {"PORT": port}, capture_output=True, text=True, check=False
        )
    assert answer.returncode == 2
    assert f"Port {port} cannot be used" in answer.stderr
    assert "PORT=8001" in answer.stderr
