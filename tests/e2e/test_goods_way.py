"""A line without a code: the exporter is asked what would decide, answers and sends; the officer reads the card."""

import re

import pytest
from playwright.sync_api import Page, expect

from policies import snapshots
from policies.models import Snapshot
from screening.models import Shipment
from tests import factories
from tests.e2e.conftest import PHONE, Desk, faults, shot
from tests.e2e.test_whole_way import screen_what_waits


@pytest.fixture(autouse=True)
def _loaded(policy: Snapshot) -> None:
    """A web process that has just begun reads the policy at its first check, which takes longer than a click waits."""
    snapshots.load(policy.hash)


def describe(page: Page, description: str) -> None:
    page.get_by_label("Your reference").fill("E2E-GOODS")
    page.get_by_label("To", exact=True).select_option("IN")
    page.get_by_label("Shipment date").fill("2026-12-01")
    for number in (1, 2):
        page.locator(f"[name=parties-{number}-name]").fill("Gujarat Analytical Labs")
        page.locator(f"[name=parties-{number}-country]").select_option("IN")
    page.locator("[name=lines-0-description]").fill(description)


def check(page: Page) -> None:
    page.get_by_role("button", name="Check goods").click()
    expect(page.get_by_text("nothing stored")).to_be_visible()


def answer_first_number(page: Page, value: str) -> str:
    field = page.locator("#lines input[name*='-number-']").first
    name = str(field.get_attribute("name"))
    field.fill(value)
    return name.rpartition("-")[2]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_missing_question_is_asked_answered_and_sent(desk: Desk, script: bool) -> None:
    look = {} if script else {"java_script_enabled": False, "viewport": PHONE}
    exporter = desk.page(factories.exporter(), path="/shipments/new/", **look)
    describe(exporter, "5-axis machining centre")
    check(exporter)
    expect(exporter.get_by_text("These goods may be controlled")).to_be_visible()
    assert not Shipment.objects.exists()
    if script:
        assert faults(exporter) == []
    shot(exporter, f"goods-check-{'script' if script else 'plain'}", full=True)
    name = answer_first_number(exporter, "a few")
    exporter.get_by_role("button", name="Check goods").click()
    expect(exporter.locator("#lines .errorlist").get_by_text("“a few” is not a number")).to_be_visible()
    answer_first_number(exporter, "4.5")
    check(exporter)
    expect(exporter.locator("[name=lines-0-attributes]")).to_have_value(re.compile(rf"^{name} = 4\.5"))
    exporter.get_by_role("button", name="Send for screening").click()
    expect(exporter.locator("h1")).to_contain_text("E2E-GOODS")
    screen_what_waits()
    exporter.reload()
    expect(exporter.get_by_role("heading", name="Open questions about the goods")).to_be_visible()
    current = Shipment.objects.get().current
    assert current is not None
    assert str(current.payload["lines"][0]["attributes"][name]).startswith("4.5")


def test_the_officer_reads_the_card_and_asks_what_if(desk: Desk) -> None:
    machine = {"number": 1, "description": "5-axis machining centre", "control_code": "1A001", "hs_code": "845710"}
    chairs = {"number": 2, "description": "wooden table leg"}
    shipment = factories.shipment(destination="IN", shipment_date="2026-12-01", lines=[machine, chairs])
    screen_what_waits()
    for look in ({}, {"java_script_enabled": False}):
        officer = desk.page(factories.officer(), path=f"/cases/{shipment.public_id}/", **look)
        card = officer.locator(".line-card").first
        expect(card.locator(".verdicts").get_by_text("Declared code – description")).to_be_visible()
        expect(card.locator("meter").first).to_be_visible()
        card.locator(".hit summary").first.click()
        expect(card.get_by_text("Start: how seldom").first).to_be_visible()
        officer.get_by_role("link", name="Try answers: what if? line 1").click()
        if not look:
            assert faults(officer) == []
        field = officer.locator("#what-if-1 input[inputmode=decimal]").first
        field.fill("none")
        officer.get_by_role("button", name="Classify again").click()
        expect(officer.locator("#what-if-1 .errorlist")).to_contain_text("is not a number")
        officer.locator("#what-if-1 input[inputmode=decimal]").first.fill("2")
        officer.get_by_role("button", name="Classify again").click()
        expect(officer.get_by_text("Without the answers")).to_be_visible()
        expect(officer.get_by_text("Not stored")).to_be_visible()
    current = Shipment.objects.get().current
    assert current is not None and "attributes" not in current.payload["lines"][0]
