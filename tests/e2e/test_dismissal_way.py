"""A match is dismissed, confirmed by a second person and taken up again: in every look, by eye and by axe."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.dismissals import EQUAL, dismiss, lists, shipment, work
from tests.e2e.conftest import Desk, faults, shot
from tests.e2e.test_pages import LOOKS


@pytest.mark.parametrize("look", LOOKS)
def test_a_match_is_dismissed_confirmed_and_taken_up_again(
    policy: object, live_server: object, desk: Desk, look: str
) -> None:
    lists()
    officer = factories.officer(first_name="Anna", last_name="Ozola")
    dismiss(shipment(EQUAL), by=factories.officer(first_name="Jānis", last_name="Kalns"))
    sent = shipment(EQUAL)
    options: Any = LOOKS[look]
    page = desk.page(officer, path=f"/cases/{sent.public_id}/", **options)
    page.get_by_role("link", name="Fill the form with it").first.click()
    expect(page.get_by_label("Because").first).to_be_visible()
    assert faults(page) == []
    shot(page, f"dismiss-form-{look}", full=True)
    page.get_by_role("button", name="Dismiss", exact=True).first.click()
    expect(page.get_by_text("The match is dismissed once a second officer")).to_be_visible()
    senior = desk.page(factories.senior_officer(), path="/queue/dismissals/?state=waiting", **options)
    assert faults(senior) == []
    shot(senior, f"dismissals-{look}", full=True)
    senior.goto(f"/cases/{sent.public_id}/")
    senior.get_by_role("button", name="Confirm the dismissal").click()
    expect(senior.get_by_text("The dismissal is confirmed")).to_be_visible()
    work(sent)
    page.goto(f"/cases/{sent.public_id}/")
    expect(page.get_by_text("Dismissed earlier by Anna Ozola").first).to_be_visible()
    page.locator("summary").filter(has_text="Reopen").first.click()
    assert faults(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    shot(page, f"dismissed-{look}", full=True)
    page.get_by_label("Why").first.fill("The register was wrong.")
    page.get_by_role("button", name="Take the match up again").first.click()
    expect(page.get_by_text("The match is taken up again")).to_be_visible()
