"""The conflict card: what each source says a line is, and where two of them agree, differ or cannot be compared."""

from typing import Any

import pytest

from policies.engine.classify.card import Card, Source, card, compare
from policies.engine.classify.lines import classify
from policies.engine.lists import Chemical
from tests import goods
from tests.goods import TODAY, entry, index, line, term, threshold

GOODS = index(
    entry("3A225", "Frequency changers", hs=("850440",)),
    entry("3A504", "Dilution refrigerators", hs=("841869",)),
    entry("5A002", "Cryptographic systems", hs=("851762",)),
    entry("1C350", "Precursors", hs=("293090",)),
    term("3A225", "frequency changer", "often"),
    term("3A504", "dilution refrigerator"),
    term("5A002", "hardware security module"),
    threshold("3A225", "output_frequency", ">", "600", "Hz"),
    chemicals=(Chemical("1C350.1", "Thiodiglycol", cas="111-48-8", threshold_party=30.0),),
)


def made(description: str = "", *, precedents: tuple[Source, ...] = (), **more: Any) -> Card:
    item = line(description, **more)
    return card(item, classify(item, GOODS, on=TODAY), GOODS, note=0.3, precedents=precedents)


def verdicts(found: Card) -> dict[tuple[str, str], str]:
    return {(pair.left, pair.right): pair.verdict for pair in found.pairs}


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (Source("a", "", "", ("3A225",), sure=True), Source("b", "", "", ("3A225.b",)), "agree"),
        (Source("a", "", "", ("2B001",)), Source("b", "", "", ("2B201",)), "agree"),
        (Source("a", "", "", ("3A225",)), Source("b", "", "", (), ("3A225",)), "disagree"),
        (Source("a", "", "", ("3A225",), sure=True), Source("b", "", "", ("5A002",), sure=True), "disagree"),
        (Source("a", "", "", ("3A225",), sure=True), Source("b", "", "", ("5A002",)), "open"),
        (Source("a", "", "", ("3A225",)), Source("b", "", "", sure=True), "disagree"),
        (Source("a", "", "", ("3A225",)), Source("b", "", ""), "open"),
        (Source("a", "", "", sure=True), Source("b", "", "", sure=True), "agree"),
        (Source("a", "", ""), Source("b", "", "", sure=True), "open"),
        (Source("a", "", ""), Source("b", "", ""), "open"),
    ],
)
def test_two_sources_agree_differ_or_cannot_be_compared_whichever_is_first(
    left: Source, right: Source, verdict: str
) -> None:
    assert (compare(left, right), compare(right, left)) == (verdict, verdict)


def test_a_declared_code_that_the_description_names_agrees() -> None:
    found = verdicts(made("dilution refrigerator", control_code="3A504"))
    assert found[("declared", "description")] == "agree"


def test_a_declared_code_of_other_goods_than_described_disagrees() -> None:
    found = verdicts(made("dilution refrigerator", control_code="5A002"))
    assert found[("declared", "description")] == "disagree"


def test_no_declared_code_says_that_goods_are_not_listed() -> None:
    assert verdicts(made("dilution refrigerator"))[("declared", "description")] == "disagree"
    assert (
        verdicts(made("wooden chair"))[("declared", "description")] == "open"
    )  # that words name nothing proves nothing


def test_a_code_of_no_list_can_be_compared_with_nothing() -> None:
    assert verdicts(made("dilution refrigerator", control_code="3A777"))[("declared", "description")] == "open"


def test_a_customs_code_suggests_and_rules_out_other_chapters() -> None:
    assert verdicts(made(control_code="3A504", hs_code="841869"))[("declared", "hs")] == "agree"
    assert verdicts(made(control_code="3A504", hs_code="940330"))[("declared", "hs")] == "disagree"
    assert verdicts(made(hs_code="940330"))[("declared", "hs")] == "open"


def test_a_listed_substance_speaks_for_its_code_and_against_none_declared() -> None:
    assert verdicts(made(control_code="1C350.1", cas_number="111-48-8"))[("declared", "cas")] == "agree"
    assert verdicts(made(cas_number="111-48-8"))[("declared", "cas")] == "disagree"
    assert verdicts(made(control_code="3A504", cas_number="111-48-8"))[("declared", "cas")] == "disagree"


def test_a_weak_mixture_is_said_to_be_below_its_threshold() -> None:
    found = made(cas_number="111-48-8", concentration_percent=10.0)
    (cas,) = [source for source in found.sources if source.kind == "cas"]
    assert cas.says.endswith("below its threshold for this destination")


@pytest.mark.parametrize(("frequency", "verdict"), [(1000, "agree"), (400, "disagree")])
def test_parameters_speak_for_a_declared_code_or_against_it(frequency: float, verdict: str) -> None:
    found = made("frequency changer", control_code="3A225", attributes=(("output_frequency", frequency),))
    assert verdicts(found)[("declared", "parameters")] == verdict


def test_an_earlier_decision_stands_beside_the_others() -> None:
    earlier = Source("precedents", "Case 1", "3A504, decided", ("3A504",), sure=True)
    found = verdicts(made("dilution refrigerator", precedents=(earlier,)))
    assert found[("description", "precedents")] == "agree"
    assert found[("declared", "precedents")] == "disagree"


def test_what_is_not_given_is_not_on_the_card_and_each_pair_stands_once() -> None:
    found = made()
    assert ([source.kind for source in found.sources], found.pairs) == (["declared"], ())
    full = made("frequency changer 1 kHz", control_code="3A225", hs_code="850440", cas_number="111-48-8")
    assert len(full.pairs) == len({frozenset((pair.left, pair.right)) for pair in full.pairs})
    assert all(pair.text.endswith(".") for pair in full.pairs)


def test_the_card_of_a_line_of_an_empty_policy_is_made() -> None:
    item = line("anything", control_code="3A001", hs_code="1", cas_number="x")
    empty = goods.index()
    assert card(item, classify(item, empty, on=TODAY), empty, note=0.3).sources
