"""An officer confirms the classification of a line, finds it beside the next shipment's like line, and withdraws it."""

import pytest
from playwright.sync_api import expect

from policies import snapshots
from policies.models import Snapshot
from screening.models import Case, Precedent
from tests import factories
from tests.e2e.conftest import PHONE, Desk, faults, shot
from tests.e2e.test_pages import LOOKS
from tests.precedents import COOLER, STATEMENT, WHY, confirm, screened


@pytest.fixture(autouse=True)
def _loaded(policy: Snapshot) -> None:
    """A web process that has just begun reads the policy at its first look, which takes longer than a click waits."""
    snapshots.load(policy.hash)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_classification_is_confirmed_shown_beside_like_goods_and_withdrawn(desk: Desk, script: bool) -> None:
    look = {} if script else {"java_script_enabled": False, "viewport": PHONE}
    owner = factories.exporter()
    first, later = screened(COOLER, by=owner), screened("Cooler KX4410B", by=owner, control_code="1A001")
    page = desk.page(factories.officer(), path=f"/cases/{first.public_id}/", **look)
    page.locator("#goods").get_by_role("link", name="Confirm the classification").click()
    page.get_by_label("Reason").fill("no")
    page.get_by_label("Issued by").fill("Institute of Physics")
    page.get_by_role("button", name="Confirm the classification").click()
    expect(page.get_by_text("Say in a few words why")).to_be_visible()
    expect(page.get_by_label("Issued by")).to_have_value("Institute of Physics")
    if script:
        assert faults(page) == []
    shot(page, f"precedent-form-{'script' if script else 'plain'}", full=True)
    expect(page.get_by_text("Not listed: name the entry")).to_be_visible()
    page.get_by_label("Control code").fill("3a504")
    page.get_by_label("Reason").fill(WHY)
    page.get_by_label("Issued by").fill("")
    page.get_by_role("button", name="Confirm the classification").click()
    expect(page.get_by_text("The classification is confirmed.")).to_be_visible()
    page.goto(f"/cases/{later.public_id}/")
    expect(page.locator("#goods").get_by_text("Same part or substance: kx4410b")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True
    if script:
        assert faults(page) == []
    shot(page, f"precedent-case-{'script' if script else 'plain'}", full=True)
    page.goto("/queue/precedents/")
    if script:
        assert faults(page) == []
    shot(page, f"precedent-list-{'script' if script else 'plain'}", full=True)
    page.get_by_text("Withdraw", exact=True).click()
    page.get_by_label("Why").fill("The data sheet was of another type.")
    page.get_by_role("button", name="Withdraw the classification").click()
    expect(page.get_by_text("The classification is withdrawn.")).to_be_visible()
    assert Precedent.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_its_pages_in_any_look(desk: Desk, look: str) -> None:
    owner, officer = factories.exporter(), factories.officer()
    sent = screened(f"{COOLER} {'long' * 60}", by=owner)
    confirm(Case.objects.get(shipment=sent), statement=STATEMENT, by=officer)
    page = desk.page(officer, **LOOKS[look])
    case = f"/cases/{sent.public_id}/"
    for path in (case, f"{case}classification/?line=1", "/queue/precedents/", "/queue/precedents/?state=withdrawn&q=x"):
        page.goto(path)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
