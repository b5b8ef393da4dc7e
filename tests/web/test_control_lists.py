"""The control lists for everybody: the tree, the search, the page of an entry, and codes that no list holds."""

import re
from typing import Any

import pytest

from policies.models import Snapshot
from screening.models import AuditEvent
from tests import factories
from tests.publications import put_in_force, rows_of
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
PATH = "/control-lists/"


def ask(path: str = PATH, **query: str) -> Any:
    return browser().get(path, query)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def codes(answer: Any) -> list[str]:
    """The entries that a search shows, in their order."""
    return re.findall(r'<span><a class="chip" href="/control-lists/([^/]+)/"', answer.content.decode())


@pytest.mark.usefixtures("policy")
def test_a_visitor_reads_the_tree_of_all_lists_without_a_script() -> None:
    answer = ask()
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("EU dual-use list", "Military List", "firearms", "Anti-torture", "National lists"):
        assert text in page
    for code in ("5A002", "ML10.c", "B4", "AT-III-2.1", "10A905", "1C350.1"):
        assert f'href="/control-lists/{code}/"' in page, code
    assert "<details" in page


@pytest.mark.usefixtures("policy")
def test_everybody_finds_the_pages() -> None:
    for person in (None, factories.exporter(), factories.officer()):
        assert f'href="{PATH}"' in browser(person).get("/principles/").content.decode()
        assert 'href="/classify/"' in browser(person).get(PATH).content.decode()


@pytest.mark.usefixtures("policy")
def test_no_party_of_any_list_is_shown() -> None:
    put_in_force({"parties/own": [{"id": "S-1", "name": "Quiet Harbour Brokers", "effect": "foreign_listing"}]})
    for answer in (ask(), ask(q="Quiet Harbour Brokers")):
        page = answer.content.decode().replace("“Quiet Harbour Brokers”", "").replace('value="Quiet Harbour', "")
        assert "parties/own" not in page and "S-1" not in page


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("5a2a1", "5A002"),
        ("ML10c", "ML10.c"),
        ("dilution refrigerator", "3A504"),
        ("111-48-8", "1C350"),
        ("thiodiglycol", "1C350"),
        ("kvantu dators", "4A506"),
    ],
)
def test_the_search_finds_codes_words_and_substances(query: str, code: str) -> None:
    assert code in codes(ask(q=query))[:3]


@pytest.mark.usefixtures("policy")
def test_words_that_met_the_query_are_marked() -> None:
    assert "<mark>refrigerator</mark>" in ask(q="dilution refrigerator").content.decode()


@pytest.mark.usefixtures("policy")
def test_markup_in_a_query_and_in_a_list_is_text() -> None:
    page = ask(q="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    row = next(row for row in rows_of("goods/national") if row["code"] == "10A905")
    put_in_force({"goods/national": [{**row, "heading": "Zebra <img src=x> gadget"}]})
    page = ask(q="zebra gadget").content.decode()
    assert "<mark>Zebra</mark> &lt;img src=x&gt; <mark>gadget</mark>" in page
    assert "<img src=x>" not in page + ask("/control-lists/10A905/").content.decode()


@pytest.mark.usefixtures("policy")
def test_lists_and_kinds_narrow_and_pages_turn() -> None:
    first, second = ask(q="system"), ask(q="system", page="2")
    assert len(codes(first)) == 25 and not set(codes(first)) & set(codes(second))
    assert all(code.startswith("ML") for code in codes(ask(q="system", family="military")))
    assert all(code.startswith("ML") for code in codes(ask(q="system", list="goods/military")))
    tree = ask(list="goods/military").content.decode()
    assert 'href="/control-lists/ML1/"' in tree and 'href="/control-lists/5A002/"' not in tree


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize(
    "query", [{"list": "parties/un"}, {"family": "toys"}, {"q": "x" * 10_000}, {"q": "a\x00b"}, {"q": "a", "list": "?"}]
)
def test_what_cannot_be_asked_is_said_at_its_field(query: dict[str, str]) -> None:
    answer = ask(**query)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize("query", ["xyzzyplugh", "?!", "🚀", "000-00-0"])
def test_nothing_found_does_not_say_that_goods_are_free(query: str) -> None:
    answer = ask(q=query)
    assert answer.status_code == 200
    assert "That does not mean that the goods are free" in words(answer)


@pytest.mark.usefixtures("policy")
def test_some_of_the_words_are_said_to_be_some() -> None:
    assert "No entry has all of these words" in words(ask(q="wooden chair"))


def test_an_entry_says_everything_that_is_known_of_it(policy: Snapshot) -> None:
    answer = ask("/control-lists/5D002/")
    said = words(answer)
    for text in (
        "Information-security software",
        "WA",
        "Software",
        "In force",
        "from 2021-09-09",
        "2025-11-15",
        "high",
    ):
        assert text in said, text
    for text in ("In Annex IV", "in part", "5D002.a.3", "EU001", "EU008", "Norway", "GOODS-PUBLIC-DOMAIN"):
        assert text in said, text
    assert policy.hash[:12] in said
    for link in ("/control-lists/5A002/", "/control-lists/5E002/", "/principles/#P07"):
        assert f'href="{link}"' in answer.content.decode(), link


@pytest.mark.usefixtures("policy")
def test_thresholds_stand_with_unit_and_question_and_wordings_by_language() -> None:
    answer = ask("/control-lists/2B001/")
    said = words(answer)
    assert "How many axes can be moved together for contouring?" in said
    assert re.search(r"≤ [\d.]+ um", said)
    assert 'lang="lv"' in answer.content.decode() and 'lang="ru"' in answer.content.decode()


@pytest.mark.usefixtures("policy")
def test_a_chemical_entry_has_cas_numbers_and_shares_by_membership() -> None:
    said = words(ask("/control-lists/1C350/"))
    assert "111-48-8" in said and "30 % to CWC members, 10 % to others" in said


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize("written", ["5a2a1", "ECCN 5A002 A 1", "5a002.A.1"])
def test_a_code_in_another_spelling_leads_to_its_page(written: str) -> None:
    answer = ask(f"/control-lists/{written}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/control-lists/5A002.a.1/")
    assert "5A002" in words(ask(answer.headers["Location"]))


@pytest.mark.usefixtures("policy")
def test_what_is_retired_future_or_points_elsewhere_says_so_with_dates() -> None:
    assert "was listed until 2000-01-01" in words(ask("/control-lists/EX10A001/"))
    assert "is judged as ML7.c" in words(ask("/control-lists/1C350.4/"))
    row = next(row for row in rows_of("goods/national") if row["code"] == "10A905")
    put_in_force({"goods/national": [{**row, "valid_from": "2099-01-01"}]})
    assert "listed only from 2099-01-01" in words(ask("/control-lists/10A905/"))
    assert "Not in force yet" in words(ask(q="10A905"))


@pytest.mark.usefixtures("policy")
def test_a_code_that_no_list_holds_is_not_found_with_suggestions() -> None:
    answer = ask("/control-lists/5A009/")
    assert answer.status_code == 404
    assert "No list holds “5A009”" in words(answer)
    assert 'href="/control-lists/5A002/"' in answer.content.decode()


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize("code", ["EAR99", "3A992"])
def test_a_designation_of_the_united_states_is_told_apart(code: str) -> None:
    answer = ask(f"/control-lists/{code}/")
    assert answer.status_code == 404
    assert "designation of the United States" in words(answer)


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize("code", ["%3Cscript%3E", "screwdriver", "%00", "x" * 500, "🚀", "12345678", "..", "ML99"])
def test_any_address_is_answered_without_harm(code: str) -> None:
    answer = ask(f"/control-lists/{code}/")
    assert answer.status_code == 404
    assert "<script>" not in answer.content.decode().replace("<script src", "")


@pytest.mark.parametrize("path", [PATH, "/control-lists/5A002/", "/classify/"])
def test_without_a_policy_the_page_says_so(path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 503
    assert "No policy has been published yet" in words(answer)


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize(
    "path", [PATH, "/control-lists/?q=vacuum+pump", "/control-lists/5A002/", "/control-lists/9Z999/"]
)
def test_a_page_asks_the_database_for_the_snapshot_and_its_editions_only(
    path: str, django_assert_max_num_queries: Any
) -> None:
    ask(path)
    with django_assert_max_num_queries(2):
        ask(path)


@pytest.mark.usefixtures("policy")
def test_reading_leaves_nothing_behind() -> None:
    before = AuditEvent.objects.count()
    answer = ask(q="uranium hexafluoride")
    assert AuditEvent.objects.count() == before
    assert "sessionid" not in answer.cookies
