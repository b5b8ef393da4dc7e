"""One hit on a page: the full evidence of today's engine, and what older ones left in stored findings."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from policies.models import ListSource
from screening.models import Finding
from screening.views import hits
from tests import factories
from tests.web.conftest import browser

FULL: dict[str, Any] = {
    "match": "similar",
    "score": 0.93,
    "near_certain": True,
    "declared": "Mr. I. Petrov-Ivanov junior",
    "listed": "Ivan PETROV IVANOV",
    "list": "parties/un",
    "entry": "UN-7",
    "entry_name": "Ivan Petrov Ivanov",
    "effect": "foreign_listing",
    "programme": "DPRK",
    "kind": "person",
    "countries": ["KP", "RU"],
    "births": ["1968-04-02", "1969"],
    "note": "Passport lost in 2009.",
    "country_contradicts": True,
    "pairs": [
        {"declared": "petrovivanov", "listed": "petrov ivanov", "kind": "split", "points": 0.6},
        {"declared": "i", "listed": "ivan", "kind": "initial", "points": 0.25},
        {"declared": "junior", "listed": "", "kind": "extra", "points": -0.02},
        {"declared": "mr", "listed": "", "kind": "title", "points": 0.0},
    ],
    "also": [
        {"what": "country", "declared": "LV", "listed": ["KP", "RU"], "agrees": False, "points": -0.05},
        {"what": "birth", "declared": "1968-04-02", "listed": "1968-04-02", "agrees": True, "points": 0.15},
        {"what": "imo", "declared": "", "listed": "9187629", "agrees": None, "points": 0.0},
    ],
    "base": None,
    "percent": None,
    "chain": [],
    "sentence": "The declared name is like the listed name.",
}
KINDS = (
    *("same", "typo", "sound", "transliteration", "variant", "initial", "joined", "split", "abbreviation", "number"),
    *("extra", "missing", "contradicts", "title", "form", "spelling", "nickname", "translation"),
)


def page(hit: dict[str, Any], *sources: ListSource) -> str:
    shown = hits.shown(hit, {source.pk: source for source in sources})
    return render_to_string("ui/hit.html", {"hit": shown})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_kind_of_pair_has_words_for_people() -> None:
    assert set(hits.PAIRS) == set(KINDS)
    for kind in KINDS:
        row = {"declared": "a", "listed": "b", "kind": kind}
        said = words(page({"pairs": [row]}))
        assert str(hits.PAIRS[kind][0]) in said


def test_a_kind_that_a_newer_engine_brings_is_shown_as_it_is() -> None:
    assert "brand new" in words(page({"pairs": [{"declared": "a", "listed": "b", "kind": "brand_new"}]}))


def test_the_points_stand_beside_what_earned_them_and_add_up_to_the_score() -> None:
    said = words(page(FULL))
    for part in ("+60", "+25", "−2", "−5", "+15", "Score 93"):
        assert part in said, part
    assert "Limit of what" not in said


def test_what_the_rows_do_not_explain_has_a_row_of_its_own() -> None:
    capped = {**FULL, "score": 0.9}
    assert "Limit of what likeness can reach −3" in words(page(capped))
    based = {**FULL, "base": 0.02, "score": 0.95}
    assert "Start +2" in words(page(based)) and "Limit of what" not in words(page(based))


def test_what_else_agrees_or_differs_is_told_in_words() -> None:
    said = words(page(FULL))
    assert "Country Latvia North Korea, Russia against: differs" in said
    assert "Date of birth 1968-04-02 1968-04-02 for: agrees" in said
    assert "IMO number – 9187629 not comparable" in said


def test_the_entry_is_told_with_its_list_and_a_link_to_the_source() -> None:
    source = ListSource(pk="parties/un", title="UN list", source="Security Council", publisher_url="https://un.example")
    html = page(FULL, source)
    said = words(html)
    for part in (
        *("Ivan Petrov Ivanov UN-7", "UN list", "DPRK", "Person", "North Korea, Russia", "1968-04-02, 1969"),
        *("Passport lost in 2009.", "Listed by another state", "never a ban", "Near-certain"),
    ):
        assert part in said, part
    assert '<a href="https://un.example" rel="noreferrer">Security Council</a>' in html
    assert "Security Council" in words(page(FULL, ListSource(pk="parties/un", title="UN", source="Security Council")))


def test_a_list_that_is_gone_is_still_named() -> None:
    assert "parties/un" in words(page(FULL))


@pytest.mark.parametrize("key", FULL)
def test_any_key_may_be_missing(key: str) -> None:
    assert page({name: value for name, value in FULL.items() if name != key})


def test_nothing_at_all_is_still_a_page() -> None:
    assert "Possible" in words(page({}))


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ({"match": "equal", "score": 0.97}, "Near-certain"),
        ({"match": "equal", "score": 0.97, "country_contradicts": True}, "Possible"),
        ({"match": "similar", "score": 0.96}, "Near-certain"),
        ({"match": "similar", "score": 0.9}, "Possible"),
        ({"match": "equal", "score": 1.0, "near_certain": False}, "Possible"),
    ],
)
def test_an_old_finding_is_judged_by_its_match_and_score(evidence: dict[str, Any], said: str) -> None:
    assert said in words(page(evidence))


def test_an_old_finding_still_says_that_the_countries_differ() -> None:
    said = words(page({"country_contradicts": True, "countries": ["RU"], "pairs": []}))
    assert "Country – Russia against: differs" in said


def test_who_owns_whom_is_listed() -> None:
    said = words(page({"match": "owned", "percent": 62.5, "chain": ["A JSC → B LLP 62.5 %", "B LLP → C 100 %"]}))
    assert "Who owns whom: 62.5 % together A JSC → B LLP 62.5 % B LLP → C 100 %" in said


@pytest.mark.django_db
@pytest.mark.parametrize(("list_id", "seen"), [("parties/un", True), ("parties/own", False)])
def test_the_note_of_an_own_list_is_for_the_authority_and_not_for_the_exporter(list_id: str, seen: bool) -> None:
    owner = factories.exporter()
    case = factories.case(by=owner)
    Finding.objects.filter(run=case.shipment.latest_run).update(evidence={"hits": [{**FULL, "list": list_id}]})
    address = f"{case.shipment.public_id}/"
    assert FULL["note"] in browser(factories.officer()).get(f"/cases/{address}").content.decode()
    assert (FULL["note"] in browser(owner).get(f"/shipments/{address}").content.decode()) is seen


def test_text_of_a_list_is_shown_and_never_run() -> None:
    html = page({**FULL, "note": "<script>alert(1)</script>", "listed": "<b>x</b>"})
    assert "<script>" not in html and "<b>" not in html


@pytest.mark.django_db
def test_the_case_shows_each_hit_and_opens_the_first() -> None:
    case = factories.case()
    run = case.shipment.latest_run
    assert run is not None
    ListSource.objects.create(id="parties/un", kind="parties", title="UN list", publisher_url="https://un.example")
    Finding.objects.filter(run=run).update(evidence={"hits": [FULL, {**FULL, "entry": "UN-8"}, {"declared": "old"}]})
    html = browser(factories.officer()).get(f"/cases/{case.shipment.public_id}/").content.decode()
    assert html.count('<details class="hit" open') == 1
    assert html.count('<details class="hit"') == 3
    assert "UN-8" in html and "UN list" in html
