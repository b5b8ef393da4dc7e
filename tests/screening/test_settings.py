"""The environment decides, and a value that makes no sense stops the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "tW8sK2pQ9vN4xR7mB1cL6dH3jF5gY0aZeUiOqSwErTyUkMnBvC"
PRODUCTION = {"DEBUG": "0", "SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "sargs.example.org"}


def start(show: str = "1", **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of their own and print an expression."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    code = f"from config import settings as s; print({show})"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def test_nothing_needs_to_be_set_on_one_machine() -> None:
    started = start("s.DEBUG, s.DATABASES['default']['ENGINE'], s.REDIS_URL")
    assert started.stdout.strip() == "True django.db.backends.sqlite3 redis://127.0.0.1:6390/0"


def test_production_starts_with_secure_cookies() -> None:
    started = start("s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT", **PRODUCTION)
    assert started.stdout.strip() == "False True True"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'; write 1 or 0"),
        ({"RUN_MAX_ATTEMPTS": "many"}, "RUN_MAX_ATTEMPTS is 'many'"),
        ({"RUN_MAX_ATTEMPTS": "0"}, "at least 1"),
        ({"DATABASE_URL": "mysql://u:p@localhost/x"}, "DATABASE_URL must start with"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"REDIS_URL": "amqp://localhost"}, "REDIS_URL must start with"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY and SECRET_KEY_FILE are both set"),
        ({"SECRET_KEY": "", "SECRET_KEY_FILE": "/nowhere/key"}, "'/nowhere/key', which cannot be read"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is 'LOUD'"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_named(wrong: dict[str, str], sentence: str) -> None:
    started = start(**(PRODUCTION | wrong))
    assert started.returncode != 0
    assert "ImproperlyConfigured" in started.stderr
    assert sentence in started.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD_KEY + "\n")
    started = start("s.SECRET_KEY", **(PRODUCTION | {"SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key")}))
    assert started.stdout.strip() == GOOD_KEY


def test_a_task_is_delivered_again_only_after_its_time_limit() -> None:
    started = start("s.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'] - s.CELERY_TASK_TIME_LIMIT")
    assert 0 < int(started.stdout) < 60
