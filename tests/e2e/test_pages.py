"""Every page in light, dark and at 390 px: axe finds nothing, nothing scrolls sideways. And screenshots for people."""

import io
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from policies import editions
from policies.models import Edition, ListFeed, Snapshot
from screening import backtests, intake, notices
from screening.editorial import lists, publication
from screening.models import Shipment, User
from tests import factories
from tests.e2e.conftest import DESK, PHONE, Desk, faults, shot
from tests.policies.files import sdn
from tests.test_architecture import ROOT

PICTURE = ROOT / "docs" / "images" / "workspace.png"
LOOKS = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}


@pytest.fixture
def demo(policy: object, settings: Any, live_server: object) -> None:
    """The demonstration data: worked shipments of every outcome and state."""
    settings.DEBUG = True
    call_command("seed_demo", stdout=io.StringIO())
    settings.DEBUG = False


def person(username: str) -> User:
    return User.objects.get(username=username)


def address(reference: str, door: str = "cases") -> str:
    return f"/{door}/{Shipment.objects.get(reference=reference).public_id}/"


def editors_at_work() -> None:
    """A list with an edition that waits, a feed that fails, a changed rule in a draft."""
    editor = person("editor")
    (first,) = lists.stage("ofac_sdn", [sdn(200)], by=editor)
    lists.activate(first, by=editor)
    lists.stage("ofac_sdn", [sdn(150, first=31)], by=editor)
    rules = Edition.objects.get(source="rules/goods", state="active")
    row, *others = editions.rows(rules)
    fresh = [{**row, "title": f"{row['title']}, in other words"}, *others]
    editions.put("rules/goods", fresh, by=editor, reason="Clearer words.", expected=rules.digest)
    publication.draft(by=editor)
    urls = ["https://scsanctions.un.org/resources/xml/en/consolidated.xml"]
    feed = lists.save_feed({"source": "un", "urls": urls, "automatic": True}, by=editor)
    ListFeed.objects.filter(pk=feed.pk).update(failures=2, error="The publisher answered HTTP 500.")


def policy_tour() -> Iterator[tuple[str, User | None, str]]:
    """Lists, feeds and publication, as an editor, a second person and a reader see them."""
    editor, second = person("editor"), person("admin")
    waits = f"/policy/editions/{Edition.objects.get(state='staged').pk}/"
    yield "policy", second, "/policy/"
    yield "policy-read", person("officer"), "/policy/"
    yield "lists", editor, "/policy/lists/"
    yield "list", editor, "/policy/lists/parties/ofac_sdn/"
    yield "edition", editor, waits
    yield "edition-rows", person("auditor"), f"{waits}?view=rows"
    yield "edition-report", editor, f"{waits}?view=report"
    yield "upload", editor, "/policy/upload/"
    yield "feeds", editor, "/policy/feeds/"
    yield "feed", second, f"/policy/feeds/{ListFeed.objects.get().pk}/"
    yield "feed-new", editor, "/policy/feeds/new/"
    yield "draft-own", editor, "/policy/draft/"
    yield "draft", second, "/policy/draft/"
    yield "snapshots", editor, "/policy/snapshots/"
    yield "snapshot", second, f"/policy/snapshots/{Snapshot.objects.get(shipped=True).pk}/"


def rules_tour() -> Iterator[tuple[str, User | None, str]]:
    """Rules, analysis, coverage, a backtest, notices, and a case as of another day."""
    editor, officer = person("editor"), person("officer")
    notices.tell(officer, "The shipment was screened again.", shipment=Shipment.objects.get(reference="KO-2026-041"))
    tried = backtests.start(Snapshot.objects.get(state="draft"), by=editor)
    yield "backtest-running", editor, f"/policy/backtests/{tried.public_id}/"
    for chunk in tried.chunks.all():
        backtests.work(chunk.pk)
    yield "backtests", editor, "/policy/backtests/"
    yield "backtest", officer, f"/policy/backtests/{tried.public_id}/"
    yield "workbench", editor, "/policy/rules/?remarks=1"
    yield "rule", editor, "/policy/rules/RU-TRANSIT/"
    yield "rule-read", officer, "/policy/rules/RU-TRANSIT/"
    yield "rule-new", editor, "/policy/rules/new/"
    yield "rule-retire", editor, "/policy/rules/RU-TRANSIT/retire/"
    yield "fields", editor, "/policy/fields/"
    yield "analysis", editor, "/policy/rules/analysis/"
    yield "coverage", editor, "/policy/coverage/"
    yield "as-of", officer, f"{address('KO-2026-041')}as-of/?day=2021-06-01"
    yield "what-if", officer, f"{address('KO-2026-041')}what-if/?line=1&number-positioning_accuracy=many"
    yield "notices", officer, "/notices/"


def tour() -> Iterator[tuple[str, User | None, str]]:
    """Name, who looks, address: every page, and the case in every state."""
    officer, senior, exporter = person("officer"), person("senior"), person("kurzeme")
    yield "start", None, "/"
    yield "login", None, "/accounts/login/"
    yield "principles", None, "/principles/"
    yield "style", None, "/style/"
    yield "control-lists", None, "/control-lists/"
    yield "control-lists-one", None, "/control-lists/?list=goods/anti_torture"
    yield "control-lists-found", None, "/control-lists/?q=vacuum+pump"
    yield "control-lists-nothing", None, "/control-lists/?q=xyzzy"
    yield "entry", None, "/control-lists/2B001/"
    yield "entry-chemicals", None, "/control-lists/1C350/"
    yield "entry-software", officer, "/control-lists/5D002/"
    yield "entry-missing", None, "/control-lists/9Z999/"
    yield "classify", None, "/classify/"
    yield "rules", officer, f"/rules/{Snapshot.objects.get(state='published').hash}/"
    yield "queue", officer, "/queue/"
    yield "queue-empty", officer, "/queue/?q=nothing-like-this"
    yield "queue-decided", officer, "/queue/?tab=decided"
    yield "search", officer, "/queue/search/"
    yield "search-found", officer, "/queue/search/?name=Sarmad+Industrys+Group&country=IR"
    yield "search-wide", officer, "/queue/search/?name=Sarmad+Industries&country=IR&look=wide"
    yield "search-nothing", person("editor"), "/queue/search/?name=Nordic+Timber+Export&country=LV&type=organisation"
    yield "search-wrong", person("auditor"), "/queue/search/?name=Z&identifier=9187629"
    yield "case-in-review", officer, address("KO-2026-041")
    yield "case-open", officer, address("BP-1180")
    yield "case-sent-back", officer, address("BP-1184")
    yield "case-proposed", senior, address("KO-2026-044")
    yield "case-decided", senior, address("BP-1190")
    yield "case-auditor", person("auditor"), address("KO-2026-050")
    yield "shipments", exporter, "/shipments/"
    yield "form", exporter, "/shipments/new/"
    yield "status-prohibited", exporter, address("KO-2026-047", "shipments")
    yield "status-clear", exporter, address("KO-2026-053", "shipments")
    yield "status-waiting", exporter, address("WAITING", "shipments")
    yield "forbidden", exporter, "/queue/"
    yield "not-found", exporter, "/nowhere/"
    for name in ("password/change", "logout", "2fa", "2fa/totp/activate", "email", "password/reset"):
        yield f"account-{name.replace('/', '-')}", officer, f"/accounts/{name}/"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.usefixtures("demo")
def test_axe_finds_nothing_on_any_page_in_any_look(desk: Desk, settings: Any, look: str) -> None:
    waiting = factories.payload(reference="WAITING")
    exporter = person("kurzeme")
    assert exporter.organisation is not None
    intake.submit(waiting, by=exporter, organisation=exporter.organisation)
    editors_at_work()
    found: list[str] = []
    windows: dict[User | None, Page] = {}
    for name, who, path in (*tour(), *policy_tour(), *rules_tour()):
        page = windows.get(who) or windows.setdefault(who, desk.page(who, **LOOKS[look]))
        settings.DEBUG = name == "style"
        page.goto(path)
        found += faults(page)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{name}-{look} scrolls sideways by {width} px"] if width > 0 else []
        shot(page, f"{name}-{look}", full=look == "phone")
    assert found == []


@pytest.mark.usefixtures("demo")
def test_axe_finds_nothing_in_what_opens_on_a_page(desk: Desk) -> None:
    page = desk.page(person("senior"), path=address("KO-2026-044"))
    page.locator("details.principle summary").first.click()
    expect(page.locator("details.principle blockquote").first).to_be_visible()
    page.locator("summary").filter(has_text="Send the proposal back").click()
    assert faults(page) == []
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Say why the proposal goes back.")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("?")
    assert faults(page) == []
    form = desk.page(person("kurzeme"), path="/shipments/new/")
    form.get_by_role("button", name="Add a party").click()
    expect(form.locator("[name=parties-3-role]")).to_be_focused()
    form.locator("summary").first.click()
    form.get_by_role("button", name="Send for screening").click()
    expect(form.locator("#problems")).to_be_focused()
    assert faults(form) == []
    shot(form, "form-errors", full=True)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.usefixtures("demo")
def test_a_visitor_has_a_text_classified_and_answers_a_question(desk: Desk, look: str) -> None:
    page = desk.page(path="/classify/", **LOOKS[look])
    page.get_by_label("Description").fill("CNC milling machine, positioning accuracy 3 um")
    page.get_by_label("Control code").fill("5a2a1")
    page.get_by_role("button", name="Classify", exact=True).click()
    expect(page.get_by_text("no legal decision")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    shot(page, f"classified-{look}", full=True)
    question = page.locator("[name^='attributes.']").first
    name = str(question.get_attribute("name")).removeprefix("attributes.")
    if question.evaluate("field => field.tagName") == "SELECT":
        question.select_option(index=1)
    else:
        question.fill("5")
    page.get_by_role("button", name="Answer and classify again").click()
    expect(page.get_by_label("Technical parameters")).to_have_value(re.compile(f"{name} = "))
    assert faults(page) == []
    page.locator("ol.candidates details[open] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.usefixtures("demo")
def test_axe_finds_nothing_in_what_is_refused_on_policy_pages(desk: Desk) -> None:
    editors_at_work()
    page = desk.page(person("editor"), path=f"/policy/editions/{Edition.objects.get(state='staged').pk}/")
    page.get_by_role("button", name="Activate").click()
    expect(page.locator("[role=alert]")).to_be_focused()
    expect(page.locator("[role=alert]")).to_contain_text("may go at once")
    assert faults(page) == []
    shot(page, "edition-refused", full=True)
    page.goto("/policy/upload/")
    page.get_by_label("Format", exact=True).select_option("ofac_sdn")
    cut = {"name": "sdn.csv", "mimeType": "text/csv", "buffer": sdn(3).stream.read()[:40]}
    page.get_by_label("Files").set_input_files(files=[cut])  # type: ignore[list-item]
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_text("sdn.csv, line 1")).to_be_visible()
    assert faults(page) == []
    publisher = desk.page(person("admin"), path="/policy/draft/")
    publisher.get_by_label("Reason", exact=True).fill("Clearer words.")
    publisher.get_by_label("from a moment on").check()
    publisher.get_by_role("button", name="Publish", exact=True).click()
    expect(publisher.get_by_text("Say from when.")).to_be_visible()
    expect(publisher.get_by_label("Reason", exact=True)).to_have_value("Clearer words.")
    assert faults(publisher) == []
    shot(publisher, "draft-refused", full=True)


def test_two_factor_sign_in_can_be_switched_on_under_the_content_policy(desk: Desk) -> None:
    page = desk.page(factories.officer(), path="/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".qr svg")).to_be_visible()
    assert faults(page) == []
    shot(page, "two-factor")


@pytest.mark.usefixtures("demo")
def test_the_workspace_as_the_readme_shows_it(desk: Desk) -> None:
    """With DOCS_IMAGES=1 the picture in docs/ is written anew."""
    page = desk.page(person("officer"))
    page.get_by_role("link", name="KO-2026-041").click()
    expect(page.locator("#case-heading")).to_be_focused()
    expect(page.locator(".finding").first).to_contain_text("Prohibited")
    shot(page, "workspace")
    if os.environ.get("DOCS_IMAGES"):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE, animations="disabled")
    assert page.locator(".queue tbody tr").count() == 10
