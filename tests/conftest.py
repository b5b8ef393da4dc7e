"""Fixtures strategy: no database unless a test asks for it, and the shipped policies only where something is screened.

The same tests run on SQLite and, with DATABASE_URL set, on PostgreSQL. No broker is needed: a test that wants the
queued work done calls the verb, and tests/services runs real workers.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.test import TransactionTestCase

from policies import shipped, snapshots
from policies.models import Edition, ListSource, Snapshot

triggers = importlib.import_module("screening.migrations.0002_audit_triggers")
_shipped: list[models.Model] = []


def without_audit_triggers() -> None:
    """What only the owner of the database can do: take the guard of the audit log away."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = filter(_uses_database, items)


def _uses_database(item: pytest.Item) -> bool:
    return bool(
        item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    )


@pytest.fixture
def policy(db: None) -> Snapshot:
    """The shipped pack, published. Read once per process; later tests get copies of the rows."""
    if _shipped:
        for row in _shipped:
            row.save(force_insert=True)
    else:
        shipped.install_shipped(by=None)
        for model in (ListSource, Edition, Snapshot):
            _shipped.extend(model._default_manager.all())
    published = snapshots.current()
    assert published is not None
    return published


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A password hash is slow on purpose; hundreds of test users need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture(autouse=True)
def _own_indexes(settings: Any, _indexes: Path) -> None:
    """Index files of this process's tests, away from those of the service."""
    settings.INDEX_DIR = _indexes


@pytest.fixture(autouse=True, scope="session")
def _flush_despite_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by emptying every table, which the audit log rightly refuses."""
    teardown = TransactionTestCase._fixture_teardown

    def without_triggers(self: Any) -> None:
        without_audit_triggers()
        teardown(self)
        with connection.cursor() as cursor:
            for statement in triggers.CREATE[connection.vendor]:
                cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
