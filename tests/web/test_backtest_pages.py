"""Backtests on the screen: started, watched, cancelled, resumed, read; and who sees which shipment in them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies import publishing, rulebook
from policies.models import Snapshot
from screening import backtests
from screening.editorial import rules
from screening.models import Backtest, BacktestReading, BacktestState, Role, Run, Shipment, User
from screening.runs import screen
from tests import factories, payloads
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


@pytest.fixture
def editor() -> User:
    return factories.user(Role.POLICY_EDITOR)


@pytest.fixture
def draft(editor: User) -> Snapshot:
    """A draft in which mass spectrometers to India are prohibited."""
    row = rulebook.find("GOODS-ANNEX-I")
    assert row is not None
    fresh = {**row, "effect": "prohibited"}
    rules.save(fresh, list_id=rulebook.list_of(row["id"]), by=editor, base=rulebook.row_digest(row), reason="A test.")
    return publishing.draft(by=editor)


@pytest.fixture
def shipment() -> Shipment:
    sent = factories.shipment(**payloads.mass_spectrometer() | {"reference": "SPECTRO-1"})
    screen(Run.objects.get(revision=sent.current).pk)
    return sent


def address(name: str, one: Backtest | None = None) -> str:
    return reverse(f"screening:{name}", args=[one.public_id] if one else [])


def begin(client: Client, draft: Snapshot, **filters: Any) -> Backtest:
    answer = client.post(address("backtest_start"), {"snapshot": str(draft.pk), **filters})
    assert answer.status_code == 302, answer.content.decode()
    return Backtest.objects.latest("pk")


def work(one: Backtest) -> None:
    for chunk in one.chunks.all():
        backtests.work(chunk.pk)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_draft_is_tried_and_its_result_read(editor: User, draft: Snapshot, shipment: Shipment) -> None:
    client = browser(editor)
    assert draft.hash[:8] in text(client.get(address("backtests")))
    one = begin(client, draft)
    running = text(client.get(address("backtest", one)))
    assert "<progress" in running and "Look again" in running and 'hx-trigger="every 2s"' in running
    assert not BacktestReading.objects.exists()
    work(one)
    done = text(client.get(address("backtest", one)))
    assert "<strong>1</strong> shipment would get another outcome." in done
    assert 'hx-trigger="every 2s"' not in done
    assert "?before=licence_required&amp;after=prohibited#changes" in done
    assert "GOODS-ANNEX-I" in done
    assert BacktestReading.objects.get().by == editor
    assert Shipment.objects.get(pk=shipment.pk).outcome == "licence_required"


def test_an_editor_sees_no_reference_and_an_officer_a_link(editor: User, draft: Snapshot, shipment: Shipment) -> None:
    one = begin(browser(editor), draft)
    work(one)
    mine = text(browser(editor).get(address("backtest", one)))
    assert "SPECTRO-1" not in mine and str(shipment.public_id) not in mine
    assert "not shown to your role" in mine
    theirs = text(browser(factories.officer()).get(address("backtest", one)))
    assert "SPECTRO-1" in theirs
    assert reverse("screening:case", args=[shipment.public_id]) in theirs


def test_changes_are_filtered_by_outcome_rule_and_destination(
    editor: User, draft: Snapshot, shipment: Shipment
) -> None:
    one = begin(browser(editor), draft)
    work(one)
    client = browser(factories.officer())
    for chosen in (
        {"before": "licence_required", "after": "prohibited"},
        {"rule": "GOODS-ANNEX-I"},
        {"destination": "IN"},
    ):
        assert "SPECTRO-1" in text(client.get(address("backtest", one), chosen))
    for chosen in (
        {"before": "clear"},
        {"rule": "GOODS"},
        {"rule": 'x"'},
        {"destination": "BR"},
        {"after": "nonsense"},
    ):
        assert "SPECTRO-1" not in text(client.get(address("backtest", one), chosen))


def test_a_running_backtest_is_cancelled_and_goes_on(editor: User, draft: Snapshot, shipment: Shipment) -> None:
    client = browser(editor)
    one = begin(client, draft)
    assert client.post(address("backtest_resume", one), follow=True).status_code == 200
    assert client.post(address("backtest_cancel", one)).status_code == 302
    assert Backtest.objects.get().state == BacktestState.CANCELLED
    page = text(client.get(address("backtest", one)))
    assert "Go on" in page and "The backtest is cancelled." in page
    again = text(client.post(address("backtest_cancel", one), follow=True))
    assert "cannot be cancelled" in again
    assert client.post(address("backtest_resume", one)).status_code == 302
    work(one)
    assert Backtest.objects.get().state == BacktestState.FINISHED


def test_a_wrong_period_is_told_at_its_field(editor: User, draft: Snapshot) -> None:
    given = {"snapshot": str(draft.pk), "received_from": "2026-02-01", "received_to": "2026-01-01"}
    answer = browser(editor).post(address("backtest_start"), given)
    assert answer.status_code == 422
    assert "The period ends before it begins" in text(answer)
    assert not Backtest.objects.exists()


def test_a_snapshot_that_is_not_offered_is_not_tried(editor: User, draft: Snapshot) -> None:
    assert browser(editor).post(address("backtest_start"), {"snapshot": "999999"}).status_code == 422
    assert not Backtest.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.EXPORTER])
def test_only_editors_start_cancel_and_resume(role: str, editor: User, draft: Snapshot) -> None:
    factories.shipment()
    one = begin(browser(editor), draft)
    client = browser(factories.user(role))
    assert client.post(address("backtest_start"), {"snapshot": str(draft.pk)}).status_code == 403
    assert client.post(address("backtest_cancel", one)).status_code == 403
    assert client.post(address("backtest_resume", one)).status_code == 403
    assert Backtest.objects.get().state == BacktestState.RUNNING


def test_the_analysis_uses_the_newest_finished_backtest(editor: User, draft: Snapshot, shipment: Shipment) -> None:
    client = browser(editor)
    assert "Not asked" in text(client.get(address("analysis")))
    one = begin(client, draft)
    work(one)
    said = text(client.get(address("analysis")))
    assert "Fired counts are those of the backtest" in said and "Not asked" not in said
    never = said.split('id="never_fired"')[1]
    assert "GA-EU008" in never and ">GOODS-ANNEX-I<" not in never
