"""A list from its file to the snapshot in force, in a browser: one editor imports, another publishes."""

import pytest
from playwright.sync_api import expect

from policies import editions, snapshots
from policies.models import Edition, EditionState
from screening.models import Role
from tests import factories
from tests.e2e.conftest import Desk, shot
from tests.policies.files import sdn

pytestmark = pytest.mark.usefixtures("policy")


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_from_the_file_to_the_snapshot_in_force(desk: Desk, script: bool) -> None:
    editor, second = (factories.user(Role.POLICY_EDITOR) for _person in range(2))
    (before,) = editions.stage("ofac_sdn", [sdn(200)], by=editor)
    editions.activate(before, by=editor)

    page = desk.page(editor, java_script_enabled=script)
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("Format", exact=True).select_option("ofac_sdn")
    page.get_by_label("Publisher's date").fill("2026-11-20")
    file = {"name": "sdn.csv", "mimeType": "text/csv", "buffer": sdn(150, first=61).stream.read()}
    page.get_by_label("Files").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Read the files").click()

    expect(page.get_by_role("link", name="Removed 60")).to_be_visible()
    page.get_by_label("Search in the rows").fill("company 205")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".entries li")).to_have_count(1)
    expect(page.locator(".entries li")).to_contain_text("COMPANY 205 LLC")
    page.get_by_label("Reason").first.fill("The publisher took sixty companies off.")
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("link", name="To the draft").click()
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_text("another policy editor must publish it").first).to_be_visible()
    assert page.get_by_role("button", name="Publish", exact=True).count() == 0

    other = desk.page(second, path="/policy/", java_script_enabled=script)
    if script:
        expect(other.get_by_text("You had no hand in this draft and may publish it.")).to_be_visible()
        other.get_by_role("link", name="Draft", exact=True).click()
    else:
        other.get_by_role("link", name="What is missing before it is published").click()
    shot(other, f"publication-{'with' if script else 'without'}-script", full=True)
    other.get_by_label("Reason", exact=True).fill("Sixty companies are no longer listed.")
    other.get_by_role("button", name="Publish", exact=True).click()
    expect(other.get_by_text("The snapshot is in force.")).to_be_visible()

    in_force = snapshots.current()
    assert in_force is not None
    assert in_force.manifest["parties/ofac_sdn"] == Edition.objects.get(state=EditionState.ACTIVE, count=150).digest
    expect(other.get_by_text("Sixty companies are no longer listed.").first).to_be_visible()
