"""As of another day: the snapshot in force then, the rows valid then, beside what is said today."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from policies import content, editions, publishing, snapshots
from policies.models import Edition, Snapshot
from screening import runs
from screening.as_of import AsOfError, as_of
from screening.models import AuditEvent, Run, Shipment
from tests import factories, payloads

LIST = "rules/end_use"
MARCH, APRIL, JUNE = date(2026, 3, 10), date(2026, 4, 10), date(2026, 6, 10)


def rule(**changes: Any) -> dict[str, Any]:
    """Everything to Norway is looked at."""
    return {
        "id": "TRIAL-NORWAY",
        "title": "Everything to Norway is looked at",
        "scope": "shipment",
        "effect": "review",
        "reason": "ART4_WMD_AWARE",
        "legal_basis": "none; a trial",
        "clauses": ['shipment.destination.code == "NO"'],
        "examples": {"fires": [{"destination": "NO", "shipment_date": "2026-06-01"}], "not": [{"destination": "CH"}]},
    } | changes


def publish(*more: dict[str, Any]) -> Snapshot:
    """The rules that ship with the product and others, in force from now on."""
    edition = Edition.objects.filter(source=LIST).earliest("id")
    rows = [*editions.rows(edition), *more]
    editions.adopt(edition.source, content.prepare(edition.kind, rows), editions.Origin())
    return publishing.publish(publishing.draft(by=None), by=factories.administrator(), reason="a trial")


def at(day: date, hour: int = 12) -> Any:
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def first(policy: Snapshot) -> Snapshot:
    """The shipped pack, as if it had been published in March."""
    Snapshot.objects.filter(pk=policy.pk).update(in_force_from=datetime(2026, 3, 1, tzinfo=UTC))
    policy.refresh_from_db()
    return policy


@pytest.fixture
def shipment(first: Snapshot) -> Shipment:
    with at(MARCH):
        sent = factories.shipment(shipment_date="2026-03-20")
        runs.screen(Run.objects.get(revision=sent.current).pk)
    return Shipment.objects.get(pk=sent.pk)


def test_the_policy_of_the_day_stands_beside_that_of_today(first: Snapshot, shipment: Shipment) -> None:
    with at(APRIL):
        later = publish(rule())
    with at(JUNE):
        answer = as_of(shipment, MARCH)
        assert (answer.snapshot, answer.in_force, answer.note) == (first, later, "")
        assert (answer.then.outcome, answer.today.outcome) == ("clear", "review")
        assert [row["rule"] for row in answer.differences["added"]] == ["TRIAL-NORWAY"]
        assert [row["rule"] for row in answer.differences["removed"]] == ["NOT-LISTED"]
        assert answer.differences["outcome"] == ["clear", "review"]


def test_on_a_day_of_publication_the_policy_counts_that_was_in_force_when_it_ended(
    first: Snapshot, shipment: Shipment
) -> None:
    with at(APRIL, 6):
        publish(rule(id="TRIAL-EARLY"))
    with at(APRIL, 18):
        late = publish(rule(id="TRIAL-LATE"))
    with at(JUNE):
        assert as_of(shipment, APRIL).snapshot == late
        assert as_of(shipment, date(2026, 4, 9)).snapshot == first


def test_rows_and_rules_count_on_the_days_on_which_they_are_valid(first: Snapshot, shipment: Shipment) -> None:
    """One snapshot all the time: only the day differs, not the declared day of the shipment."""
    with at(date(2026, 3, 2)):
        publish(rule(valid_from="2026-05-01"))
    with at(JUNE):
        assert as_of(shipment, date(2026, 4, 30)).then.outcome == "clear"
        assert as_of(shipment, date(2026, 5, 1)).then.outcome == "review"
        answer = as_of(shipment, date(2026, 4, 30))
        assert (answer.snapshot, answer.today.outcome) == (answer.in_force, "review")


def test_licences_count_with_their_days_and_what_was_stored_of_them(first: Snapshot) -> None:
    body = payloads.mass_spectrometer()
    del body["reference"]
    licence = factories.licence(valid_from=date(2026, 1, 1), valid_to=date(2026, 4, 30))
    with at(MARCH):
        sent = factories.shipment(**body | {"declarations": {"licence": licence.number}})
        runs.screen(Run.objects.get(revision=sent.current).pk)
    licence.delete()
    with at(JUNE):
        answer = as_of(Shipment.objects.get(pk=sent.pk), date(2026, 4, 30))
    assert (answer.then.outcome, answer.today.outcome) == ("clear", "licence_required")


def test_a_shipment_without_a_day_is_judged_on_the_day_and_stays_without_one(first: Snapshot) -> None:
    with at(MARCH):
        sent = factories.shipment(shipment_date=None)
    with at(date(2026, 3, 12)):
        publish(rule(valid_from="2026-05-01"))
    with at(JUNE):
        answer = as_of(Shipment.objects.get(pk=sent.pk), APRIL)
    then, today = ({finding.rule for finding in screening.findings} for screening in (answer.then, answer.today))
    assert today - then == {"TRIAL-NORWAY"}
    assert "INCOMPLETE" in {finding.reason for finding in answer.then.findings}, "that the day is missing is still said"


def test_today_both_sides_are_the_same(first: Snapshot, shipment: Shipment) -> None:
    with at(JUNE):
        answer = as_of(shipment, JUNE)
    assert (answer.snapshot, answer.differences) == (first, {})
    assert answer.then == answer.today


def test_before_the_first_policy_the_first_is_asked_and_a_note_says_so(first: Snapshot, shipment: Shipment) -> None:
    with at(JUNE):
        answer = as_of(shipment, date(2025, 12, 24))
    assert answer.snapshot == first
    assert "2026" in answer.note and "2025" in answer.note


def test_a_day_to_come_is_refused(first: Snapshot, shipment: Shipment) -> None:
    with at(MARCH), pytest.raises(AsOfError, match="in the future"):
        as_of(shipment, date(2026, 3, 11))


def test_without_a_policy_nothing_can_be_said(db: None) -> None:
    with pytest.raises(AsOfError, match="install_policies"):
        as_of(factories.shipment(), MARCH)


def test_a_policy_that_is_lost_is_named(first: Snapshot, shipment: Shipment) -> None:
    with at(APRIL):
        publish(rule())
    Edition.objects.filter(source=LIST, digest=first.manifest[LIST]).update(content=b"spoilt")
    snapshots.forget()
    with at(JUNE), pytest.raises(AsOfError, match=LIST):
        as_of(shipment, MARCH)


def test_nothing_is_stored(first: Snapshot, shipment: Shipment) -> None:
    counted = (Run, AuditEvent, Shipment)
    before = [model._default_manager.count() for model in counted]
    with at(JUNE):
        as_of(shipment, APRIL)
    assert [model._default_manager.count() for model in counted] == before


def test_the_command_shows_both_days_and_what_differs(first: Snapshot, shipment: Shipment, capsys: Any) -> None:
    with at(APRIL):
        publish(rule())
    with at(JUNE):
        call_command("as_of", shipment.reference, "2026-03-10")
        call_command("as_of", str(shipment.public_id), "2026-06-10")
    said = capsys.readouterr().out
    assert f"2026-03-10 (policy {first}): clear" in said
    assert "Everything to Norway is looked at" in said
    assert "Both days say the same." in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", "2026-03-10"), "no shipment"),
        (("R", "10 March"), "2026-03-01"),
        (("R", "2999-01-01"), "in the future"),
        (("twice", "2026-03-10"), "Several"),
    ],
)
def test_the_command_says_what_is_wrong(first: Snapshot, arguments: tuple[str, str], said: str) -> None:
    factories.shipment(reference="R")
    factories.shipment(reference="twice")
    factories.shipment(reference="twice")
    with pytest.raises(CommandError, match=said):
        call_command("as_of", *arguments)
