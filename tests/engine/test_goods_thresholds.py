"""Thresholds of an entry against what a line says: met, failed or not said; and what frees goods again."""

from typing import Any

import pytest

from policies.engine.classify.knowledge import Threshold
from policies.engine.classify.thresholds import Case
from tests import goods
from tests.goods import threshold

FREQUENCY = threshold("3A225", "output_frequency", ">", "600", "Hz", also_called=("frequency", "частота"))


def cases(rows: Threshold | tuple[Threshold, ...], text: str = "", **attributes: Any) -> list[Case]:
    """The cases of 3A225 with what a description and attributes say of them."""
    made = goods.book(*(rows if isinstance(rows, tuple) else (rows,)))
    said = made.thresholds.said(made.reader.read(text), attributes.items())
    return made.thresholds.cases("3A225", said)


def state(rows: Threshold | tuple[Threshold, ...], text: str = "", **attributes: Any) -> str:
    (case,) = cases(rows, text, **attributes)
    return case.state


def misfits(text: str = "", **attributes: Any) -> tuple[str, ...]:
    made = goods.book(FREQUENCY)
    return made.thresholds.said(made.reader.read(text), attributes.items()).misfits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("frequency converter, output frequency 1 kHz", "met"),
        ("output frequency: 1,200 Hz", "met"),
        ("1 kHz output frequency", "met"),
        ("преобразователь, частота 1 kHz", "met"),
        ("output frequency 400 Hz", "failed"),
        ("output frequency 600 Hz", "failed"),
        ("output frequency 50-1000 Hz", "met"),
        ("output frequency 2 mm", "open"),
        ("frequency converter", "open"),
        ("converter 1 kHz", "open"),
        ("", "open"),
    ],
)
def test_a_named_value_of_the_text_meets_a_threshold_or_does_not(text: str, expected: str) -> None:
    assert state(FREQUENCY, text) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("output_frequency", 1000.0, "met"),
        ("output_frequency", "1000", "met"),
        ("output_frequency", "1 kHz", "met"),
        ("output_frequency", "400", "failed"),
        ("output_frequency_hz", 1000, "met"),
        ("output_frequency_khz", 1, "met"),
        ("output_frequency_khz", 0.4, "failed"),
        ("frequency", 1000, "met"),
        ("Output Frequency", 1000, "met"),
        ("output_frequency", "unknown", "open"),
        ("output_frequency", True, "open"),
        ("output_frequency", "", "open"),
        ("output_frequency", float("nan"), "open"),
        ("output_frequency", float("inf"), "open"),
        ("output_frequency", 10**400, "open"),
        ("colour", "red", "open"),
        ("", 1000, "open"),
    ],
)
def test_an_attribute_meets_a_threshold_in_the_unit_of_its_name(name: str, value: Any, expected: str) -> None:
    assert state(FREQUENCY, **{name: value}) == expected


def test_an_attribute_counts_more_than_the_text() -> None:
    assert state(FREQUENCY, "output frequency 1 kHz", output_frequency=400) == "failed"


@pytest.mark.parametrize(
    ("operator", "value", "states"),
    [
        (">", "600", ("failed", "failed", "met")),
        (">=", "600", ("failed", "met", "met")),
        ("<", "600", ("met", "failed", "failed")),
        ("<=", "600", ("met", "met", "failed")),
        ("between", "600..700", ("failed", "met", "met")),
        ("between", "500..600", ("failed", "met", "failed")),
        ("between", "-40..600", ("met", "met", "failed")),
    ],
)
def test_the_limit_itself_counts_as_the_operator_says(operator: str, value: str, states: tuple[str, ...]) -> None:
    row = threshold("3A225", "output_frequency", operator, value, "Hz")
    assert tuple(state(row, output_frequency=item) for item in (400, 600, 601)) == states


def test_a_limit_that_two_units_write_otherwise_is_the_same_limit() -> None:
    row = threshold("3A225", "accuracy", "<", "1.2", "um")
    assert state(row, accuracy_mm=0.0012) == "failed"
    assert state(row, accuracy_mm=0.00119) == "met"


def test_of_a_range_the_end_counts_that_is_nearer_to_control() -> None:
    low = threshold("3A225", "output_frequency", "<", "600", "Hz")
    assert state(low, "output frequency 50-1000 Hz") == "met"
    assert state(FREQUENCY, "output frequency 50-1000 Hz") == "met"


def test_all_rows_of_a_case_must_hold_and_cases_are_alternatives() -> None:
    power = threshold("3A225", "output_power", ">", "40", "W")
    assert state((FREQUENCY, power), output_frequency=1000, output_power=50) == "met"
    assert state((FREQUENCY, power), output_frequency=1000, output_power=30) == "failed"
    (case,) = cases((FREQUENCY, power), output_frequency=1000)
    assert (case.state, case.begun) == ("open", True)
    other = threshold("3A225", "output_power", ">", "40", "W", case="2")
    assert sorted(item.state for item in cases((FREQUENCY, other), output_frequency=1000, output_power=30)) == [
        "failed",
        "met",
    ]


def test_rows_of_earlier_editions_without_cases_are_alternatives() -> None:
    rows = tuple(threshold("3A225", name, ">", "5", "kg", case="") for name in ("net_mass", "gross_mass"))
    assert [item.state for item in cases(rows, net_mass=6)] == ["met", "open"]


def test_what_frees_goods_stands_apart_from_what_controls_them() -> None:
    free = threshold("3A225", "for_motor_control", "is", "yes", role="release")
    found = {case.role: case.state for case in cases((FREQUENCY, free), output_frequency=1000, for_motor_control=True)}
    assert found == {"threshold": "met", "release": "met"}


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "met"), ("yes", "met"), ("Yes ", "met"), (False, "failed"), ("no", "failed")]
)
def test_yes_and_no_answer_a_fact(value: Any, expected: str) -> None:
    assert state(threshold("3A225", "radiation_hardened", "is", "yes"), radiation_hardened=value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("radiation hardened processor", "met"),
        ("processor, not radiation hardened", "failed"),
        ("processor", "open"),
        ("hardened radiation", "met"),
    ],
)
def test_a_fact_is_read_in_the_text_where_its_name_stands(text: str, expected: str) -> None:
    assert state(threshold("3A225", "radiation_hardened", "is", "yes"), text) == expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("valve, nickel alloy", "", "met"),
        ("valve", "Tantalum", "met"),
        ("valve", "nickel alloy 200", "met"),
        ("valve", "brass", "failed"),
        ("brass valve", "", "open"),
    ],
)
def test_a_material_is_one_of_those_accepted(text: str, value: str, expected: str) -> None:
    row = threshold("3A225", "wetted_material", "is", "nickel alloy|tantalum")
    assert state(row, text, **({"wetted_material": value} if value else {})) == expected


def test_a_count_of_axes_needs_no_name() -> None:
    row = threshold("3A225", "axes", ">=", "5", "axes", also_called=("number of axes",))
    assert state(row, "machining centre, 5 axes") == "met"
    assert state(row, "3-axis machining centre") == "failed"


def test_a_unit_that_does_not_fit_its_parameter_is_told_and_not_compared() -> None:
    (said,) = misfits(output_frequency_kg=5)
    assert said == (
        "The value “5 kg” does not fit output frequency, which is measured in Hz; it was not compared. "
        "Give it in that unit."
    )
    assert state(FREQUENCY, output_frequency_kg=5) == "open"
    assert misfits(output_frequency="5 kg") != ()


@pytest.mark.parametrize("value", [1000, "1 kHz", "unknown", True, ""])
def test_a_unit_that_fits_or_is_missing_is_no_misfit(value: Any) -> None:
    assert misfits(output_frequency=value) == ()


def test_one_row_may_stand_for_two_entries() -> None:
    made = goods.book(threshold("3A225/3A226", "output_frequency", ">", "600", "Hz"))
    said = made.thresholds.said(made.reader.read(""), [("output_frequency", 1000)])
    assert [case.state for top in ("3A225", "3A226") for case in made.thresholds.cases(top, said)] == ["met", "met"]
    assert made.thresholds.cases("3A227", said) == []
