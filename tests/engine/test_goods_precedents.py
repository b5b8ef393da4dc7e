"""What earlier classifications are found by: part numbers, rare words in any language, the state of the list entry."""

from datetime import date
from typing import Any

import pytest

from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Designation
from policies.engine.classify.precedents import entry_digest, keys, likeness, part_numbers
from policies.engine.lists import Chemical
from tests.goods import book, entry, index, term, threshold

WORDS = (
    entry("2B350", "Chemical manufacturing pump"),
    entry("3A225", "Frequency changers"),
    entry("6A005", "Laser for cutting"),
    term("2B350", "diaphragm pump"),
    term("3A225", "frequency changer"),
    term("6A005", "fibre laser"),
)
BOOK = book(*WORDS)


def held(*rows: Any, chemicals: tuple[Chemical, ...] = ()) -> GoodsIndex:
    return index(entry("3A225", "Frequency changers"), entry("5A002", "Other"), *rows, chemicals=chemicals)


# The digest of an entry


@pytest.mark.parametrize(
    "changed",
    [
        index(entry("3A225", "Frequency changers of another kind")),
        index(entry("3A225", "Frequency changers", valid_to=date(2026, 1, 1))),
        index(entry("3A225", "Frequency changers"), entry("3A225.b", "Of more than 600 Hz")),
        index(entry("3A225", "Frequency changers"), threshold("3A225", "output_frequency", ">", "600", "Hz")),
        held(chemicals=(Chemical("3A225.b", "Substance", cas="111-48-8", threshold_party=30.0),)),
    ],
)
def test_the_digest_changes_with_the_entry_what_stands_above_it_and_its_thresholds(changed: GoodsIndex) -> None:
    assert entry_digest(held(), "3A225.b") != entry_digest(changed, "3A225.b")


SUB = entry("3A225.b", "Of more than 600 Hz")
LIMIT = threshold("3A225.b", "output_frequency", ">", "600", "Hz")


@pytest.mark.parametrize(
    "changed",
    [
        held(entry("3A225.b", "Of more than 300 Hz"), LIMIT),
        held(SUB, LIMIT, entry("3A225.c", "New")),
        held(SUB, threshold("3A225.b", "output_frequency", ">", "300", "Hz")),
        held(SUB, LIMIT, threshold("3A225.b.1.a", "output_power", ">", "40", "W")),
        held(SUB, LIMIT, chemicals=(Chemical("3A225.b", "Substance", cas="111-48-8"),)),
        held(LIMIT),
    ],
)
def test_the_digest_of_a_whole_entry_changes_with_whatever_stands_below_it(changed: GoodsIndex) -> None:
    before = held(SUB, LIMIT)
    assert entry_digest(before, "3A225") != entry_digest(changed, "3A225")
    assert entry_digest(before, "5A002") == entry_digest(changed, "5A002")


def test_what_stands_beside_a_sub_entry_or_is_a_wording_of_one_leaves_the_digest_alone() -> None:
    before = held(SUB, LIMIT)
    assert entry_digest(before, "3A225.b") == entry_digest(held(SUB, LIMIT, entry("3A225.c", "New")), "3A225.b")
    worded = held(SUB, LIMIT, term("3A225.b", "fast inverter"), term("3A225", "inverter"))
    assert entry_digest(before, "3A225") == entry_digest(worded, "3A225")


def test_the_national_entry_for_all_others_changes_with_those_that_it_holds() -> None:
    others, more = index(entry("10A9xx")), index(entry("10A9xx"), entry("10A905", "Drones"))
    assert entry_digest(others, "10A9xx") != entry_digest(more, "10A9xx")


def test_another_entry_a_search_word_or_a_new_edition_leaves_the_digest_alone() -> None:
    same = index(
        entry("3A225", "Frequency changers", keywords=("inverter",), hs=("850440",), version="2026-02"),
        entry("5A002", "Quite another text"),
        threshold("5A002", "key_length", ">", "56"),
    )
    assert entry_digest(held(), "3A225.b") == entry_digest(same, "3A225.b") != ""


def test_a_code_that_no_list_ever_held_has_no_digest() -> None:
    assert (entry_digest(held(), "9A999"), entry_digest(held(), "")) == ("", "")


# Part numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Valve KX-4410/B with seat", ("kx4410b",)),
        ("valve kx 4410 B, type KX4410B", ("kx4410b",)),
        ("FPGA EP2C35F484 and EP2C35F484", ("ep2c35f484",)),
        ("40GHz 5-axis 1200mm M8 ISO9001 IP67 A1 2025", ()),
        ("under 5A002.a.1, ML10.c", ()),
        ("", ()),
    ],
)
def test_letters_mixed_with_digits_are_part_numbers_and_measures_standards_and_codes_are_none(
    text: str, found: tuple[str, ...]
) -> None:
    assert part_numbers(text) == found


def test_a_book_adds_the_designations_that_it_knows() -> None:
    known = book(*WORDS, Designation("T7##", "carbon fibre", "often", ("1C010",)))
    assert part_numbers("tow T 700") == ()
    assert part_numbers("tow T 700", book=known) == ("t700",)


# Likeness


def test_the_same_goods_are_alike_in_whatever_language_and_others_are_not() -> None:
    assert likeness(BOOK, "diaphragm pump", "diaphragm pump") == 1.0
    assert likeness(BOOK, "Membran Pumpe", "membran насос") == pytest.approx(1.0)
    assert likeness(BOOK, "diaphragm pump for acid", "frequency changer") == 0.0
    assert 0.0 < likeness(BOOK, "diaphragm pump", "centrifugal pump") < 0.9
    assert likeness(BOOK, "", "") == 0.0


def test_units_and_what_is_denied_make_nothing_alike() -> None:
    assert likeness(BOOK, "gauge 10 GHz", "lamp 16 GHz") == likeness(BOOK, "lamp, not a laser", "fibre laser") == 0.0


def test_substances_that_end_alike_are_not_alike() -> None:
    known = book(*WORDS, term("1C350", "diethanol"), term("1C350", "triethyl"), term("1C350", "amin"))
    assert likeness(known, "Triethylamin 99", "Diethanolamin") == 0.0
    assert likeness(known, "Diethanolamine", "Diethanolamin") == 1.0


def test_what_is_counted_is_no_unit() -> None:
    assert likeness(BOOK, "2 pump", "Pumps") == 1.0


def test_a_description_of_two_million_characters_is_read_in_part() -> None:
    text = "KX-4410/B " + "x1y2 " * 400_000 + "ZZ99ZZ"
    assert part_numbers(text, book=BOOK) == ("kx4410b", "x1y2")
    assert len(keys(BOOK, text)) <= 2


def test_likeness_is_the_same_from_either_side() -> None:
    left, right = "fiber laser 4 kW with chiller", "Fibre laser"
    assert likeness(BOOK, left, right) == likeness(BOOK, right, left)


def test_keys_are_stems_that_another_process_and_another_language_find_again() -> None:
    assert "e:pump" in keys(BOOK, "Sūkņi un pumps 12 kW") and "e:pump" in keys(book(*reversed(WORDS)), "насосы")
    assert set(keys(BOOK, "diaphragm pumps")) == set(keys(book(*reversed(WORDS)), "pump, diaphragm"))
    assert keys(BOOK, "12 40 9") == ()
