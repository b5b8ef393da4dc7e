"""A hit in words: sentences that read well, and a sum of parts that is the score."""

import pytest

from policies.engine.facts import Owner
from policies.engine.lists import Ownership
from policies.engine.match.explain import hit_of, sentence
from tests.matching import company, meets, only, person

BORIS = person(
    "Boris Olegovich Komotsky", births=("1961",), countries=("RU",), identifiers=(("passport", "AB1234567"),)
)
WORKS = company("Zvezdny Ordnance Works JSC", "T1")
WHERE = "Boris Olegovich Komotsky (parties/test, entry P1)"


def test_an_equal_name_is_said_to_be_the_listed_one() -> None:
    hit = only("Komotsky, Boris Olegovich", BORIS)
    assert sentence(hit) == (
        f"The declared name “Komotsky, Boris Olegovich” is the listed name “Boris Olegovich Komotsky” of {WHERE}."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Boris Olegovich Komotski", "“komotski” for “komotsky” (another way of writing it)"),
        ("Boris Komotsky", "“olegovich” is listed only"),
        ("Boris O. Komotsky", "“o” for “olegovich” (an initial)"),
        ("Borys Olegovich Komotsky", "“borys” for “boris” (another form of the name)"),
        ("Boris Olegovich Komot sky", "“komot sky” for “komotsky” (words split)"),
    ],
)
def test_a_like_name_is_said_to_be_like_and_how_it_differs(name: str, said: str) -> None:
    assert sentence(only(name, BORIS)) == (
        f"The declared name “{name}” is like “Boris Olegovich Komotsky”, a name of {WHERE}: {said}."
    )


def test_what_speaks_against_it_is_said() -> None:
    hit = only("Boris Olegovich Komotsky", BORIS, country="BR", date_of_birth="1990", type="organisation")
    assert sentence(hit).endswith(
        f"of {WHERE}. The countries differ. The dates of birth differ. One is a person, the other is not."
    )
    agreeing = only("Boris Olegovich Komotsky", BORIS, country="RU", date_of_birth="1961")
    assert sentence(agreeing).endswith(f"of {WHERE}.")


def test_an_identifier_and_a_shared_mail_are_said() -> None:
    mailed = company("Karadag Logistics", "T2", identifiers=(("email", "office@karadag.example"),))
    passport = only("Somebody Else", BORIS, identifiers=(("passport", "AB1234567"),))
    mail = only("Harmless Bakery", mailed, identifiers=(("email", "office@karadag.example"),))
    assert sentence(passport) == f"The declared passport AB1234567 belongs to {WHERE}."
    assert sentence(mail) == (
        "The declared email office@karadag.example is also that of Karadag Logistics (parties/test, entry T2)."
    )


def test_a_share_is_said_with_its_chain() -> None:
    rows = (Ownership("T1", "Severny Trade House", 75),)
    (hit,) = meets("Severny Trade House", WORKS, ownership=rows)
    assert sentence(hit) == (
        "75 % of “Severny Trade House” belongs to Zvezdny Ordnance Works JSC (parties/test, entry T1): "
        "Zvezdny Ordnance Works JSC → Severny Trade House 75 %."
    )


def test_many_differences_are_counted_and_not_listed() -> None:
    long = only("Branch Dubai Street Number Seven of Zvezdny Ordnance Works", WORKS)
    assert sentence(long).count("is declared only") == 4
    assert " more." in sentence(long)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Boris Olegovich Komotsky", {}),
        ("Boris Olegovich Komotski", {"country": "RU"}),
        ("Boris Komotsky", {"country": "RU", "date_of_birth": "1961"}),
        ("Boris Olegovich Komotsky", {"country": "BR", "date_of_birth": "1990", "type": "organisation"}),
        ("Somebody Else", {"identifiers": (("passport", "AB1234567"),), "country": "BR"}),
        ("Harmless Bakery", {"owners": (Owner("Boris Olegovich Komotsky", "RU", 60),)}),
        ("Boris Olegovich Komotsky", {"country": "RU", "date_of_birth": "1961"}),
    ],
)
def test_the_shown_parts_add_up_to_the_shown_score(name: str, more: dict[str, object]) -> None:
    shown = hit_of(only(name, BORIS, **more))
    parts = [*shown["pairs"], *shown["also"]]
    assert shown["base"] + sum(part["points"] for part in parts) == pytest.approx(shown["score"], abs=0.002)


def test_what_is_shown_names_the_entry_and_every_sign_once() -> None:
    shown = hit_of(only("Boris Komotsky", BORIS, country="RU", date_of_birth="1961"))
    assert (shown["list"], shown["entry"], shown["effect"]) == ("parties/test", "P1", "asset_freeze")
    assert (shown["countries"], shown["births"]) == (["RU"], ["1961"])
    whats = [part["what"] for part in shown["also"]]
    assert len(whats) == len(set(whats))
    assert [part["agrees"] for part in shown["also"] if part["what"] in ("country", "birth")] == [True, True]
    assert [pair["points"] for pair in shown["pairs"] if pair["kind"] == "same"] == [0.0, 0.0]
