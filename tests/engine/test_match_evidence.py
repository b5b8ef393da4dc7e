"""What stands beside a name raises or lowers its score, and the hit says what it was."""

import pytest

from policies.engine.match.hits import Hit
from policies.engine.match.lexicon import Lexicon
from tests.matching import company, meets, only, person

NAME, ALIKE = "Boris Olegovich Komotsky", "Boris Olegovich Komotski"
LISTED = person(
    NAME,
    births=("1961-04-12",),
    countries=("RU", "BY"),
    addresses=("12 Harbour Street, Perm, Russia",),
    identifiers=(
        ("passport", "AB 1234567"),
        ("tax", "7701234567"),
        ("email", "boris@komotsky.example"),
        ("phone", "+7 495 123 45 67"),
    ),
)
FIRM = company(
    "Karadag Logistics FZE", identifiers=(("registration", "LV-4000301"), ("vat", "LV40003019999"), ("imo", "9187629"))
)


def sign(hit: Hit, what: str) -> tuple[bool, float] | None:
    return next(((one.agrees, one.points) for one in hit.signs if one.what == what), None)


@pytest.mark.parametrize(
    ("says", "against"),
    [
        ({"country": "RU"}, {"country": "BR"}),
        ({"country": "BY"}, {"country": "BR"}),
        ({"date_of_birth": "1961-04-12"}, {"date_of_birth": "1971-04-12"}),
        ({"date_of_birth": "1961"}, {"date_of_birth": "1951"}),
    ],
)
def test_what_agrees_raises_and_what_contradicts_lowers(says: dict[str, str], against: dict[str, str]) -> None:
    plain = only(ALIKE, LISTED).score
    assert only(ALIKE, LISTED, **says).score > plain + 0.01
    contradicted = only(NAME, LISTED, **against)
    assert contradicted.score < only(NAME, LISTED).score - 0.02
    assert [one.agrees for one in contradicted.signs] == [False]


@pytest.mark.parametrize("silent", [{"country": ""}, {"date_of_birth": ""}, {"address": ""}, {"identifiers": ()}])
def test_silence_is_no_contradiction(silent: dict[str, str]) -> None:
    assert only(ALIKE, LISTED, **silent) == only(ALIKE, LISTED)
    bare = person(NAME)
    said = only(ALIKE, bare, country="RU", date_of_birth="1961-04-12", address="1 Main Road, Perm, Russia")
    assert said.score == only(ALIKE, bare).score
    assert said.signs == ()


def test_a_birth_says_less_the_further_it_is() -> None:
    days = ("1961-04-12", "1961", "1963", "1971-04-12")
    points = [sign(only(NAME, LISTED, date_of_birth=day), "birth") for day in days]
    assert [agrees for agrees, _points in filter(None, points)] == [True, True, True, False]
    scores = [points for _agrees, points in filter(None, points)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > scores[2] > scores[3] + 0.05


def test_two_days_of_one_year_are_no_agreement_and_no_contradiction() -> None:
    hit = only(NAME, LISTED, date_of_birth="1961-08-30")
    assert (hit.birth_contradicts, hit.score) == (False, only(NAME, LISTED).score)


def test_the_best_of_several_listed_births_counts() -> None:
    listed = person(NAME, births=("1950", "1961-04-12", "between 1970 and 1972"))
    for born in ("1961-04-12", "1950", "1971", "1974"):
        assert not only(NAME, listed, date_of_birth=born).birth_contradicts
    assert only(NAME, listed, date_of_birth="1990").birth_contradicts


@pytest.mark.parametrize("against", [{"date_of_birth": "1990-01-01"}, {"country": "BR"}])
def test_an_equal_name_with_another_birth_or_country_is_shown_and_is_not_near_certain(against: dict[str, str]) -> None:
    assert only(NAME, LISTED).near_certain
    hit = only(NAME, LISTED, **against)
    assert (hit.match, hit.near_certain) == ("equal", False)
    assert (hit.birth_contradicts, hit.country_contradicts) == ("date_of_birth" in against, "country" in against)


def test_a_like_name_with_another_birth_passes() -> None:
    assert meets(ALIKE, LISTED, date_of_birth="1990-01-01") == []


@pytest.mark.parametrize("address", ["12 Harbour Street, Perm", "Perm, Harbour Street 12, Russia"])
def test_a_like_address_raises(address: str) -> None:
    hit = only(ALIKE, LISTED, address=address)
    assert (hit.match, (sign(hit, "address") or (False, 0.0))[0]) == ("similar", True)
    assert hit.score > only(ALIKE, LISTED).score + 0.02


def test_what_is_shared_beside_a_like_name_takes_nothing_from_it() -> None:
    hit = only(ALIKE, LISTED, identifiers=(("phone", "+74951234567"),))
    assert hit.score >= only(ALIKE, LISTED).score


@pytest.mark.parametrize("address", ["9 Main Road, Lima, Peru", "Perm", "Russia, Perm"])
def test_another_address_or_a_mere_town_says_nothing(address: str) -> None:
    assert only(ALIKE, LISTED, address=address).score == only(ALIKE, LISTED).score


def test_a_listed_address_is_shown_whoever_declares_it() -> None:
    assert only("Harmless Person", LISTED, address="Russia, Perm, Harbour Street 12").match == "shared"
    assert meets("Harmless Person", LISTED, address="13 Harbour Street, Perm, Russia") == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [("passport", "AB1234567"), ("passport", "ab 1234-567"), ("tax", "77 0123 4567")],
)
def test_an_identifier_names_its_holder_whatever_the_name(kind: str, value: str) -> None:
    hit = only("Somebody Else", LISTED, identifiers=((kind, value),))
    assert (hit.match, hit.entry.id) == ("identifier", "P1")


@pytest.mark.parametrize(
    ("kind", "value"), [("registration", "lv4000301"), ("vat", "LV 4000 301 9999"), ("imo", "IMO 9187629")]
)
def test_an_identifier_names_a_company_whatever_its_punctuation(kind: str, value: str) -> None:
    assert only("Harmless Bakery", FIRM, identifiers=((kind, value),)).match == "identifier"


@pytest.mark.parametrize(("kind", "value"), [("email", "BORIS@komotsky.example"), ("phone", "+7 (495) 123-45-67")])
def test_mail_and_phone_are_shared_and_no_certain_match(kind: str, value: str) -> None:
    hit = only("Somebody Else", LISTED, identifiers=((kind, value),))
    assert (hit.match, hit.near_certain) == ("shared", False)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("passport", "AB1234568"), ("tax", "AB1234567"), ("vat", "7701234567"), ("tax", "7701"), ("tax", "")],
)
def test_another_value_or_the_value_of_another_kind_names_nobody(kind: str, value: str) -> None:
    assert meets("Somebody Else", LISTED, identifiers=((kind, value),)) == []


@pytest.mark.parametrize("kind", ["registration", "vat", "imo"])
def test_another_number_of_a_kind_that_is_unique_lowers(kind: str) -> None:
    name, other = "Karadag Logistics", ((kind, "1112223"),)
    hit = only(name, FIRM, identifiers=other)
    assert sign(hit, kind) is not None
    assert hit.score < only(name, FIRM).score - 0.02


def test_another_passport_or_phone_contradicts_nothing() -> None:
    hit = only(ALIKE, LISTED, identifiers=(("passport", "XX9999999"), ("phone", "+371 1234567")))
    assert (hit.signs, hit.score) == ((), only(ALIKE, LISTED).score)


@pytest.mark.parametrize(
    ("kind", "declared"), [("person", "organisation"), ("organisation", "person"), ("vessel", "person")]
)
def test_another_kind_lowers_and_an_unknown_one_does_not(kind: str, declared: str) -> None:
    listed = person("Zvezdny Ordnance Ontario", kind=kind)
    hit = only("Zvezdny Ordnance Ontario", listed, type=declared)
    assert (hit.match, (sign(hit, "kind") or (True, 0))[0]) == ("equal", False)
    for more in ({"type": ""}, {"type": "person" if kind == "person" else "organisation"}):
        assert sign(only("Zvezdny Ordnance Ontario", listed, **more), "kind") is None


def test_evidence_alone_makes_nobody_alike() -> None:
    assert meets("Carl Harkonnen", LISTED, country="RU", date_of_birth="1961-04-12") == []


def test_the_pack_knows_the_words_that_these_tests_use() -> None:
    """Guards the near misses: without its words the matcher would leave everybody alone."""
    assert only("Dr Sergey Komotsky", person("Sergei Komotsky")).score > 0.9
    assert Lexicon().shared("sergey", "sergei", person=True) == ""
