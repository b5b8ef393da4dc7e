"""Who gets into which page. Every page is named here; one that is added without a line fails the first test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from policies.models import Edition, ListFeed, Snapshot
from screening import urls
from screening.models import Backtest, Case, Role
from tests import factories
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

READERS = {Role.OFFICER, Role.SENIOR_OFFICER, Role.AUDITOR}
EDITORS = {Role.POLICY_EDITOR, Role.ADMINISTRATOR}
POLICY = READERS | EDITORS
PUBLIC = {"start", "principles", "style", "control_lists", "control_entry", "classify"}
PAGES: dict[str, set[str]] = {
    "queue": READERS,
    "dismissals": READERS,
    "precedents": READERS,
    "classification": {Role.OFFICER, Role.SENIOR_OFFICER},
    "case": READERS,
    "as_of": READERS,
    "what_if": READERS,
    "search": POLICY,
    "notices": set(Role.values),
    "rules": POLICY,
    **dict.fromkeys(("policy", "lists", "list", "edition", "feeds", "feed", "snapshots", "snapshot"), POLICY),
    **dict.fromkeys(("list_file", "edition_file"), POLICY),
    **dict.fromkeys(("draft", "draft_steps", "backtests", "backtest", "coverage"), POLICY),
    **dict.fromkeys(("workbench", "rule", "fields", "analysis"), POLICY),
    **dict.fromkeys(("upload", "feed_new", "rule_new", "rule_copy", "rule_retire"), EDITORS),
    "shipments": READERS | {Role.EXPORTER},
    "shipment": READERS | {Role.EXPORTER},
    "submit": {Role.EXPORTER},
}
DEEDS = {"assign", "propose", "confirm", "send_back", "reopen"}
POLICY_DEEDS = {
    *("edition_activate", "edition_reject", "feed_approve", "feed_fetch"),
    *("draft_make", "publish", "roll_back", "withdraw"),
    *("backtest_start", "backtest_cancel", "backtest_resume"),
}
DISMISSAL_DEEDS = {"dismiss", "dismissal_confirm", "dismissal_reopen"}
PRECEDENT_DEEDS = {"precedent_withdraw"}
OTHER_DEEDS = {"replay", "notices_read"} | DISMISSAL_DEEDS | PRECEDENT_DEEDS


def address(name: str, case: Case) -> str:
    """The page of that name, about this case, or about whatever the installation has brought."""
    route = next(str(page.pattern) for page in routes() if page.name == name)
    given: dict[str, Any] = {}
    if "<int:pk>" in route:
        given["pk"] = 1 if route.startswith("dismissals/") else _of_policy(route).pk
    if "<uuid:public_id>" in route:
        about_backtest = route.startswith("policy/backtests/")
        given["public_id"] = _backtest().public_id if about_backtest else case.shipment.public_id
    plain = {"snapshot": Snapshot.objects.get().hash, "list_id": "rules/goods", "rule_id": "GOODS-ANNEX-I"}
    given |= {part: value for part, value in plain.items() if f":{part}>" in route}
    return reverse(f"screening:{name}", kwargs=given)


def _of_policy(route: str) -> Edition | ListFeed | Snapshot:
    if "editions/" in route:
        return Edition.objects.get(source="rules/goods")
    if "feeds/" in route:
        return ListFeed.objects.get_or_create(source="un", defaults={"set_at": timezone.now()})[0]
    return Snapshot.objects.get()


def _backtest() -> Backtest:
    snapshot = Snapshot.objects.get()
    return Backtest.objects.get_or_create(snapshot=snapshot, defaults={"baseline_hash": snapshot.hash})[0]


def routes() -> Iterator[URLPattern]:
    yield from (page for page in urls.urlpatterns if isinstance(page, URLPattern))


def test_every_page_stands_in_this_list() -> None:
    assert {page.name for page in routes()} == PUBLIC | set(PAGES) | DEEDS | POLICY_DEEDS | OTHER_DEEDS


@pytest.mark.parametrize("name", [*PAGES, *sorted(DEEDS | POLICY_DEEDS | OTHER_DEEDS)])
def test_a_stranger_is_sent_to_the_login(name: str) -> None:
    path = address(name, factories.case())
    for answer in (browser().get(path), browser().post(path)):
        assert answer.status_code in (302, 405)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_its_roles_and_for_nobody_else(name: str) -> None:
    exporter = factories.exporter()
    path = address(name, factories.case(by=exporter))
    people = {role: exporter if role == Role.EXPORTER else factories.user(role) for role in Role.values}
    answers = {role: browser(person).get(path).status_code for role, person in people.items()}
    assert answers == {role: 200 if role in PAGES[name] else 403 for role in Role.values}


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.OFFICER, Role.SENIOR_OFFICER}))
@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_only_officers_work_on_cases(deed: str, role: str) -> None:
    case = factories.case()
    answer = browser(factories.user(role)).post(address(deed, case), {"version": case.version, "reason": "x"})
    assert answer.status_code == 403
    case.refresh_from_db()
    assert (case.version, case.assigned_to) == (1, None)


@pytest.mark.parametrize("role", sorted(set(Role.values) - EDITORS))
def test_only_editors_change_policy(role: str) -> None:
    client, case = browser(factories.user(role)), factories.case()
    forms = {"upload", "feed_new", "list", "list_file", "feed", "rule", "rule_new", "rule_retire"}
    given = {"reason": "x", "version": "1"}
    answers = {name: client.post(address(name, case), given).status_code for name in forms | POLICY_DEEDS}
    assert answers == dict.fromkeys(forms | POLICY_DEEDS, 403)
    assert Snapshot.objects.count() == 1
    assert not Edition.objects.exclude(state="active").exists()


def test_a_deed_is_no_link() -> None:
    case = factories.case()
    for deed in POLICY_DEEDS:
        assert browser(factories.administrator()).get(address(deed, case)).status_code == 405
    for deed in DEEDS | DISMISSAL_DEEDS | PRECEDENT_DEEDS:
        assert browser(factories.officer()).get(address(deed, case)).status_code == 405


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.OFFICER, Role.SENIOR_OFFICER}))
def test_only_officers_dismiss_matches(role: str) -> None:
    client, case = browser(factories.user(role)), factories.case()
    given = {"run": case.shipment.latest_run.public_id, "position": 1, "place": 0, "why": "x"}
    answers = {name: client.post(address(name, case), given).status_code for name in DISMISSAL_DEEDS}
    unknown = {403, 404} if role == Role.AUDITOR else {403}
    assert answers["dismiss"] == 403 and set(answers.values()) <= unknown


def test_a_shipment_of_another_organisation_does_not_exist() -> None:
    case = factories.case(end_use="a secret of the others")
    client = browser(factories.exporter())
    answer = client.get(address("shipment", case))
    assert answer.status_code == 404
    assert b"secret" not in answer.content
    assert case.shipment.reference.encode() not in client.get(reverse("screening:shipments")).content


def test_the_exporter_reads_the_reasons_and_no_internal_note() -> None:
    owner, officer = factories.exporter(), factories.officer()
    case = factories.case(by=owner, assigned_to=officer)
    client = browser(officer)
    thoughts = {"kind": "refuse", "legal_basis": "Article 15", "reason": "The end user could divert the goods."}
    client.post(address("propose", case), {"version": case.version, **thoughts})
    case.refresh_from_db()
    client.post(address("send_back", case), {"version": case.version, "reason": "Ask the security service first."})
    text = browser(owner).get(address("shipment", case)).content.decode()
    assert "Made by a factory" in text
    for internal in ("Ask the security service", "The end user could divert", officer.username):
        assert internal not in text
    assert "Ask the security service first." in client.get(address("case", case)).content.decode()


def test_a_closed_account_sees_nothing() -> None:
    person = factories.officer()
    client = browser(person)
    person.is_active = False
    person.save()
    assert client.get(reverse("screening:queue")).status_code == 302


def test_a_page_that_is_not_there_says_what_to_do() -> None:
    answer = browser(factories.officer()).get("/nowhere/")
    assert answer.status_code == 404
    assert b"Check the address" in answer.content


def test_a_refusal_says_why() -> None:
    answer = browser(factories.exporter()).get(reverse("screening:queue"))
    assert "Cases are for licensing officers and auditors." in answer.content.decode()


def test_the_style_page_is_for_debug_only(settings: Any) -> None:
    settings.DEBUG = False
    assert browser().get(reverse("screening:style")).status_code == 404
    settings.DEBUG = True
    assert browser().get(reverse("screening:style")).status_code == 200


def test_the_resolver_holds_no_second_door_to_these_pages() -> None:
    """The routes are reachable under the empty prefix only, where the tests above look."""
    prefixes = [
        str(entry.pattern) for entry in get_resolver().url_patterns if getattr(entry, "app_name", "") == "screening"
    ]
    assert prefixes == [""]
