"""Whatever somebody writes into a line, it is classified: no text, code, number or attribute makes it fail."""

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.classify.card import card
from policies.engine.classify.codes import normalise
from policies.engine.classify.explain import explained
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Designation, Ordinary, Relation
from policies.engine.classify.lines import classify
from policies.engine.classify.quantities import number
from policies.engine.lists import Chemical
from tests import goods
from tests.goods import TODAY, entry, index, line, term, threshold


@cache
def rows() -> GoodsIndex:
    return index(
        entry("3A225", "Frequency changers", hs=("850440",)),
        entry("3A504", "Dilution refrigerators", keywords=("dilution refrigerator", "cryostat")),
        entry("3D001", "Software", group="D", intangible=True),
        entry("ML10", "Aircraft", family="military"),
        term("3A225", "frequency changer", "often"),
        term("3A225", "преобразователь частоты", "often", "ru"),
        threshold("3A225", "output_frequency", ">", "600", "Hz", also_called=("frequency",)),
        threshold("3A225", "rotor_material", "is", "maraging steel|aluminium", case="2"),
        threshold("3A225", "axes", ">=", "5", "axes", case="3"),
        threshold("3A225", "temperature", "between", "-40..85", "°C", role="release"),
        Ordinary("kitchen refrigerator", "goods"),
        Ordinary("for household use", "context", "en", ("3A504",)),
        Designation("EP2C##*", "programmable chip", "may", ("3A225",), (("frequency", "1 kHz"),)),
        Relation("3D001", "software", ("3A2",)),
        chemicals=(Chemical("1C350.1", "Thiodiglycol", cas="111-48-8", threshold_party=30.0),),
        pointers={"1C350.4": "ML7.c"},
    )


WORDS = st.sampled_from(
    [
        *("frequency", "changer", "преобразователь", "частоты", "5", "axes", "1,200.5", "kHz", "not", "for", "without"),
        *("EP2C35", "<b>", "&nbsp;", "-", "refrigerator", "kitchen", "EP2C", "1..2", "1-40 GHz", "7075-T6", "\x00"),
    ]
)
TEXT = st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join))
CODE = st.one_of(st.text(max_size=20), st.from_regex(r"[0-9][A-E][0-9]{1,3}(\.[a-z0-9]){0,3}", fullmatch=True))
NAME = st.one_of(
    st.text(max_size=30), st.sampled_from(["output_frequency", "output_frequency_kg", "axes", "temperature"])
)
VALUE = st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.integers(), st.just(10**400))
LINES = st.builds(
    line,
    TEXT,
    control_code=st.one_of(CODE, st.sampled_from(["EAR99", "UK ML", "1C350.4", "ML10c", "3D001"])),
    hs_code=st.one_of(st.text(max_size=12), st.from_regex(r"[0-9]{1,12}", fullmatch=True)),
    cas_number=st.one_of(st.text(max_size=12), st.just("111-48-8")),
    concentration_percent=st.one_of(st.none(), st.floats()),
    intangible=st.booleans(),
    attributes=st.lists(st.tuples(NAME, VALUE), max_size=5).map(tuple),
)


@settings(deadline=None)
@given(LINES)
def test_every_line_is_classified_and_explained(item: Any) -> None:
    found = classify(item, rows(), on=TODAY)
    assert all(0.0 <= candidate.score <= 1.0 for candidate in found.candidates)
    assert all(isinstance(sentence, str) and sentence for sentence in found.notes)
    made = card(item, found, rows(), note=0.3)
    assert {pair.verdict for pair in made.pairs} <= {"agree", "disagree", "open"}
    assert explained(found, item, rows(), note=0.3)["line"] == 1


@settings(deadline=None)
@given(LINES)
def test_the_same_line_is_classified_the_same(item: Any) -> None:
    assert repr(classify(item, rows(), on=TODAY)) == repr(classify(item, rows(), on=TODAY))


@given(CODE)
def test_a_code_in_its_one_form_stays_as_it_is(code: str) -> None:
    assert normalise(normalise(code)) == normalise(code)


@given(st.text())
def test_every_text_is_read_for_quantities(text: str) -> None:
    for item in goods.units().read(text):
        assert 0 <= item.at <= len(text) * 4


@given(st.from_regex(r"\d{1,3}([., ']\d{3}){0,3}([.,]\d{1,4})?", fullmatch=True))
def test_every_written_number_is_a_number(text: str) -> None:
    assert number(text) >= 0
