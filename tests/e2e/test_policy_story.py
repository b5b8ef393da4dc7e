"""A rule from an editor's first attempt to the open case that it changes: written, tried, published by another."""

import pytest
from playwright.sync_api import Page, expect

from policies.models import Snapshot
from screening import backtests, rescreening, runs
from screening.models import BacktestChunk, Case, Rescreening, Run
from tests import factories
from tests.e2e.conftest import Desk, shot

pytestmark = pytest.mark.usefixtures("policy")

FIRES = '- {destination: IN, line: {control_code: 3A233, description: "mass spectrometer, 300 u"}}'
NOT = '- {destination: JP, line: {control_code: 3A233, description: "mass spectrometer, 300 u"}}'


def write(page: Page) -> None:
    """A rule that stops mass spectrometers to India, all but its clause right."""
    page.get_by_label("Id", exact=True).fill("GOODS-SPECTROMETERS")
    page.locator("#rule-list_id").select_option("rules/goods")
    page.locator("#rule-title").fill("Mass spectrometers to India are stopped")
    page.locator("#rule-scope").select_option("line")
    page.locator("#rule-effect").select_option("prohibited")
    page.locator("#rule-reason").select_option("EMBARGO_ARMS")
    page.locator("#rule-legal_basis").fill("An order of the committee")
    page.locator("#principle-P01").check()
    page.locator("#clause-1").fill('line.cod == "3A233" && shipment.destination.code == "IN"')
    page.locator("#rule-must_fire").fill(FIRES)
    page.locator("#rule-must_not").fill(NOT)
    page.locator("#rule-why").fill("The committee has decided so.")


def work() -> None:
    """What the workers do: chunks of backtests, passes of re-screening, runs."""
    for chunk in BacktestChunk.objects.filter(done_at=None):
        backtests.work(chunk.pk)
    for waiting in Rescreening.objects.filter(done_at=None):
        rescreening.work(waiting.pk)
    for run in Run.objects.filter(outcome=""):
        runs.screen(run.pk)


def test_a_rule_is_written_tried_published_by_another_and_changes_an_open_case(desk: Desk) -> None:
    spectrometer = {"description": "mass spectrometer, 300 u", "control_code": "3A233", "quantity": 1, "unit": "pcs"}
    line = spectrometer | {"number": 1, "value": 180000, "currency": "EUR"}
    shipment = factories.shipment(destination="IN", lines=[line])
    work()
    case = Case.objects.get(shipment=shipment)
    assert case.outcome == "licence_required"
    holder = factories.officer()
    Case.objects.update(assigned_to=holder)

    editor = desk.page(factories.user("policy_editor", username="elina"), path="/policy/rules/new/")
    write(editor)
    editor.get_by_role("button", name="Check and test").last.click()
    expect(editor.locator("#clause-1-error")).to_contain_text("cod")
    expect(editor.locator("#clause-1-error")).to_contain_text("column 5")
    shot(editor, "rule-refused", full=True)
    editor.locator("#clause-1").fill('line.code == "3A233" && shipment.destination.code == "IN"')
    editor.get_by_role("button", name="Check and test").last.click()
    expect(editor.locator("#rule-said")).to_contain_text("all 2 examples hold")
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_have_url(f"{desk.base}/policy/rules/GOODS-SPECTROMETERS/")
    shot(editor, "rule-saved", full=True)

    editor.goto("/policy/draft/")
    editor.get_by_role("button", name="Make a draft").click()
    expect(editor.get_by_text("GOODS-SPECTROMETERS").first).to_be_visible()
    editor.goto("/policy/backtests/")
    editor.get_by_role("button", name="Start").click()
    expect(editor.get_by_role("progressbar")).to_be_visible()
    work()
    expect(editor.get_by_text("1 shipment would get another outcome.")).to_be_visible()
    expect(editor.locator("ins").filter(has_text="GOODS-SPECTROMETERS")).to_be_visible()
    shot(editor, "backtest", full=True)
    editor.goto("/policy/draft/")
    expect(editor.locator("#why-publish")).to_contain_text("another policy editor must publish it")

    second = desk.page(factories.user("policy_editor", username="janis"), path="/policy/draft/")
    second.get_by_role("link", name="The backtest").click()
    expect(second.get_by_text("1 shipment would get another outcome.")).to_be_visible()
    second.goto("/policy/draft/")
    shot(second, "draft", full=True)
    second.get_by_label("Reason", exact=True).fill("Order of the committee of 20 November")
    second.get_by_role("button", name="Publish", exact=True).click()
    expect(second.get_by_text("Order of the committee of 20 November").first).to_be_visible()
    assert Snapshot.objects.get(state="published").published_by is not None

    work()
    officer = desk.page(holder, path=f"/cases/{shipment.public_id}/")
    expect(officer.locator(".outcome")).to_contain_text("Prohibited")
    expect(officer.get_by_text("Mass spectrometers to India are stopped").first).to_be_visible()
    expect(officer.locator("#history")).to_contain_text("Prohibited")
    shot(officer, "rescreened", full=True)
    officer.goto("/notices/")
    expect(officer.get_by_role("link", name=shipment.reference).first).to_be_visible()
