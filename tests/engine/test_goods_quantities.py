"""Numbers with units as invoices write them, and what an attribute of a line is in the base of its quantity."""

import pytest

from policies.engine.classify.quantities import attribute, number
from tests import goods


def read(text: str) -> list[tuple[float, str]]:
    return [(pytest.approx(item.value), item.quantity) for item in goods.units().read(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200.0),
        ("1,200", 1200.0),
        ("1.200,5", 1200.5),
        ("1,200.5", 1200.5),
        ("1 200 000", 1_200_000.0),
        ("1\u00a0200,5", 1200.5),
        ("1'200", 1200.0),
        ("1,200,000", 1_200_000.0),
        ("1.200.000", 1_200_000.0),
        ("0,800", 0.8),
        ("0.125", 0.125),
        ("0,8", 0.8),
        ("1.200", 1.2),
    ],
)
def test_thousands_are_separated_in_both_styles(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value)


def test_a_doubtful_number_is_read_as_its_text_writes_decimals() -> None:
    assert number("1,200") == 1200.0
    assert number("1,200", european=True) == pytest.approx(1.2)
    assert read("1,200 Hz") == [(1200.0, "frequency")]
    assert read("Hub 2,5 mm, 1,200 mm") == [(0.0025, "length"), (0.0012, "length")]


@pytest.mark.parametrize(
    ("text", "value", "quantity"),
    [
        ("machining centre, 5 axes", 5.0, "count_axes"),
        ("5-axis machining centre", 5.0, "count_axes"),
        ("repeatability 1.2 um", 1.2e-6, "length"),
        ("1.2 µm", 1.2e-6, "length"),
        ("40GHz analyzer", 4e10, "frequency"),
        ("анализатор 40 ГГц", 4e10, "frequency"),
        ("точность 1,2 мкм", 1.2e-6, "length"),
        ("дальность 300км", 3e5, "length"),
        ("pump 2 200 L/s", 2.2, "volume_flow"),
        ("20 g rms", 196.133, "acceleration"),
        ("20 °C", 293.15, "temperature"),
        ("purity 99.5%", 0.995, "ratio"),
        ("(300 km)", 3e5, "length"),
        ("300 km.", 3e5, "length"),
        (">300 km", 3e5, "length"),
    ],
)
def test_a_number_with_a_unit_is_read_into_the_base_of_its_quantity(text: str, value: float, quantity: str) -> None:
    assert read(text) == [(value, quantity)]


@pytest.mark.parametrize("text", ["1-40 GHz", "1 - 40 GHz", "1..40 GHz", "1 to 40 GHz", "1 до 40 ГГц", "1 bis 40 GHz"])
def test_both_ends_of_a_range_have_its_unit(text: str) -> None:
    assert sorted(item.value for item in goods.units().read(text)) == [1e9, 4e10]


def test_case_counts_where_it_makes_another_unit() -> None:
    assert read("5 mW and 5 MW") == [(0.005, "power"), (5e6, "power")]
    assert read("5 Mw") == []
    assert read("5 GHZ") == [(5e9, "frequency")]


@pytest.mark.parametrize("text", ["", "GHz", "model 40", "v1.2.3", "DN50", "part 4711-08", "2024-01-05", "7075-T6"])
def test_numbers_without_a_unit_are_none(text: str) -> None:
    assert read(text) == []


def test_a_description_of_nothing_but_numbers_is_read_to_an_end() -> None:
    assert len(goods.units().read("5 mm " * 5_000)) <= 80


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1200, "Hz", (1200.0, "frequency")),
        (1.2, "kHz", (1200.0, "frequency")),
        ("1,200", "Hz", (1200.0, "frequency")),
        ("1.2 kHz", "", (1200.0, "frequency")),
        ("1.2 kHz", "Hz", (1200.0, "frequency")),
        (20, "°C", (293.15, "temperature")),
        (1200, "", None),
        (1200, "furlong", None),
        ("many", "Hz", None),
        (True, "Hz", None),
        (None, "Hz", None),
    ],
)
def test_an_attribute_has_the_unit_of_its_text_or_of_its_name(
    value: object, unit: str, expected: tuple[float, str] | None
) -> None:
    found = attribute(value, unit, goods.units())
    assert found == (expected and (pytest.approx(expected[0]), expected[1]))
