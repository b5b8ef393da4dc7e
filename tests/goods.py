"""Lines against a few rows of lists, made by hand: no shipped list, so that no test depends on fitted worths."""

from datetime import date
from typing import Any

from policies.engine.classify.book import Book
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Designation, Gloss, Knowledge, Ordinary, Relation, Term, Threshold, Unit
from policies.engine.classify.lines import Classification, classify
from policies.engine.classify.quantities import Units
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.facts import Line
from policies.engine.lists import Chemical, Entry

TODAY = date(2025, 12, 1)
UNITS = (
    Unit("Hz", "frequency", 1.0),
    Unit("kHz", "frequency", 1e3),
    Unit("GHz", "frequency", 1e9),
    Unit("ГГц", "frequency", 1e9),
    Unit("m", "length", 1.0, exact_case=True),
    Unit("km", "length", 1e3),
    Unit("км", "length", 1e3),
    Unit("mm", "length", 1e-3),
    Unit("um", "length", 1e-6),
    Unit("μm", "length", 1e-6),
    Unit("мкм", "length", 1e-6),
    Unit("axes", "count_axes", 1.0),
    Unit("axis", "count_axes", 1.0),
    Unit("mW", "power", 1e-3, exact_case=True),
    Unit("MW", "power", 1e6, exact_case=True),
    Unit("W", "power", 1.0, exact_case=True),
    Unit("kg", "mass", 1.0),
    Unit("K", "temperature", 1.0, exact_case=True),
    Unit("°C", "temperature", 1.0, 273.15),
    Unit("L/s", "volume_flow", 1e-3),
    Unit("g rms", "acceleration", 9.80665),
    Unit("%", "ratio", 0.01),
)
GLOSSARY = (
    Gloss("насос", "ru", "pump"),
    Gloss("sūknis", "lv", "pump"),
    Gloss("Pumpe", "de", "pump"),
    Gloss("Werkzeugmaschine", "de", "machine tool"),
    Gloss("fiber", "en", "fibre"),
    Gloss("T/C", "en", "thermocouple"),
)


def entry(code: str, heading: str = "Goods", **more: Any) -> Entry:
    return Entry("goods/test", code, heading, **{"family": "annex_i", **more})


def term(code: str, text: str, says: str = "is", language: str = "en") -> Term:
    return Term(code, text, says, language)


def threshold(code: str, name: str, operator: str, value: str, unit: str = "", **more: Any) -> Threshold:
    return Threshold(code, name, operator, value, unit, **{"case": "1", "question": f"What is the {name}?", **more})


def units() -> Units:
    return Units(UNITS)


def vocabulary(*words: str, glossary: tuple[Gloss, ...] = GLOSSARY) -> Vocabulary:
    """A vocabulary that has these English wordings beside the glossary."""
    made = Vocabulary(glossary)
    for text in words:
        made.numbers(text)
    return made


def known(*rows: Any, **more: Any) -> Knowledge:
    """Rows of any kind, each where it belongs, with the units and the glossary of these tests."""
    of_kind: dict[type, str] = {
        Term: "terms",
        Ordinary: "ordinary",
        Gloss: "glossary",
        Designation: "designations",
        Relation: "relations",
        Threshold: "thresholds",
    }
    found: dict[str, tuple[Any, ...]] = {"units": UNITS, "glossary": GLOSSARY}
    for row in rows:
        name = of_kind[type(row)]
        found[name] = (*found.get(name, ()), row)
    return Knowledge(**(found | more))


def index(*rows: Any, chemicals: tuple[Chemical, ...] = (), pointers: dict[str, str] | None = None) -> GoodsIndex:
    """An index of the entries among the rows, and everything else that is known."""
    entries = [row for row in rows if isinstance(row, Entry)]
    rest = known(*(row for row in rows if not isinstance(row, Entry)))
    return GoodsIndex(entries, chemicals, known=rest, pointers=pointers)


def book(*rows: Any) -> Book:
    return index(*rows).book


def line(description: str = "", **more: Any) -> Line:
    return Line(number=1, description=description, **more)


def classified(goods: GoodsIndex, description: str = "", *, on: date = TODAY, **more: Any) -> Classification:
    return classify(line(description, **more), goods, on=on)
