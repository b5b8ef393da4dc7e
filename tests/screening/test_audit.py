"""The audit log can be added to and nothing else, and says where it was touched."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from screening import audit
from screening.models import AuditEvent, AuditHead
from tests import factories
from tests.conftest import without_audit_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> list[AuditEvent]:
    """Five events about one organisation, by a person, a token and the system."""
    organisation = factories.organisation()
    officer = factories.officer(first_name="Anna", last_name="Ozola", username="anna")
    token, _ = factories.token(organisation)
    actors = (officer, None, token, officer)
    for number, by in enumerate(actors):
        audit.record("test.done", by=by, of=organisation, details={"number": number, "share": 0.1, "word": "ķīmija"})
    return list(AuditEvent.objects.order_by("number"))


def touch(sql: str, *values: object) -> None:
    """What somebody with the keys of the database could do."""
    without_audit_triggers()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_events_are_numbered_and_chained(log: list[AuditEvent]) -> None:
    assert [event.number for event in log] == [1, 2, 3, 4, 5]
    assert [event.previous for event in log] == [audit.START, *(event.hash for event in log[:-1])]
    assert audit.verify() == 5


def test_an_event_keeps_the_name_of_its_actor(log: list[AuditEvent]) -> None:
    assert log[1].actor == "Anna Ozola (anna)"
    assert log[2].actor == "system"
    assert log[3].actor.startswith("token ERP (")


def test_a_number_is_kept_as_it_was_hashed(log: list[AuditEvent]) -> None:
    assert log[1].details == {"number": 0, "share": "0.1", "word": "ķīmija"}


@pytest.mark.parametrize(
    "statement", ["UPDATE screening_auditevent SET actor = 'nobody'", "DELETE FROM screening_auditevent"]
)
def test_the_database_refuses_to_change_the_log(log: list[AuditEvent], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify() == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "somebody else"), ("action", "test.undone"), ("object_id", "0"), ("at", "2020-01-01 00:00:00+00:00")],
)
def test_a_changed_row_is_named(log: list[AuditEvent], column: str, value: str) -> None:
    touch(f"UPDATE screening_auditevent SET {column} = %s WHERE number = 3", value)
    with pytest.raises(CommandError, match="Audit event 3: was changed"):
        call_command("verify_audit")


def test_changed_details_are_found(log: list[AuditEvent]) -> None:
    touch("UPDATE screening_auditevent SET details = %s WHERE number = 2", '{"number": 7}')
    with pytest.raises(audit.BrokenChain, match="Audit event 2"):
        audit.verify()


def test_a_row_slipped_in_before_the_first_is_found(log: list[AuditEvent]) -> None:
    slipped = AuditEvent.objects.get(number=1)
    slipped.pk, slipped.number, slipped.hash = None, 0, "0" * 64
    slipped.save(force_insert=True)
    with pytest.raises(audit.BrokenChain, match="Audit event 0"):
        audit.verify()


def test_a_missing_row_is_named(log: list[AuditEvent]) -> None:
    touch("DELETE FROM screening_auditevent WHERE number = 2")
    with pytest.raises(audit.BrokenChain, match="Audit event 2: is missing"):
        audit.verify()


def test_a_row_rewritten_with_a_fitting_hash_breaks_the_next_one(log: list[AuditEvent]) -> None:
    forged = AuditEvent.objects.get(number=4)
    forged.actor = "somebody else"
    touch(
        "UPDATE screening_auditevent SET actor = %s, hash = %s WHERE number = 4",
        forged.actor,
        audit.fingerprint(forged),
    )
    with pytest.raises(audit.BrokenChain, match="Audit event 5: does not continue"):
        audit.verify()


def test_a_cut_off_end_is_found(log: list[AuditEvent]) -> None:
    touch("DELETE FROM screening_auditevent WHERE number > 3")
    with pytest.raises(audit.BrokenChain, match="Audit event 4: is missing"):
        audit.verify()


def test_a_log_without_its_head_is_broken(log: list[AuditEvent]) -> None:
    AuditHead.objects.all().delete()
    with pytest.raises(audit.BrokenChain, match="Audit event 1"):
        audit.verify()


@pytest.mark.parametrize(("columns", "named"), [({"hash": "0" * 64}, 5), ({"number": 3}, 4), ({"number": 9}, 6)])
def test_a_forged_head_is_found(log: list[AuditEvent], columns: dict[str, object], named: int) -> None:
    AuditHead.objects.update(**columns)
    with pytest.raises(audit.BrokenChain, match=f"Audit event {named}"):
        audit.verify()


def test_an_empty_log_is_whole() -> None:
    assert audit.verify() == 0


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_a_transaction_is_refused() -> None:
    organisation = factories.organisation()
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("test.done", by=None, of=organisation)
    assert AuditEvent.objects.count() == 0
