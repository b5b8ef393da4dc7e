"""The shipped lists that say how goods are named and measured: enough of them, and nothing that points nowhere."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pint
import pytest

from policies import pack
from policies.engine.classify import designations
from policies.engine.classify.codes import begins, normalise, parents
from policies.engine.classify.quantities import Units
from policies.engine.classify.words import key, split
from policies.engine.read_goods import unit

LEAST_TERMS = 10
LEAST_CONCEPTS = 150
# Words that stand on any invoice: alone none of them says that goods are listed.
EVERYDAY = {
    "en": """
        pump valve bearing motor engine sensor camera drone laser filter switch cable battery helmet vest
        knife rope tube pipe wire powder plate tank mask glove ship boat aircraft helicopter oven furnace
        mixer reactor router modem radio antenna receiver transmitter computer software chip processor
        amplifier robot lathe press gauge scale lens mirror glass fibre steel aluminium titanium nickel
        graphite oil gas acid salt harpoon arrow shield armour truck trailer parachute compass telescope
        microscope oscilloscope generator converter transformer capacitor resistor display keyboard printer
        scanner machine tool device equipment system unit kit set part spare material
    """,
    "de": """
        Pumpe Ventil Lager Motor Sensor Kamera Drohne Laser Filter Schalter Kabel Batterie Helm Weste Messer
        Rohr Draht Pulver Platte Maske Schiff Flugzeug Ofen Mischer Reaktor Antenne Rechner Verstärker Roboter
        Presse Linse Spiegel Glas Faser Stahl Titan Nickel Maschine Werkzeug Gerät Anlage Teil
    """,
    "ru": """
        насос клапан подшипник двигатель мотор датчик камера дрон лазер фильтр кабель батарея шлем жилет нож
        труба порошок маска судно самолёт вертолёт печь реактор антенна компьютер усилитель робот станок пресс
        линза зеркало стекло волокно сталь титан никель машина прибор устройство деталь
    """,
    "lv": """
        sūknis vārsts gultnis dzinējs motors sensors kamera drons lāzers filtrs kabelis akumulators ķivere
        veste nazis caurule pulveris maska kuģis lidmašīna helikopters krāsns reaktors antena dators
        pastiprinātājs robots prese lēca spogulis stikls šķiedra tērauds titāns niķelis mašīna ierīce iekārta
        detaļa
    """,
}


@cache
def rows(kind: str) -> tuple[dict[str, str], ...]:
    """All rows of one kind of lists, those of YAML files left out."""
    return tuple(dict(row) for edition in pack.editions().values() if edition.kind == kind for row in edition.rows)


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


@cache
def codes() -> frozenset[str]:
    return frozenset(row["code"] for row in rows("goods"))


def listed(code: str) -> bool:
    """Whether a code is one of a list, or stands below one, in the form that lists write."""
    return normalise(code) == code and any(above in codes() for above in parents(code))


def wordings() -> Iterator[tuple[str, str]]:
    """Every wording that finds an entry, with its code."""
    for kind, column in (("goods_terms", "term"), ("phrases", "phrase"), ("chemical_names", "name")):
        yield from ((row["code"], row[column]) for row in rows(kind))
    for row in rows("goods"):
        yield from ((row["code"], keyword) for keyword in parts(row["keywords"]))
    for kind, column in (("chemicals", "name"), ("agents", "agent")):
        yield from ((row["code"], row[column]) for row in rows(kind) if row["code"])


def test_every_physical_entry_can_be_found_by_ten_wordings() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for code, wording in wordings():
        for above in parents(code):
            found[above].add(" ".join(split(wording)))
    physical = [
        row["code"]
        for row in rows("goods")
        if row["family"] == "military" or (row["family"] == "annex_i" and row["group"] in ("A", "B", "C"))
    ]
    assert len(physical) > 300
    assert {code: len(found[code]) for code in physical if len(found[code]) < LEAST_TERMS} == {}


def test_concepts_are_named_in_four_languages() -> None:
    concepts = rows("synonyms")
    assert [row["concept"] for row in concepts if not all(parts(row[name]) for name in ("en", "lv", "ru", "de"))] == []
    assert len(concepts) >= LEAST_CONCEPTS


def test_every_unit_of_a_threshold_is_known() -> None:
    units = Units(unit(row) for row in rows("units"))
    assert {row["unit"] for row in rows("parameters") if row["unit"] and not units.find(row["unit"])} == set()


def test_every_unit_agrees_with_pint() -> None:
    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    bases: dict[str, set[str]] = defaultdict(set)
    wrong = []
    for row in rows("units"):
        if not row["pint"]:
            continue
        meant = registry.Quantity(registry.parse_expression(row["pint"]))
        zero, one = (registry.Quantity(size * meant.magnitude, meant.units).to_base_units() for size in (0.0, 1.0))
        bases[row["quantity"]].add(str(one.dimensionality))
        factor, offset = one.magnitude - zero.magnitude, zero.magnitude
        fits = math.isclose(factor, float(row["factor"]), rel_tol=1e-6)
        if not fits or abs(offset - float(row["offset"] or 0)) > 1e-6:
            wrong.append((row["spelling"], row["factor"], row["offset"], factor, offset))
    assert wrong == []
    assert {quantity: found for quantity, found in bases.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        *[(kind, "code") for kind in ("goods_terms", "phrases", "chemical_names", "parameters", "relations")],
        *[("designations", "codes"), ("synonyms", "codes")],
    ],
)
def test_every_code_is_one_of_a_list(kind: str, column: str) -> None:
    named = {code for row in rows(kind) for code in parts(row[column].replace("/", "|"))}
    assert {code for code in named if not listed(code)} == set()


@pytest.mark.parametrize(("kind", "column"), [("relations", "of"), ("ordinary_goods", "spares")])
def test_every_beginning_of_codes_is_one_of_a_list(kind: str, column: str) -> None:
    named = {code for row in rows(kind) for code in parts(row[column])} - {"*"}
    assert {code for code in named if not listed(code) and not any(begins(one, code) for one in codes())} == set()


def test_no_everyday_word_alone_says_that_goods_are_listed() -> None:
    everyday = {(language, key(word.lower(), language)) for language, text in EVERYDAY.items() for word in text.split()}
    alone = [(row, split(row["term"])) for row in rows("goods_terms") if row["says"] == "is"]
    found = [
        (row["code"], row["term"])
        for row, said in alone
        if len(said) == 1 and (row["language"], key(said[0], row["language"])) in everyday
    ]
    assert found == []


def test_every_designation_begins_with_something_to_look_for() -> None:
    assert [row["pattern"] for row in rows("designations") if not designations.usable(row["pattern"])] == []


def test_every_threshold_asks_a_question_and_names_a_case() -> None:
    found = [
        (row["code"], row["parameter"])
        for row in rows("parameters")
        if not row["question"].strip().endswith("?") or not row["case"].strip()
    ]
    assert found == []


def test_a_wording_is_not_both_of_listed_and_of_ordinary_goods() -> None:
    ordinary = {
        (row["language"], *split(row["term"]))
        for row in rows("ordinary_goods")
        if row["says"] == "goods" and not parts(row["spares"])
    }
    sure = {(row["language"], *split(row["term"])) for row in rows("goods_terms") if row["says"] == "is"}
    assert sure & ordinary == set()


def test_every_list_says_where_its_facts_come_from_and_of_which_day() -> None:
    assert [info.id for info in pack.catalogue() if not info.source or not info.as_of or not info.confidence] == []


def test_the_numbers_of_a_threshold_have_a_decimal_point_and_no_unit() -> None:
    number = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
    for row in rows("parameters"):
        sides = row["value"].split("..") if row["operator"] == "between" else [row["value"]]
        assert row["operator"] == "is" or all(number.fullmatch(side) for side in sides), row
