"""The officers' search: who may ask, what a hit says, an honest nothing, and whatever else is typed into the field."""

import re
from typing import Any

import pytest

from policies.engine.match.hits import Hit
from policies.models import ListSource, Snapshot
from screening import lookup
from screening.models import AuditEvent, Role
from tests import factories
from tests.publications import put_in_force
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
PATH = "/queue/search/"

WORKS = {
    "id": "UN-1",
    "name": "Zvezdny Ordnance Works JSC",
    "aliases": ["Звездный оружейный завод"],
    "effect": "asset_freeze",
    "kind": "organisation",
    "countries": ["RU"],
    "programme": "EXAMPLE-1718",
}
VESSEL = {"id": "V-1", "name": "ZVEZDNY ORDNANCE", "effect": "foreign_listing", "kind": "vessel", "countries": []}
OWN = {"id": "S-1", "name": "Quiet Harbour Brokers", "effect": "foreign_listing", "countries": ["LV"]}


@pytest.fixture
def lists(policy: Snapshot) -> Snapshot:
    snapshot = put_in_force({"parties/un": [WORKS, VESSEL], "parties/own": [OWN]})
    about = {"title": "UN consolidated list", "source": "Security Council", "publisher_url": "https://un.example/list"}
    ListSource.objects.filter(pk="parties/un").update(**about)
    ListSource.objects.filter(pk="parties/own").update(title="Own party list", source="kept by the authority")
    return snapshot


def ask(role: str = Role.OFFICER, **query: str) -> Any:
    person = factories.exporter() if role == Role.EXPORTER else factories.user(role)
    return browser(person).get(PATH, query)


def words(answer: Any) -> str:
    """What stands on the page, as a person reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.EXPORTER}))
def test_everyone_but_an_exporter_searches_and_finds_the_page_in_the_navigation(role: str) -> None:
    assert "Zvezdny Ordnance Works JSC" in words(ask(role, name="Zvezdny Ordnance Works"))
    assert f'href="{PATH}"' in browser(factories.user(role)).get("/principles/").content.decode()


@pytest.mark.usefixtures("lists")
def test_an_exporter_is_refused_and_not_offered_the_page() -> None:
    answer = ask(Role.EXPORTER, name="Quiet Harbour Brokers")
    assert answer.status_code == 403
    assert b"S-1" not in answer.content
    assert PATH not in browser(factories.exporter()).get("/principles/").content.decode()
    assert not AuditEvent.objects.filter(action="party.searched").exists()


@pytest.mark.usefixtures("lists")
def test_a_hit_says_what_met_what_and_what_it_means() -> None:
    answer = ask(name="Zvezdny Ordnanse Works", country="RU")
    said, page = words(answer), answer.content.decode()
    for part in (
        *(
            "ordnanse",
            "ordnance",
            "a few letters differ",
            "the same",
            "Asset freeze",
            "UN consolidated list",
        ),
        *("UN-1", "EXAMPLE-1718", "Organisation", "Russia", "the names are alike"),
    ):
        assert part in said, part
    assert 'href="https://un.example/list"' in page
    assert "<meter" in page
    assert page.count('<details class="hit" open') == 1


@pytest.mark.usefixtures("lists")
def test_a_name_in_another_script_is_found_and_near_certain() -> None:
    said = words(ask(name="Звездный оружейный завод"))
    assert "1 entry for “Звездный оружейный завод”" in said
    assert "Near-certain" in said


def test_the_page_says_which_snapshot_and_lists_it_searched(lists: Snapshot) -> None:
    said = words(ask(name="Zvezdny Ordnance Works"))
    assert lists.hash[:12] in said
    assert "UN consolidated list 2 entries, as of" in said


@pytest.mark.usefixtures("lists")
def test_nothing_found_says_where_nothing_was_found_and_offers_a_wider_look() -> None:
    answer = ask(name="Nordic Timber Export")
    said = words(answer)
    assert "Nothing on 2 lists is alike at score 80 or more" in said
    assert "UN consolidated list" in said and "Own party list" in said
    assert "look=wide" in answer.content.decode()


@pytest.mark.usefixtures("lists")
def test_a_wider_look_is_marked_and_so_is_each_hit_that_screening_would_not_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    def found(lists: lookup.Lists, party: Any, *, threshold: float) -> list[Hit]:
        asked.append(threshold)
        entries = list(lists.policy.watch.entries)
        scores = {entries[0]: 0.91, entries[1]: 0.74}
        return [Hit(entry, "similar", "x", entry.name, score) for entry, score in scores.items() if score >= threshold]

    monkeypatch.setattr(lookup.Lists, "hits", found)
    narrow, wide = words(ask(name="Zvezdny Mill")), words(ask(name="Zvezdny Mill", look="wide"))
    assert asked == [0.8, 0.7]
    assert "A wider look, from score 70 on. Screening shows nobody what lies below 80" in wide
    assert (narrow.count("below the review threshold"), wide.count("below the review threshold")) == (0, 1)
    assert "1 entry for" in narrow and "2 entries for" in wide


@pytest.mark.usefixtures("lists")
def test_a_type_sets_others_aside_and_says_so() -> None:
    assert "2 entries for" in words(ask(name="Zvezdny Ordnance Works", look="wide"))
    said = words(ask(name="Zvezdny Ordnance Works", type="vessel", look="wide"))
    assert "1 entry for" in said and "V-1" in said and "UN-1" not in said
    assert "1 entry of another type is left out." in said


@pytest.mark.usefixtures("policy")
def test_more_than_fifty_hits_are_cut_and_counted() -> None:
    put_in_force({"parties/un": [{**WORKS, "id": f"UN-{number}"} for number in range(60)]})
    answer = ask(name="Zvezdny Ordnance Works")
    assert "Only the best 50 of 60 are shown." in words(answer)
    assert answer.content.decode().count('<details class="hit"') == 50


@pytest.mark.usefixtures("lists")
def test_an_identifier_needs_its_kind_and_finds_by_it() -> None:
    put_in_force({"parties/un": [{**VESSEL, "identifiers": [["imo", "9187629"]]}]})
    found = ask(name="MV Horizon", identifier_kind="imo", identifier="IMO 9187629")
    assert "an identifier is the same" in words(found)
    alone = ask(name="MV Horizon", identifier="9187629")
    assert alone.status_code == 422
    assert "An identifier needs both" in words(alone)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"name": ""}, "Write the name to look for."),
        ({"name": "   "}, "Write the name to look for."),
        ({"country": "LV"}, "Write the name to look for."),
        ({"name": "Z"}, "Write at least two letters or digits"),
        ({"name": "🚀🚀🚀"}, "Write at least two letters or digits"),
        ({"name": "?!"}, "Write at least two letters or digits"),
        ({"name": "x" * 10_000}, "This has 10,000 characters; at most 200 are searched for."),
        ({"name": "Zvezdny\x07\x1b"}, "contains control characters or broken text"),
        ({"name": "Zvezdny\x00"}, "Null characters are not allowed."),
        ({"name": "Zvez\u202eynd"}, "U+202E right-to-left override"),
        ({"name": "Zvezdny", "address": "\u2067Main"}, "U+2067 right-to-left isolate"),
        ({"name": "Zvezdny", "country": "ZZ"}, "unknown country"),
        ({"name": "Zvezdny", "type": "submarine"}, "Choose one of the types."),
        ({"name": "Zvezdny", "identifier_kind": "shoe", "identifier": "44"}, "unknown field"),
        ({"name": "Zvezdny", "date_of_birth": "1" * 50}, "at most 40"),
    ],
)
@pytest.mark.usefixtures("lists")
def test_what_cannot_be_searched_for_is_answered_with_what_to_do(query: dict[str, str], said: str) -> None:
    answer = ask(**query)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not AuditEvent.objects.filter(action="party.searched").exists()


@pytest.mark.usefixtures("lists")
def test_broken_bytes_and_a_script_in_the_address_do_no_harm() -> None:
    client = browser(factories.officer())
    assert client.get(f"{PATH}?name=Zvezdny%FF%FE").status_code == 200
    page = client.get(PATH, {"name": "<script>alert(1)</script>", "look": "sideways"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_searched_what_is_audited_and_the_answer_is_not(lists: Snapshot) -> None:
    ask(Role.AUDITOR, name="Zvezdny Ordnance Works", country="RU", address="Main Street 1")
    event = AuditEvent.objects.get(action="party.searched")
    assert event.by is not None and event.by.role == Role.AUDITOR
    assert (event.object_type, event.object_id) == ("snapshot", str(lists.pk))
    assert event.details["query"] == {"name": "Zvezdny Ordnance Works", "country": "RU", "address": "Main Street 1"}
    assert "UN-1" not in str(event.details)


@pytest.mark.usefixtures("lists")
def test_opening_the_page_is_no_search() -> None:
    assert "Lists searched" in words(ask())
    assert not AuditEvent.objects.filter(action="party.searched").exists()


def test_without_a_policy_the_page_says_so() -> None:
    answer = ask(name="Zvezdny")
    assert answer.status_code == 503
    assert "No policy has been published yet" in words(answer)


@pytest.mark.usefixtures("policy")
def test_without_a_party_list_the_page_does_not_pretend_to_have_searched() -> None:
    said = words(ask(name="Zvezdny Ordnance Works"))
    assert "No party list is in force: whatever is searched for, nothing can be found." in said
