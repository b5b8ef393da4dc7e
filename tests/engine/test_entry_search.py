"""The search in the goods lists: codes, words, substances, what is marked, and what nobody can find."""

from datetime import date

import pytest

from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Gloss, Knowledge, Term
from policies.engine.classify.search import EntrySearch, Found
from policies.engine.lists import Chemical, Entry
from policies.engine.policy import Policy

TODAY = date(2026, 11, 28)
RETIRED = date(2020, 1, 1)


def entry(code: str, heading: str, family: str = "annex_i", **columns: object) -> Entry:
    return Entry(list=f"goods/{family}", code=code, heading=heading, family=family, **columns)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def search() -> EntrySearch:
    entries = [
        entry("2B231", "Large vacuum pumps", keywords=("turbomolecular pump",)),
        entry("2B350", "Chemical plant equipment"),
        entry("1C350", "Precursor chemicals"),
        entry("5A002", "Information security"),
        entry("5A001", "Telecommunications"),
        entry("6A002", "Optical sensors", valid_to=RETIRED),
        entry("ML10", "Military aircraft", family="military"),
        entry("ML10.c", "Unmanned aircraft of military type", family="military", parent="ML10"),
    ]
    known = Knowledge(
        terms=(Term("2B350.i", "seal-less vacuum pump", "often"), Term("ML10.c", "combat <b>drone</b>", "is")),
        glossary=(Gloss("насос", "ru", "pump"), Gloss("sūknis", "lv", "pump")),
    )
    chemicals = [Chemical("1C350.1", "Thiodiglycol", cas="111-48-8")]
    return EntrySearch(GoodsIndex(entries, chemicals, known=known))


def codes(found: list[Found]) -> list[str]:
    return [item.entry.code for item in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("5A002", ["5A002"]),
        ("5a2a1", ["5A002"]),
        ("ECCN 5A002 A 1", ["5A002"]),
        ("ML10c", ["ML10.c"]),
        ("ml10", ["ML10", "ML10.c"]),
        ("5A", ["5A001", "5A002"]),
        ("1C350.1", ["1C350"]),
    ],
)
def test_a_code_is_found_in_any_spelling(search: EntrySearch, query: str, expected: list[str]) -> None:
    assert codes(search.find(query, on=TODAY)) == expected


def test_a_heading_counts_more_than_a_wording(search: EntrySearch) -> None:
    assert codes(search.find("vacuum pumps", on=TODAY)) == ["2B231", "2B350"]


@pytest.mark.parametrize("query", ["насос", "sūkņi", "pump", "pumps"])
def test_a_word_is_found_in_other_languages_and_forms(search: EntrySearch, query: str) -> None:
    assert "2B231" in codes(search.find(query, on=TODAY))


def test_a_word_with_a_typing_error_is_found(search: EntrySearch) -> None:
    assert codes(search.find("turbomolecualr pump", on=TODAY)) == ["2B231"]


def test_the_beginning_of_a_word_stands_for_it(search: EntrySearch) -> None:
    assert codes(search.find("turbomol", on=TODAY)) == ["2B231"]


@pytest.mark.parametrize("query", ["111-48-8", "CAS 111-48-8", "thiodiglycol", "THIODIGLYCOL"])
def test_a_substance_is_found_by_name_and_by_cas_number(search: EntrySearch, query: str) -> None:
    (found,) = search.find(query, on=TODAY)
    assert found.entry.code == "1C350"
    assert [(item.code, item.kind) for item in found.because] == [("1C350.1", "chemical")]


def test_entries_with_all_words_leave_out_those_with_some(search: EntrySearch) -> None:
    assert codes(search.find("turbomolecular pump", on=TODAY)) == ["2B231"]
    some = search.find("turbomolecular zebra", on=TODAY)
    assert [(item.entry.code, item.all_words) for item in some] == [("2B231", False)]


def test_what_met_the_query_is_marked_and_the_text_stays_whole(search: EntrySearch) -> None:
    found = search.find("vacuum pump", on=TODAY)[0]
    assert "".join(piece.text for piece in found.heading) == "Large vacuum pumps"
    assert [piece.text for piece in found.heading if piece.marked] == ["vacuum", "pumps"]


def test_markup_in_a_list_is_text(search: EntrySearch) -> None:
    (found,) = search.find("drone", on=TODAY)
    (reason,) = found.because
    assert "".join(piece.text for piece in reason.text) == "combat <b>drone</b>"
    assert [piece.text for piece in reason.text if piece.marked] == ["drone"]


def test_list_and_family_narrow_what_is_found(search: EntrySearch) -> None:
    assert codes(search.find("5A", on=TODAY, lists=["goods/military"])) == []
    assert codes(search.everything(on=TODAY, family="military")) == ["ML10", "ML10.c"]
    assert codes(search.everything(on=TODAY, lists=["goods/military"])) == ["ML10", "ML10.c"]


def test_an_entry_that_is_no_longer_listed_is_still_found(search: EntrySearch) -> None:
    assert codes(search.find("optical sensors", on=TODAY)) == ["6A002"]
    assert codes(search.find("6A002", on=TODAY)) == ["6A002"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "🚀", "zebra", "9Z999", "000-00-0", "<script>", "%" * 200])
def test_what_is_nowhere_finds_nothing_and_does_no_harm(search: EntrySearch, query: str) -> None:
    assert search.find(query, on=TODAY) == []


def test_codes_near_an_unknown_one_are_those_that_begin_alike(search: EntrySearch) -> None:
    assert [item.code for item in search.near("5A009", on=TODAY)] == ["5A001", "5A002"]
    assert search.near("zzz", on=TODAY) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("dilution refrigerator", "3A504"),
        ("uranium hexafluoride", "0C001"),
        ("thiodiglycol", "1C350"),
        ("kvantu dators", "4A506"),
    ],
)
def test_the_shipped_lists_answer_with_the_entry_that_people_mean(shipped: Policy, query: str, code: str) -> None:
    assert code in codes(shipped.entry_search.find(query, on=TODAY))[:3]


def test_a_wooden_chair_is_told_to_have_only_some_words(shipped: Policy) -> None:
    assert not any(item.all_words for item in shipped.entry_search.find("wooden chair", on=TODAY))


def test_a_search_teaches_the_classifier_no_word(search: EntrySearch) -> None:
    before = len(search.vocabulary)
    search.find("zebra crossing vacuum pump", on=TODAY)
    assert len(search.vocabulary) == before
