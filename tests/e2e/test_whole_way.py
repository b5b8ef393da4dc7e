"""A shipment from the exporter's form to the decision of two officers, in a browser; with script and without."""

import pytest
from playwright.sync_api import Page, expect

from screening import runs
from screening.models import Case, CaseState, Run, Shipment
from tests import factories
from tests.e2e.conftest import Desk, shot

pytestmark = pytest.mark.usefixtures("policy")


def fill(page: Page) -> None:
    """A mass spectrometer to a laboratory in India; the first page of the form has three parties and one line."""
    page.get_by_label("Your reference").fill("E2E-1")
    page.get_by_label("To", exact=True).select_option("IN")
    page.get_by_label("Shipment date").fill("2026-12-01")
    page.get_by_label("End use", exact=True).fill("isotope analysis of soil samples")
    for number in (1, 2):
        page.locator(f"[name=parties-{number}-name]").fill("Gujarat Analytical Labs")
        page.locator(f"[name=parties-{number}-country]").select_option("IN")
    line = {
        "description": "mass spectrometer, 300 u",
        "control_code": "3A233",
        "hs_code": "902781",
        "quantity": "2",
        "value": "180000",
    }
    for name, value in line.items():
        page.locator(f"[name=lines-0-{name}]").fill(value)
    page.locator("[name=lines-0-unit]").select_option("pcs")


def propose(page: Page) -> None:
    page.locator("[name=kind]").select_option("approve_with_conditions")
    page.get_by_label("Legal basis").fill("Reg 2021/821 Art 3(1)")
    page.get_by_label("Reason", exact=True).fill("A civil laboratory with a plausible end use.")
    page.get_by_label("Conditions").fill("Delivery receipt within 60 days.")
    page.get_by_role("button", name="Propose the decision").click()


def screen_what_waits() -> None:
    """What the worker does: the task is `runs.screen` with the id of the run."""
    for run in Run.objects.filter(outcome=""):
        runs.screen(run.pk)


def test_from_the_form_to_the_decision(desk: Desk) -> None:
    person = factories.exporter(username="kurzeme")
    exporter = desk.page(path="/accounts/login/")
    exporter.get_by_label("Login").fill("kurzeme")
    exporter.get_by_label("Password").fill(factories.PASSWORD)
    exporter.locator("main").get_by_role("button", name="Sign in").click()
    exporter.get_by_role("link", name="New shipment").click()
    fill(exporter)
    exporter.get_by_role("button", name="Send for screening").click()
    expect(exporter.get_by_text("waits for its screening")).to_be_visible()
    screen_what_waits()
    expect(exporter.locator(".note").filter(has_text="Licence required")).to_be_visible()  # without touching the page
    shot(exporter, "status", full=True)

    officer = desk.page(factories.officer())
    officer.keyboard.press("/")
    officer.keyboard.type("gujarat")
    expect(officer).to_have_url(f"{desk.base}/queue/?tab=open&q=gujarat")
    officer.get_by_role("link", name="E2E-1").click()
    expect(officer.locator("#case-heading")).to_be_focused()
    expect(officer).to_have_url(f"{desk.base}/cases/{Shipment.objects.get().public_id}/?tab=open&q=gujarat")
    propose(officer)
    expect(officer.get_by_text("Only a senior officer confirms a decision.")).to_be_visible()

    senior = desk.page(factories.senior_officer(), path="/queue/?tab=second_review")
    senior.get_by_role("link", name="E2E-1").click()
    senior.get_by_role("button", name="Confirm the decision").click()
    expect(senior.get_by_text("The decision is confirmed.")).to_be_visible()
    assert Case.objects.get().state == CaseState.DECIDED

    exporter.reload()
    expect(exporter.get_by_role("heading", name="Decision: Approve with conditions")).to_be_visible()
    expect(exporter.get_by_text("Delivery receipt within 60 days.")).to_be_visible()
    assert exporter.get_by_text("A civil laboratory").count() == 0
    assert person.organisation == Shipment.objects.get().organisation


def test_the_same_way_without_script(desk: Desk) -> None:
    exporter = desk.page(factories.exporter(), path="/shipments/new/", java_script_enabled=False)
    exporter.get_by_role("button", name="Add a line").click()
    exporter.locator("[name=lines-1-description]").fill("mounting kit")
    exporter.get_by_role("button", name="Remove party 1").click()
    exporter.locator("[name=parties-0-role]").select_option("consignee")
    exporter.get_by_role("button", name="Add a party").click()
    exporter.locator("[name=parties-2-role]").select_option("exporter")
    exporter.locator("[name=parties-2-name]").fill("Baltic Precision SIA")
    exporter.locator("[name=parties-0-name]").fill("Gujarat Analytical Labs")
    exporter.locator("[name=parties-1-name]").fill("Gujarat Analytical Labs")
    exporter.locator("[name=lines-0-control_code]").fill("3A233")
    exporter.locator("[name=lines-0-quantity]").fill("two")
    exporter.get_by_role("button", name="Send for screening").click()
    exporter.get_by_role("link", name="Line 1: Quantity").click()
    expect(exporter.locator("[name=lines-1-description]")).to_have_value("mounting kit")
    exporter.locator("[name=lines-0-quantity]").fill("2")
    exporter.get_by_role("button", name="Send for screening").click()
    screen_what_waits()
    exporter.get_by_role("link", name="Look again").click()
    expect(exporter.get_by_text("Licence required").first).to_be_visible()

    officer = desk.page(factories.officer(), java_script_enabled=False)
    officer.locator(".queue tbody a").click()
    officer.get_by_role("button", name="Assign to me").click()
    propose(officer)
    senior = desk.page(factories.senior_officer(), java_script_enabled=False)
    senior.locator(".queue tbody a").click()
    senior.get_by_text("Send the proposal back").click()
    senior.get_by_label("Reason", exact=True).fill("Name the laboratory's owner.")
    senior.get_by_role("button", name="Send back").click()
    officer.reload()
    expect(officer.locator("#decision").get_by_text("Name the laboratory's owner.")).to_be_visible()


def test_the_second_officer_is_told_and_keeps_the_text(desk: Desk) -> None:
    factories.case()
    slow, quick = desk.page(factories.officer()), desk.page(factories.officer(first_name="Quick", last_name="Hand"))
    for page in (slow, quick):
        page.locator(".queue tbody a").click()
        expect(page.locator("#case-heading")).to_be_visible()
    quick.get_by_role("button", name="Assign to me").click()
    expect(quick.get_by_text("The case is assigned.")).to_be_visible()
    propose(slow)
    expect(slow.get_by_role("alert").filter(has_text="Quick Hand took the case")).to_be_visible()
    expect(slow.get_by_label("Reason", exact=True)).to_have_value("A civil laboratory with a plausible end use.")


def test_the_keyboard_moves_through_the_queue(desk: Desk) -> None:
    cases = [factories.case() for _number in range(3)]
    page = desk.page(factories.officer())
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#case-heading")).to_contain_text(cases[1].shipment.reference)
    expect(page.locator(".queue tbody a[aria-current]")).to_have_text(cases[1].shipment.reference)
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(f"{desk.base}/queue/")
    expect(page.get_by_text("Choose a case on the left.")).to_be_visible()
