"""What counts for and against an entry: ordinary and civil words, software for goods, and which codes are meant."""

import pytest

from policies.engine.classify.knowledge import Ordinary, Relation
from policies.engine.lists import Entry
from tests.goods import classified, entry, index, term

ML1, ML10 = (entry(code, heading, family="military") for code, heading in (("ML1", "Guns"), ("ML10", "Aircraft")))


def scores(*rows: object, description: str, **more: object) -> dict[str, float]:
    return {item.code: item.score for item in classified(index(*rows), description, **more).candidates}


def named(code: str) -> tuple[Entry, object]:
    return entry(code), term(code, "widget")


@pytest.mark.parametrize(
    ("code", "spares", "less"),
    [
        ("ML1", "ML1", True),
        ("ML10", "ML1", False),
        ("ML10", "ML10", True),
        ("9A012", "9A", True),
        ("9A012", "9A012", True),
        ("9B012", "9A", False),
        ("9A012", "*", True),
        ("9A012", "", True),
    ],
)
def test_ordinary_goods_speak_against_the_codes_that_they_spare(code: str, spares: str, less: bool) -> None:
    toy = Ordinary("plastic toy", "goods", "en", (spares,) if spares else ())
    plain = scores(*named(code), description="widget, plastic toy")[code]
    spared = scores(*named(code), toy, description="widget, plastic toy").get(code, 0.0)
    assert (spared < plain) is less


def test_a_wording_within_a_longer_one_of_the_entry_is_not_ordinary() -> None:
    rows = (entry("2B350"), term("2B350", "bellows sealed ball valve"), Ordinary("ball valve", "goods"))
    (found,) = classified(index(*rows), "bellows sealed ball valve").candidates
    assert "ordinary" not in {item.kind for item in found.evidence}


def test_software_for_goods_is_of_the_entry_of_software() -> None:
    rows = (
        entry("9A012", "Unmanned aircraft", group="A"),
        entry("9D001", "Software for unmanned aircraft", group="D", intangible=True),
        term("9A012", "unmanned aircraft"),
        Relation("9D001", "software", ("9A",)),
    )
    goods = scores(*rows, description="unmanned aircraft")
    software = scores(*rows, description="unmanned aircraft", intangible=True)
    assert software["9A012"] < goods["9A012"]
    assert software["9D001"] > goods.get("9D001", 0.0)


def test_software_for_guns_is_not_for_aircraft() -> None:
    rows = (
        ML1,
        ML10,
        entry("ML21", "Software for aircraft", family="military", intangible=True),
        term("ML10", "attack aircraft"),
        Relation("ML21", "software", ("ML1",)),
    )
    of_guns = scores(*rows, description="attack aircraft", intangible=True)
    of_both = scores(*rows, Relation("ML21", "software", ("ML10",)), description="attack aircraft", intangible=True)
    assert of_guns.get("ML21", 0.0) < of_both["ML21"]


def test_what_is_denied_or_only_what_it_is_for_counts_less() -> None:
    rows = named("9A012")
    said = scores(*rows, description="steel widget")["9A012"]
    purpose = scores(*rows, description="steel case for widget").get("9A012", 0.0)
    denied = scores(*rows, description="steel case without widget").get("9A012", 0.0)
    assert said > purpose > denied
