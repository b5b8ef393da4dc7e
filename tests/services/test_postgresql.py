"""The tests of screening and API, once more on PostgreSQL: no feature may exist on one database only."""

import os
import subprocess
import sys

from tests.services.conftest import ROOT


def test_what_passes_on_sqlite_passes_on_postgresql(postgres: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-n",
            "auto",
            "--database-only",
            "tests/screening",
            "tests/api",
            "tests/policies",
            "--ignore=tests/policies/test_list_files.py",  # files and rows; slow, no query of its own
        ],
        cwd=ROOT,
        env=environment | {"DATABASE_URL": postgres},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
