"""The rule page in a browser: checked without leaving it, the same without script, and readable when it is wrong."""

import pytest
from playwright.sync_api import Page, expect

from policies import rulebook
from screening.editorial import rules
from screening.models import Role
from tests import factories
from tests.e2e.conftest import PHONE, Desk, faults, shot

pytestmark = pytest.mark.usefixtures("policy")
PATH = "/policy/rules/RU-TRANSIT/"


def check(page: Page) -> None:
    page.locator("#rule-check").click()


def test_a_wrong_clause_shows_its_column_and_the_text_stays(desk: Desk) -> None:
    page = desk.page(factories.user(Role.POLICY_EDITOR), path=PATH)
    page.locator("#rule-title").fill("Typed and not lost")
    page.get_by_role("button", name="Add a clause").click()
    expect(page.locator("#clause-4")).to_be_focused()
    expect(page.locator("#rule-title")).to_have_value("Typed and not lost")
    page.locator("#clause-4").fill("line.value > 3")
    check(page)
    expect(page.locator("#clause-4-error")).to_contain_text("Clause 4, column 12")
    expect(page.locator("#rule-said")).to_contain_text("Nothing is stored.")
    expect(page.locator("#rule-check")).to_be_focused()
    assert faults(page) == []
    shot(page, "rule-wrong", full=True)
    page.locator("#clause-4").fill("has(line.value) && line.value > 3.0")
    check(page)
    expect(page.locator("#rule-said")).to_contain_text("all 3 examples hold")
    expect(page.locator("#clause-4-error")).to_have_count(0)
    assert faults(page) == []
    row = rulebook.find("RU-TRANSIT")
    assert row is not None and len(row["clauses"]) == 3


def test_the_reference_follows_the_scope_and_the_search(desk: Desk) -> None:
    page = desk.page(factories.user(Role.POLICY_EDITOR), path=PATH)
    expect(page.locator("#f-line")).to_be_visible()
    page.locator("#rule-scope").select_option("party")
    expect(page.locator("#f-party")).to_be_visible()
    expect(page.locator("#f-line")).to_have_count(0)
    page.get_by_label("Search the fields").fill("asset_freeze")
    expect(page.locator("#field-reference dt")).to_have_count(1)


def test_the_same_without_script_and_on_a_telephone(desk: Desk) -> None:
    person = factories.user(Role.POLICY_EDITOR)
    page = desk.page(person, path=PATH, java_script_enabled=False, viewport=PHONE)
    page.get_by_role("button", name="Add a clause").click()
    page.locator("#clause-4").fill("line.annex")
    check(page)
    expect(page.locator("#clause-4-error")).to_contain_text("column 5")
    page.get_by_role("button", name="Remove clause 4").click()
    page.locator("#rule-title").fill("Stored without script")
    page.locator("#rule-why").fill("Words.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The rule is stored.")).to_be_visible()
    row = rulebook.find("RU-TRANSIT")
    assert row is not None and row["title"] == "Stored without script"


def test_the_second_of_two_editors_compares_and_saves_again(desk: Desk) -> None:
    slow = desk.page(factories.user(Role.POLICY_EDITOR), path=PATH)
    row = rulebook.find("RU-TRANSIT")
    assert row is not None
    by, base = factories.user(Role.POLICY_EDITOR), rulebook.row_digest(row)
    rules.save({**row, "remedy": "A route of theirs."}, list_id="rules/embargoes", by=by, base=base, reason="Theirs.")
    slow.locator("#rule-remedy").fill("A route of mine.")
    slow.locator("#rule-why").fill("Mine.")
    slow.get_by_role("button", name="Save", exact=True).click()
    expect(slow.get_by_role("alert")).to_contain_text("A route of theirs.")
    expect(slow.locator("#rule-remedy")).to_have_value("A route of mine.")
    assert faults(slow) == []
    shot(slow, "rule-conflict")
    slow.get_by_role("button", name="Save", exact=True).click()
    expect(slow.get_by_text("The rule is stored.")).to_be_visible()
