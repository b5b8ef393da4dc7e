"""A real browser against a live server: Debian's Chromium, signed in as people of each role.

Pages that the content policy refuses anything of, or whose script fails, fail their test. Screenshots go to var/e2e.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from screening.models import User

# Playwright's loop runs in the thread of the test, where Django would refuse the database otherwise.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SHOTS = Path(django_settings.VAR_DIR) / "e2e"
DESK = {"width": 1680, "height": 1050}
PHONE = {"width": 390, "height": 844}


class Desk:
    """Opens pages as a person, and keeps what the browser complained about."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.complaints: list[str] = []
        self.pages: list[Page] = []

    def page(self, person: User | None = None, *, path: str = "/", **options: Any) -> Page:
        """A page of a browser of its own, in which `person` is signed in."""
        context = self.browser.new_context(base_url=self.base, **{"viewport": DESK, **options})
        if person is not None:
            client = Client()
            client.force_login(person)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.base}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.pages.append(page)
        page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not re.search(r"status of (403|404|409|422)", message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium: Browser, live_server: Any) -> Iterator[Desk]:
    desk = Desk(chromium, live_server.url)
    yield desk
    for page in desk.pages:
        page.context.close()
    assert desk.complaints == []


def faults(page: Page) -> list[str]:
    """What axe finds: rule, where, and what to do. Empty means nothing."""
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{page.url} {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def shot(page: Page, name: str, *, full: bool = False) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=full, animations="disabled")
