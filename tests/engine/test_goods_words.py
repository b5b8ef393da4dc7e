"""Words of goods: split and stemmed in four languages, translated, respelt, joined and mended; and wordings of them."""

import pytest

from policies.engine.classify.knowledge import Gloss
from policies.engine.classify.phrases import FAR, TURNED, Match, Phrases
from policies.engine.classify.quantities import Units
from policies.engine.classify.reading import Reader, Reading
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.classify.words import key, keys, split
from tests import goods


def means(made: Vocabulary, text: str, wanted: str) -> bool:
    """Whether every word of `wanted` is among what a text may say."""
    found = set().union(*made.read(split(text)))
    return set(made.numbers(wanted)) <= found


def read(made: Vocabulary, text: str) -> Reading:
    return Reader(made, Units(())).read(text)


def found(text: str, *wordings: str) -> dict[str, Match[str]]:
    """The wordings that stand in a text."""
    made = goods.vocabulary()
    phrases = Phrases([(made.numbers(wording), wording) for wording in wordings])
    return {match.said: match for match in phrases.find(read(made, text).places)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ball-valve, DN50", ["ball", "valve", "dn50"]),
        ("40GHz", ["40", "ghz"]),
        ("7075-T6", ["7075", "t6"]),
        ("EP2C35F484", ["ep2c35f484"]),
        ("1,200.5 Hz", ["1,200.5", "hz"]),
        ("Nakts redzamības ierīce", ["nakts", "redzamības", "ierīce"]),
        ("СТАНОК 5-осевой", ["станок", "5", "осевой"]),
        ("Kühlmittelpumpe", ["kühlmittelpumpe"]),
        ("µm ① ﬁbre", ["μm", "1", "fibre"]),
        ("", []),
        ("---", []),
    ],
)
def test_text_is_split_into_lower_case_words(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "pump", "pumps"),
        ("en", "battery", "batteries"),
        ("en", "axis", "axes"),
        ("lv", "sūknis", "sūkņi"),
        ("lv", "kamera", "kameras"),
        ("ru", "насос", "насосов"),
        ("ru", "самолёт", "самолет"),
        ("de", "Pumpe", "Pumpen"),
        ("de", "Gerät", "Geräte"),
    ],
)
def test_forms_of_one_word_have_one_key(language: str, one: str, other: str) -> None:
    (left,), (right,) = split(one), split(other)
    assert key(left, language) == key(right, language)
    assert key(left, language) in keys(right)


@pytest.mark.parametrize(("one", "other"), [("gas", "ga"), ("lens", "len"), ("T700", "T70")])
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert keys(split(one)[0]) != keys(split(other)[0])


@pytest.mark.parametrize("text", ["насосы", "sūkņi", "Pumpen", "pumps", "PUMP"])
def test_a_word_of_four_languages_stands_for_its_english_one(text: str) -> None:
    assert means(goods.vocabulary("pump"), text, "pump")


def test_a_phrase_of_another_language_stands_for_its_english_words() -> None:
    made = goods.vocabulary("night vision", glossary=(Gloss("ночное видение", "ru", "night vision"),))
    assert means(made, "прибор ночного видения", "night vision")
    assert not means(made, "ночной прибор", "night vision")


@pytest.mark.parametrize(("listed", "written"), [("carbon fibre", "carbon fiber"), ("carbon fiber", "carbon fibre")])
def test_two_spellings_are_one_word_in_texts_and_in_lists(listed: str, written: str) -> None:
    assert means(goods.vocabulary(listed), written, listed)


def test_a_word_written_in_two_is_joined() -> None:
    assert means(goods.vocabulary("turbopump"), "turbo pump", "turbopump")


@pytest.mark.parametrize("written", ["gyroscpe", "gyrosocpe", "gyroscoope"])
def test_a_misspelt_word_is_mended(written: str) -> None:
    assert means(goods.vocabulary("gyroscope"), written, "gyroscope")


@pytest.mark.parametrize(("known", "written"), [("pump", "bump"), ("valve", "value"), ("gyroscope", "periscope")])
def test_short_words_and_other_words_are_not_mended(known: str, written: str) -> None:
    assert not means(goods.vocabulary(known), written, known)


def test_a_known_word_is_never_mended_to_another() -> None:
    assert not means(goods.vocabulary("hexogen", "hexagen"), "hexagen", "hexogen")


def test_a_name_of_a_substance_is_never_mended_to_another() -> None:
    assert not means(goods.vocabulary("phosphorus trichloride"), "phosphorus trifluoride", "trichloride")


def test_a_long_german_word_is_taken_apart() -> None:
    made = goods.vocabulary("vacuum pump", glossary=(*goods.GLOSSARY, Gloss("Vakuum", "de", "vacuum")))
    assert means(made, "Vakuumpumpe", "vacuum pump")


def test_the_order_of_a_glossary_changes_nothing() -> None:
    texts = ["насос", "Pumpe", "fiber", "fibre"]
    one, other = (goods.vocabulary("pump", "fibre", glossary=rows) for rows in (goods.GLOSSARY, goods.GLOSSARY[::-1]))
    assert [[sorted(item) for item in one.read([text])] for text in texts] == [
        [sorted(item) for item in other.read([text])] for text in texts
    ]


def test_a_wording_as_it_stands_counts_in_full() -> None:
    assert found("one ring laser gyro, used", "ring laser gyro")["ring laser gyro"].quality == 1.0


def test_a_wording_in_another_order_or_with_words_between_counts_nearly() -> None:
    assert found("gyro, ring laser", "ring laser gyro")["ring laser gyro"].quality == TURNED
    assert found("ring type laser gyro", "ring laser gyro")["ring laser gyro"].quality == TURNED


def test_a_wording_whose_words_stand_far_apart_counts_half_and_further_apart_not_at_all() -> None:
    between = "blue box red lid green band tag"
    assert found(f"laser {between} gyro", "laser gyro")["laser gyro"].quality == FAR
    assert found(f"laser {between} {between} {between} gyro", "laser gyro") == {}


def test_a_wording_of_which_a_word_is_missing_is_not_found() -> None:
    assert found("ring laser", "ring laser gyro") == {}


def test_a_longer_wording_holds_the_shorter_one() -> None:
    both = found("ring laser gyro mirror", "ring laser gyro", "ring laser gyro mirror")
    short, long = both["ring laser gyro"], both["ring laser gyro mirror"]
    assert short.within(long) and not long.within(short) and not short.within(short)


def test_the_nearest_of_repeated_words_count() -> None:
    match = found("laser, lamp and table, laser gyro", "laser gyro")["laser gyro"]
    assert (match.places, match.quality) == ((4, 5), 1.0)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("gyro", 1.0),
        ("box with gyro", 0.75),
        ("bracket for gyro", 0.45),
        ("box without gyro", 0.0),
        ("no longer a gyro", 0.0),
        ("for gyro", 1.0),
    ],
)
def test_what_a_thing_is_for_counts_less_and_what_it_lacks_not_at_all(text: str, share: float) -> None:
    made = goods.vocabulary("gyro")
    reading = Reader(made, Units(())).read(text)
    expected = pytest.approx(share)
    assert reading.share(reading.places[made.number("gyro")]) == expected


def test_markup_is_taken_away_and_long_text_is_cut() -> None:
    made = goods.vocabulary("gyro")
    assert Reader(made, Units(())).read("<b>gyro</b>&nbsp;x").words == ("gyro", "x")
    long = Reader(made, Units(())).read("gyro " * 400_000)
    assert long.cut and len(long.words) == 600
