"""What nobody calls a name, declared and listed: nothing stops the matcher, slows it down or hides a listed name."""

import time

import pytest

from policies.engine.facts import Owner, Party
from policies.engine.lists import Listed, Ownership
from policies.engine.match.explain import hit_of
from tests.matching import company, index_of, meets, only, person, watch

BORIS = person("Boris Komotsky")
BLINK = 1.0  # seconds; each takes some milliseconds, and the machine may be busy

NOTHING = {
    "empty": "",
    "blanks": " \t\n  \u00a0\u3000",
    "punctuation": "... --- ''' «»",
    "one letter": "b",
    "emoji": "💥🚀👩‍👩‍👧‍👦" * 20,
    "controls": "\x00\x01\x02\x1b[31m\x7f\x85",
    "turned around": "\u202e\u202d\u2066\u2069",
    "no width": "\u200b\u200c\u200d\ufeff" * 50,
    "half a pair": "\ud800",
    "halves the wrong way": "\udc00\ud800",
    "unassigned": "\U0010ffff\ufdd0\U000e0001",
    "digits": "1234567890",
    "marks": "\u0301" * 800,
    "a letter under marks": "a" + "\u0301\u0316\u0334" * 800,
    "10,000 letters": "x" * 10_000,
    "a letter and 100,000 blanks": "q" + " " * 100_000,
    "5,000 words": " ".join(f"w{number}" for number in range(5_000)),
    "10,000 of one word": "qaz " * 10_000,
    "10,000 initials": "q. " * 10_000,
    "Han without end": "王" * 10_000,
    "Hangul without end": "박" * 10_000,
    "kana without end": "ア" * 10_000,
    "Arabic without end": "قصر " * 5_000,
    "a letter that unfolds": "ﷺ" * 5_000,
    "markup": "<script>alert(1)</script> %s {0} ' OR 1=1 --",
}


@pytest.mark.parametrize("kind", ["person", "organisation", ""])
@pytest.mark.parametrize("name", NOTHING.values(), ids=NOTHING.keys())
def test_it_meets_nobody_and_takes_no_time(name: str, kind: str) -> None:
    started = time.perf_counter()
    assert meets(name, BORIS, type=kind) == []
    assert time.perf_counter() - started < BLINK


@pytest.mark.parametrize("name", NOTHING.values(), ids=NOTHING.keys())
def test_a_list_that_holds_it_still_finds_the_others_and_itself_is_shown(name: str) -> None:
    listed = (person(name, "X1", aliases=(name, "", "...")), company(name, "X2", weak=("",)), BORIS)
    started = time.perf_counter()
    assert [(hit.entry.id, hit.match) for hit in meets("Komotsky, Boris", *listed)] == [("P1", "equal")]
    assert {hit_of(hit)["entry"] for hit in meets(name, *listed, BORIS)} <= {"X1", "X2"}
    assert time.perf_counter() - started < BLINK


@pytest.mark.parametrize(
    "name",
    [
        "\u202eBoris Komotsky",
        "Bo\u200bris Ko\u200dmot\u00adsky\ufeff",
        "Boris\x00Komotsky",
        "Boris\u00a0Komotsky",
        "Boris \ud800Komotsky",
        "Boris\udfff Komotsky",
        "Bo\U000e0041\U000e0042ris Komotsky",
        "Bo\u3164\u115fris Komotsky",
        "Boris 💥 Komotsky 🚀",
        "★Boris★ Komotsky™",
        "Воris Коmоtsky",
        "Bоris Kоmоtѕкy",
        "Βοris Κοmotsky",
        "Ｂｏｒｉｓ Ｋｏｍｏｔｓｋｙ",
        "𝐁𝐨𝐫𝐢𝐬 𝑲𝒐𝒎𝒐𝒕𝒔𝒌𝒚",
        "Ⓑⓞⓡⓘⓢ Ⓚⓞⓜⓞⓣⓢⓚⓨ",
        " " * 5_000 + "Boris Komotsky",
        "\u200b" * 5_000 + "Boris Komotsky",
        "\u0301" * 5_000 + "Boris Komotsky",
        "💥" * 5_000 + "Boris Komotsky",
        "".join(letter + "\u0301\u0316\u0334" * 30 for letter in "Boris Komotsky"),
        "Boris Komotsky" + " " * 5_000,
    ],
    ids=ascii,
)
def test_what_nobody_sees_hides_no_name(name: str) -> None:
    assert only(name, BORIS).match == "equal"
    assert only("Boris Komotsky", person(name)).match == "equal"


@pytest.mark.parametrize("name", ["Бopиc Koмoцкий", "Борис Кomоцкий", "БОРИС KOMOЦKИЙ", "Бoрис Комоцкий"], ids=ascii)
def test_latin_letters_within_a_cyrillic_name_hide_nothing(name: str) -> None:
    assert only(name, person("Борис Комоцкий")).match == "equal"
    assert only(name, BORIS).match == "similar"


@pytest.mark.parametrize("name", ["Воris Ivаnov", "Бopиc Ивaнoв", "Dmitri\u200b Komotsky"], ids=ascii)
def test_the_same_tricks_make_nobody_another(name: str) -> None:
    assert meets(name, BORIS) == []


def test_an_empty_list_and_a_list_of_nameless_entries_meet_nobody() -> None:
    for listed in ((), (person(""),), (person("💥"), company("..."))):
        found = watch(*listed)
        assert found.hits(Party("consignee", "Boris Komotsky", identifiers=(("imo", "9187629"),)), review=0.0) == []
    assert index_of().names == 0
    assert index_of().entries == 0


def test_an_entry_without_a_name_is_still_met_by_its_identifier() -> None:
    (hit,) = meets(
        "Whoever", person("💥", identifiers=(("passport", "AB1234567"),)), identifiers=(("passport", "AB1234567"),)
    )
    assert (hit.match, hit.entry.name) == ("identifier", "💥")


def test_an_entry_comes_back_from_the_index_as_it_was_listed() -> None:
    odd = Listed(
        "l\ud800", "i\n\x00", "N💥\udfff", "x", "person", ("a",), ("",), ("RU",), ("ad",), (("tax", "1"),), ("1961",)
    )
    assert index_of(BORIS, odd).entry(1) == odd


def test_bad_evidence_beside_a_good_name_does_no_harm() -> None:
    odd = {
        "country": "??",
        "address": "\ud800" * 50,
        "date_of_birth": "yesterday \x00 99999",
        "aliases": ("", "\ud800"),
    }
    listed = person(
        "Boris Komotsky", births=("", "?", "circa"), addresses=("", "\u202e"), countries=("",), aliases=("",)
    )
    assert only("Boris Komotsky", listed, identifiers=(("imo", ""), ("tax", "\ud800")), **odd).match == "equal"


@pytest.mark.parametrize("percent", [None, 0.0, -5.0, float("inf"), float("nan"), 1e308])
def test_an_owner_with_any_share_is_named(percent: float | None) -> None:
    owners = (Owner("Boris Komotsky", "", percent), Owner("", "", 10.0), Owner("\ud800", "", 10.0))
    (hit,) = meets("Harmless Bakery", BORIS, type="organisation", owners=owners)
    assert (hit.entry.id, hit.match) in (("P1", "owned"), ("P1", "part_owned"))


def test_ownership_rows_without_names_belong_to_nobody() -> None:
    rows = (
        Ownership("", "", 100),
        Ownership("💥", "...", 100),
        Ownership("P1", "", 100),
        Ownership("\ud800", "Bakery", 9),
    )
    assert meets("Harmless Bakery", BORIS, ownership=rows) == []
    assert meets("", BORIS, ownership=rows) == []
