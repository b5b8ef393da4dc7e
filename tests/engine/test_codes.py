"""Control codes are read as people write them, and nothing else is taken for a code."""

import pytest

from policies.engine.classify.codes import normalise, parents, within


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5A002.a.1", "5A002.a.1"),
        ("5a2a1", "5A002.a.1"),
        ("5A002 A 1", "5A002.a.1"),
        ("ECCN 3A001", "3A001"),
        ("3A001.", "3A001"),
        ("1C350.46", "1C350.46"),
        ("ML10c", "ML10.c"),
        ("ml 10.c", "ML10.c"),
        ("UK ML5", "ML5"),
        ("b4", "B4"),
        ("AMMO", "AMMO"),
        ("at-iii-2.1", "AT-III-2.1"),
        ("AT-II", "AT-II"),
        ("10A905", "10A905"),
        ("LV 10A905", "10A905"),
        ("DE 5A902", "5A902"),
        ("EAR99", "EAR99"),
    ],
)
def test_a_code_has_one_form(written: str, code: str) -> None:
    assert normalise(written) == code
    assert normalise(code) == code


@pytest.mark.parametrize(
    "text", ["", "screwdriver", "ML23", "ML0", "C8", "A0", "5F002", "12345", "AT-V-1", "-", "3A001<script>"]
)
def test_what_is_no_code_has_no_form(text: str) -> None:
    assert normalise(text) == ""


def test_parents_lead_from_the_exact_code_to_its_entry() -> None:
    assert parents("5A002.a.1") == ("5A002.a.1", "5A002.a", "5A002")
    assert parents("AT-III-2.1") == ("AT-III-2.1", "AT-III")


def test_a_code_is_within_its_parents_only() -> None:
    assert within("1C350.46", "1C350")
    assert not within("1C350.4", "1C350.46")
    assert not within("5A002", "5A002.a")
