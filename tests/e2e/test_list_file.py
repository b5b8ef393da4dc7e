"""A list changed in a file, in a browser: downloaded, one value changed, uploaded, looked at, activated."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from policies.models import Edition, EditionState
from screening.models import Role
from tests import factories
from tests.e2e.conftest import PHONE, Desk, faults, shot

pytestmark = pytest.mark.usefixtures("policy")


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_a_threshold_is_changed_in_its_file(desk: Desk, script: bool) -> None:
    editor = factories.user(Role.POLICY_EDITOR)
    options = {"viewport": PHONE, "color_scheme": "light", "java_script_enabled": script}
    page = desk.page(editor, path="/policy/lists/settings/thresholds/", **options)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as file").click()
    name, text = waiting.value.suggested_filename, Path(waiting.value.path()).read_text(encoding="utf-8")
    assert text.count("value: 0.93") == 1

    def upload(changed: str) -> None:
        file = {"name": name, "mimeType": "application/yaml", "buffer": changed.encode()}
        page.get_by_label("Changed file").set_input_files(files=[file])  # type: ignore[list-item]
        page.get_by_role("button", name="Upload a changed file").click()

    upload(text.replace("value: 0.93", "value: high"))
    expect(page.get_by_text("value: 'high' must be a number")).to_be_visible()
    if script:
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        shot(page, "list-file-refused-phone", full=True)
    upload(text.replace("value: 0.93", "value: 0.9"))
    expect(page.get_by_role("link", name="Changed 1")).to_be_visible()
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("The edition is active.")).to_be_visible()
    assert (
        Edition.objects.get(source="settings/thresholds", state=EditionState.ACTIVE).report["changes"]["changed"] == 1
    )
