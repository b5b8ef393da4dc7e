"""What people are told of a line that cannot be read as it is: each bad input has a sentence, and none is silent."""

from datetime import date
from typing import Any

import pytest

from policies.engine.classify.notes import cas_valid
from policies.engine.lists import Chemical
from tests.goods import classified, entry, index, term, threshold

GOODS = index(
    entry("3A001", "Electronic items"),
    entry("3A225", "Frequency changers"),
    entry("3A504", "Dilution refrigerators", valid_from=date(2025, 11, 15)),
    entry("5A001", "Telecommunications", valid_to=date(2024, 12, 31)),
    entry("ML7", "Chemical agents", family="military"),
    entry("ML10", "Aircraft", family="military"),
    term("3A504", "dilution refrigerator"),
    threshold("3A225", "output_frequency", ">", "600", "Hz"),
    chemicals=(Chemical("1C350.1", "Thiodiglycol", cas="111-48-8"),),
    pointers={"1C350.4": "ML7.c"},
)
FINE = "dilution refrigerator"


def notes(description: str = FINE, **more: Any) -> str:
    return " ".join(classified(GOODS, description, **more).notes)


def test_a_line_that_can_be_read_needs_no_note() -> None:
    assert notes(control_code="3A504", hs_code="841869", cas_number="111-48-8") == ""


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("", "The description is empty"),
        ("   \n\t", "The description is empty"),
        ("0000000", "holds no words"),
        ("12 34-56 / 78", "holds no words"),
        ("!!! ???", "holds no words"),
        ("qwrtz", "No word of the description is known to any list"),
        ("<b>dilution</b> refrigerator", "holds markup (HTML)"),
        ("<script>alert(1)</script> dilution refrigerator", "holds markup (HTML)"),
        ("dilution refrigerator " * 100_000, "The description is very long; only its beginning was classified"),
    ],
    ids=lambda text: text[:20],
)
def test_a_description_that_says_too_little_is_told(description: str, sentence: str) -> None:
    assert sentence in notes(description)


def test_of_two_megabytes_the_beginning_still_counts() -> None:
    found = classified(GOODS, "dilution refrigerator " + "x" * 2_000_000)
    assert "The description is very long" in " ".join(found.notes)
    assert "3A504" in [item.code for item in found.candidates]


def test_a_sign_of_less_than_is_no_markup() -> None:
    assert notes("dilution refrigerator, < 10 mK and > 5 mK") == ""


@pytest.mark.parametrize(
    ("hs", "sentence"),
    [
        ("8418", "The HS code 8418 has four digits"),
        ("841869", ""),
        ("84186900", ""),
        ("8418690099", ""),
        ("84186", "should have 4, 6, 8 or 10 digits"),
        ("84", "should have 4, 6, 8 or 10 digits"),
        ("8418.69", "should have 4, 6, 8 or 10 digits"),
        ("fridge", "should have 4, 6, 8 or 10 digits"),
        ("771234", "is of no chapter of the Harmonised System"),
        ("001234", "is of no chapter of the Harmonised System"),
        ("99" + "1" * 100, "should have 4, 6, 8 or 10 digits"),
        ("²²²²", "should have 4, 6, 8 or 10 digits"),
        ("٨٤١٨", ""),
    ],
)
def test_a_customs_code_is_told_by_its_length_and_chapter(hs: str, sentence: str) -> None:
    found = notes(hs_code=hs)
    assert sentence in found
    assert bool(found) is bool(sentence) or hs == "٨٤١٨"


@pytest.mark.parametrize(
    ("cas", "sentence"),
    [
        ("111-48-8", ""),
        ("111-48-9", "is mistyped: its check digit does not fit"),
        ("11148-8", "is mistyped"),
        ("thiodiglycol", "is mistyped"),
        ("50-00-0", "is on no list of chemicals here"),
    ],
)
def test_a_cas_number_is_told_by_its_check_digit(cas: str, sentence: str) -> None:
    assert sentence in notes(cas_number=cas)
    assert bool(notes(cas_number=cas)) is bool(sentence)


@pytest.mark.parametrize("cas", ["50-00-0", "7732-18-5", "7719-09-7", " 64-17-5 "])
def test_cas_numbers_of_known_substances_are_valid(cas: str) -> None:
    assert cas_valid(cas)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("EAR99", "EAR99 is a designation of the United States"),
        ("5A992.c", "5A992.c is a designation of the United States"),
        ("ECCN 3A001", "was read as 3A001 of the Union's lists; another state's list may differ"),
        ("UK ML10", "was read as ML10 of the Union's lists"),
        ("screwdriver", "is no code of any list here"),
        ("3A504", ""),
        ("ML10.c", ""),
        ("", ""),
        ("1C350.4", "1C350.4 points to ML7.c; the line was judged as ML7.c"),
        ("5A001", "5A001 was listed until 2024-12-31"),
    ],
)
def test_a_code_of_another_list_or_time_is_told(code: str, sentence: str) -> None:
    found = notes(control_code=code)
    assert sentence in found
    assert bool(found) is bool(sentence)


def test_a_code_is_told_from_when_it_is_listed() -> None:
    assert "3A504 is listed only from 2025-11-15" in notes(control_code="3A504", on=date(2025, 11, 14))
    assert notes(control_code="3A504", on=date(2025, 11, 15)) == ""


@pytest.mark.parametrize("code", ["3A777", "3A777.a", "ML19", "UK ML"])
def test_a_code_that_no_list_holds_is_never_passed_over_in_silence(code: str) -> None:
    found = classified(GOODS, FINE, control_code=code)
    assert found.unknown_code or found.notes


def test_a_value_in_a_unit_that_does_not_fit_is_told() -> None:
    found = notes(attributes=(("output_frequency_kg", 5.0),))
    assert "does not fit output frequency, which is measured in Hz" in found


def test_each_sentence_stands_once() -> None:
    found = classified(GOODS, "", control_code="screwdriver", hs_code="1", cas_number="1", attributes=()).notes
    assert len(found) == len(set(found)) == 4
