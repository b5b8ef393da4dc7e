"""Grades, types and part numbers in a text, and words that a text has in common with an entry."""

import pytest

from policies.engine.classify.designations import Designations
from policies.engine.classify.knowledge import Designation
from tests import goods
from tests.goods import classified, entry, term


def found(text: str, *patterns: str) -> dict[str, str]:
    """What of a text stands for which pattern."""
    rows = Designations(Designation(pattern, "a grade", "is") for pattern in patterns)
    return {item.text: item.row.pattern for item in rows.find(text)}


@pytest.mark.parametrize(
    ("text", "pattern", "written"),
    [
        ("Carbon fibre T700, 12K", "T700*", "T700"),
        ("carbon fibre T700SC-12000", "T700*", "T700SC-12000"),
        ("T 700 tow", "T700*", "T 700"),
        ("plate 7075-T6, 20 mm", "7075-T6", "7075-T6"),
        ("plate 7075 T6", "7075-T6", "7075 T6"),
        ("plate 7075T6", "7075-T6", "7075T6"),
        ("FPGA EP2C35F484C6N", "EP2C##*", "EP2C35F484C6N"),
        ("ep2c35", "EP2C##*", "ep2c35"),
        ("SS 316L pipe", "SS316L", "SS 316L"),
        ("maraging steel", "maraging", "maraging"),
    ],
)
def test_a_grade_is_found_however_it_is_hyphenated(text: str, pattern: str, written: str) -> None:
    assert found(text, pattern) == {written: pattern}


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("T70", "T700*"),
        ("AT700", "T700*"),
        ("EP2CX", "EP2C##*"),
        ("7075-T651", "7075-T6"),
        ("", "T700*"),
        ("T-shirt", "T*"),
        ("AB", "AB"),
    ],
)
def test_another_grade_or_too_little_of_one_is_not_found(text: str, pattern: str) -> None:
    assert found(text, pattern) == {}


def test_what_may_end_a_grade_takes_in_no_further_words() -> None:
    assert found("T700 prepreg tow", "T700*") == {"T700": "T700*"}
    assert found("SA bolts", "SA*") == {}
    assert found("EP2C 35F484", "EP2C##*") == {"EP2C 35F484": "EP2C##*"}


def test_of_several_patterns_the_longest_counts() -> None:
    assert found("T700SC", "T7*", "T700*", "T700SC") == {"T700SC": "T700SC"}


def test_signs_of_patterns_of_other_kinds_stand_for_themselves() -> None:
    assert found("A(1+2)", "A(1+2)") == {}
    assert found("AB12", "AB.*") == {"AB12": "AB.*"}
    assert found("A[BC]12", "A[B*") == {}


def test_a_grade_brings_the_values_that_it_stands_for() -> None:
    rows = goods.index(
        entry("1C010", "Fibrous materials"),
        term("1C010", "carbon fibre", "often"),
        goods.threshold("1C010", "tensile_frequency", ">", "600", "Hz"),
        Designation("T700*", "strong carbon fibre", "often", ("1C010",), (("tensile_frequency", "1 kHz"),)),
    )
    (best, *_) = classified(rows, "T700 spool").candidates
    kinds = {item.kind for item in best.evidence}
    assert best.code == "1C010" and {"grade", "parameter"} <= kinds


def test_a_grade_that_stays_below_speaks_against_its_code() -> None:
    rows = goods.index(
        entry("1C010", "Fibrous materials"),
        term("1C010", "carbon fibre", "is"),
        Designation("T300", "standard fibre", "not", ("1C010",)),
    )
    (with_grade,) = classified(rows, "carbon fibre T300").candidates
    (without,) = classified(rows, "carbon fibre X300").candidates
    assert with_grade.score < without.score
    assert any(item.kind == "grade" and item.points < 0 for item in with_grade.evidence)


def test_the_entry_with_more_of_the_words_of_a_text_is_more_alike() -> None:
    made = goods.book(
        entry("1A001", "Fluorinated seals for aircraft"),
        entry("2A001", "Bearings of ceramic balls"),
        entry("3A001", "Integrated circuits for space"),
    )
    alike = made.similar.find(made.reader.read("ceramic bearings"))
    assert set(alike) == {"2A001"}
    both = made.similar.find(made.reader.read("ceramic balls and seals"))
    assert both["2A001"] > both["1A001"] > 0


def test_a_text_with_nothing_in_common_is_like_no_entry() -> None:
    made = goods.book(entry("1A001", "Fluorinated seals"))
    for text in ("", "wooden chairs", "12345", "🙂"):
        assert made.similar.find(made.reader.read(text)) == {}


def test_words_of_what_goods_are_for_are_less_alike() -> None:
    made = goods.book(entry("1A001", "Fluorinated seals"), entry("2A001", "Bearings"))
    plain, purpose = (made.similar.find(made.reader.read(text)) for text in ("box seals", "box for seals"))
    assert plain["1A001"] > purpose["1A001"]


def test_an_index_without_rows_is_like_nothing() -> None:
    made = goods.book()
    assert made.similar.find(made.reader.read("seals")) == {}
