"""Who belongs to listed parties: shares that add up, chains that are shown, rings that end."""

import pytest

from policies.engine.facts import Owner
from policies.engine.lists import Ownership
from policies.engine.match.hits import Hit
from tests.matching import company, meets

WORKS, KARADAG = company("Zvezdny Ordnance Works", "T1"), company("Karadag Logistics", "T2")
HOUSE = "Severny Trade House"


def held(*rows: tuple[str, str, float | None], name: str = HOUSE) -> list[Hit]:
    return meets(name, WORKS, KARADAG, ownership=tuple(Ownership(*row) for row in rows))


def test_shares_of_different_owners_add_up_to_a_majority() -> None:
    (hit,) = held(("T1", HOUSE, 30), ("T2", HOUSE, 25))
    assert (hit.match, hit.percent) == ("owned", 55)
    assert hit.chain == (f"Zvezdny Ordnance Works → {HOUSE} 30 %", f"Karadag Logistics → {HOUSE} 25 %")


@pytest.mark.parametrize(
    "again", ["T1", "Zvezdny Ordnance Works", "ZVEZDNY Ordnance Works JSC", "Works, Ordnance Zvezdny"]
)
def test_one_owner_in_two_lists_counts_once_with_the_greater_share(again: str) -> None:
    (hit,) = held(("T1", HOUSE, 30), (again, HOUSE, 25))
    assert (hit.match, hit.percent) == ("part_owned", 30)
    (hit,) = held(("T1", HOUSE, 30), (again, HOUSE, 35))
    assert (hit.match, hit.percent) == ("part_owned", 35)


def test_the_sum_is_never_more_than_all() -> None:
    (hit,) = held(("T1", HOUSE, 80), ("T2", HOUSE, 60))
    assert hit.percent == 100


def test_a_chain_of_majorities_passes_the_listing_on_and_is_shown_in_order() -> None:
    (hit,) = held(("T1", "Middle Holding", 60), ("Middle Holding", "Lower Holding", 51), ("Lower Holding", HOUSE, 100))
    assert (hit.match, hit.percent, hit.entry.id) == ("owned", 100, "T1")
    assert hit.chain == (
        "Zvezdny Ordnance Works → Middle Holding 60 %",
        "Middle Holding → Lower Holding 51 %",
        f"Lower Holding → {HOUSE} 100 %",
    )


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [("T1", "Middle Holding", 60.0), ("Middle Holding", "Lower Holding", 51.0), ("Lower Holding", HOUSE, 70.0)]
    assert held(*rows) == held(*reversed(rows))


def test_a_majority_made_of_two_minorities_passes_the_listing_on() -> None:
    (hit,) = held(("T1", "Joint Holding", 30), ("T2", "Joint Holding", 30), ("Joint Holding", HOUSE, 51))
    assert (hit.match, hit.percent, len(hit.chain)) == ("owned", 51, 3)


@pytest.mark.parametrize("share", [49.9, None, 0])
def test_less_than_a_majority_in_the_middle_breaks_the_chain(share: float | None) -> None:
    assert held(("T1", "Middle Holding", share), ("Middle Holding", HOUSE, 100)) == []


def test_what_an_unlisted_owner_holds_is_no_ones_concern() -> None:
    assert held(("Harmless Bakery", HOUSE, 100), ("T1", "Other House of Trade", 100)) == []


def test_rings_end_and_nobody_owns_more_than_stated() -> None:
    ring = (("T1", "Alpha Ring", 60.0), ("Alpha Ring", "Beta Ring", 60.0), ("Beta Ring", "Alpha Ring", 60.0))
    (alpha,) = held(*ring, name="Alpha Ring")
    (beta,) = held(*ring, name="Beta Ring")
    assert (alpha.match, beta.match) == ("owned", "owned")
    assert (beta.percent, beta.chain[-1]) == (60, "Alpha Ring → Beta Ring 60 %")


def test_a_ring_without_a_listed_party_belongs_to_nobody_and_ends() -> None:
    assert held((HOUSE, HOUSE, 100), ("Alpha Ring", HOUSE, 100), (HOUSE, "Alpha Ring", 100)) == []


def test_an_owned_name_is_met_in_another_form_and_a_like_one_is_only_alike() -> None:
    rows = (("T1", f"{HOUSE} LLC", 75.0),)
    for name in (HOUSE, "SEVERNY TRADE HOUSE, OOO", "Trade House Severny", "Severny Trede House"):
        matches = [hit.match for hit in held(*rows, name=name)]
        assert matches == ["similar" if "Trede" in name else "owned"]
    assert held(*rows, name="Yuzhny Trade House") == []


def test_declared_owners_add_up_and_an_innocent_one_adds_nothing() -> None:
    owners = (Owner("Zvezdny Ordnance Works", "", 30), Owner("Karadag Logistics", "", 25), Owner("Anna Ozola", "", 45))
    (hit,) = meets("Harmless Bakery", WORKS, KARADAG, owners=owners)
    assert (hit.match, hit.percent) == ("owned", 55)
    assert "Anna Ozola" not in " ".join(hit.chain)


def test_a_declared_owner_who_is_merely_alike_adds_no_share() -> None:
    owners = (Owner("Zvezdny Ordnanse Works", "", 100),)
    (hit,) = meets("Harmless Bakery", WORKS, KARADAG, owners=owners)
    assert (hit.match, hit.percent) == ("similar", None)


def test_a_listed_party_that_is_owned_as_well_is_shown_as_both() -> None:
    hits = held(("T1", "Karadag Logistics", 75), name="Karadag Logistics")
    assert {(hit.entry.id, hit.match) for hit in hits} == {("T2", "equal"), ("T1", "owned")}
