"""Names against party lists: equal, alike, owned, and left alone."""

import pytest

from policies.engine.facts import Owner, Party
from policies.engine.lists import Listed, Ownership
from policies.engine.match.hits import Hit
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.watch import Watch, of_parties

FORMS = ("ltd", "co", "llc", "jsc", "ao", "fze", "gmbh", "sia", "oao")
WORKS = Listed(
    "parties/test",
    "T1",
    "Zvezdny Ordnance Works JSC",
    "asset_freeze",
    aliases=("Звездный оружейный завод",),
    countries=("RU",),
)
LOGISTICS = Listed("parties/test", "T2", "Karadag Logistics FZE", "asset_freeze", weak=("KL",), countries=("AE",))
VESSEL = Listed("parties/test", "V1", "ARTEMIS", "foreign_listing", kind="vessel", identifiers=(("imo", "9187629"),))


def hits(name: str, *entries: Listed, ownership: tuple[Ownership, ...] = (), **party: object) -> list[Hit]:
    lexicon = Lexicon(FORMS)
    index = of_parties(entries or (WORKS, LOGISTICS, VESSEL), lexicon)
    return Watch([index], lexicon, ownership=ownership).hits(Party(role="consignee", name=name, **party), review=0.85)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "Zvezdny Ordnance Works JSC",
        "ZVEZDNY ORDNANCE WORKS",
        "Works, Ordnance: Zvezdny",
        "J.S.C. Zvezdny Ordnance Works",
        "Zvézdny Ordnance Works",
        "Звездный Оружейный Завод",
        "АО «Звездный оружейный завод»",
    ],
)
def test_case_script_order_punctuation_and_legal_form_do_not_hide_a_listed_name(name: str) -> None:
    assert [(hit.entry.id, hit.match) for hit in hits(name, country="RU")] == [("T1", "equal")]


@pytest.mark.parametrize(
    "name",
    ["Zvezdny Ordnance Work JSC", "Zvezdniy Ordnance Works", "Zvyozdny Ordnance Works", "Zvezdny Ordnanse Works"],
)
def test_a_changed_letter_is_alike_and_never_equal(name: str) -> None:
    assert [(hit.entry.id, hit.match) for hit in hits(name, country="RU")] == [("T1", "similar")]


@pytest.mark.parametrize(
    "name",
    [
        "Zvezda Optics",
        "Nordic Timber Export",
        "Baltic Precision SIA",
        "Consignee Ltd",
        "Works Council",
        "Ordnance Survey",
        "Caspian Logistics",
        "A",
        "",
        "...",
        "Ltd",
        "💥💥",
        "x" * 10_000,
    ],
)
def test_others_are_left_alone(name: str) -> None:
    assert hits(name) == []


def test_another_country_contradicts_and_says_so() -> None:
    (hit,) = hits("Zvezdny Ordnance Works", country="BR")
    assert (hit.match, hit.country_contradicts) == ("equal", True)


def test_an_unknown_country_does_not_contradict() -> None:
    (hit,) = hits("Zvezdny Ordnance Works")
    assert not hit.country_contradicts


def test_a_weak_alias_is_never_more_than_alike() -> None:
    (hit,) = hits("KL")
    assert (hit.entry.id, hit.match) == ("T2", "similar")


def test_a_declared_alias_is_screened_like_the_name() -> None:
    assert [hit.entry.id for hit in hits("Harmless Trading", aliases=("Zvezdny Ordnance Works",))] == ["T1"]


def test_another_form_of_a_word_is_alike() -> None:
    listed = Listed("parties/test", "T9", "Sarmad Industries Group Co", "asset_freeze", countries=("IR",))
    (hit,) = hits("Sarmad Industrial Group", listed, country="IR")
    assert (hit.match, [pair.kind for pair in hit.points.pairs if pair.declared == "industrial"]) == (
        "similar",
        ["typo"],
    )


def test_an_identifier_names_its_holder_whatever_the_name() -> None:
    (hit,) = hits("MV Horizon", identifiers=(("imo", "IMO 9187629"[4:]),))
    assert (hit.entry.id, hit.match) == ("V1", "identifier")


def test_an_identifier_of_another_kind_names_nobody() -> None:
    assert hits("MV Horizon", identifiers=(("registration", "9187629"),)) == []


def test_a_hit_shows_which_word_met_which() -> None:
    (hit,) = hits("Zvezdny Ordnanse Works", country="RU")
    assert [
        (pair.declared, pair.listed, pair.kind) for pair in hit.points.pairs if pair.kind not in ("same", "form")
    ] == [("ordnanse", "ordnance", "typo")]


def test_a_majority_owned_party_is_owned_and_the_chain_is_shown() -> None:
    (hit,) = hits("Severny Trade House", ownership=(Ownership("T1", "Severny Trade House LLC", 75),))
    assert (hit.match, hit.percent) == ("owned", 75)
    assert hit.chain == ("Zvezdny Ordnance Works JSC → Severny Trade House LLC 75 %",)


@pytest.mark.parametrize(("percent", "match"), [(50, "owned"), (49.9, "part_owned")])
def test_half_is_a_majority_and_less_is_not(percent: float, match: str) -> None:
    (hit,) = hits("Severny Trade House", ownership=(Ownership("T1", "Severny Trade House LLC", percent),))
    assert hit.match == match


def test_shares_of_several_listed_owners_add_up() -> None:
    rows = (Ownership("T1", "Severny Trade House", 30), Ownership("Karadag Logistics", "Severny Trade House", 25))
    (hit,) = hits("Severny Trade House", ownership=rows)
    assert (hit.match, hit.percent) == ("owned", 55)


def test_a_share_without_a_figure_is_shown_and_is_no_majority() -> None:
    (hit,) = hits("Severny Trade House", ownership=(Ownership("T1", "Severny Trade House LLC", None),))
    assert (hit.match, hit.percent) == ("part_owned", None)
    assert hit.chain == ("Zvezdny Ordnance Works JSC → Severny Trade House LLC (share not stated)",)


def test_a_stated_share_counts_beside_one_without_a_figure() -> None:
    rows = (Ownership("T1", "Severny Trade House", None), Ownership("T2", "Severny Trade House", 60))
    (hit,) = hits("Severny Trade House", ownership=rows)
    assert (hit.match, hit.percent, len(hit.chain)) == ("owned", 60, 2)


@pytest.mark.parametrize(
    "name", ["Severny Trede House", "Severni Trade House", "S Trade House Balt", "House Trade Severny X"]
)
def test_a_name_like_an_owned_one_is_shown_with_the_chain(name: str) -> None:
    owned = "Severny Trade House Balt" if name.startswith("S ") else "Severny Trade House"
    (hit,) = hits(name, ownership=(Ownership("T1", "Harmless Bakery", 60), Ownership("T1", owned, 75)))
    assert (hit.match, hit.name, hit.percent) == ("similar", owned, None)
    assert hit.chain == (f"Zvezdny Ordnance Works JSC → {owned} 75 %",)


def test_ownership_is_followed_through_a_chain() -> None:
    rows = (Ownership("T1", "Middle Holding", 60), Ownership("Middle Holding", "Last Trade House", 51))
    (hit,) = hits("Last Trade House", ownership=rows)
    assert hit.match == "owned"
    assert hit.chain == ("Zvezdny Ordnance Works JSC → Middle Holding 60 %", "Middle Holding → Last Trade House 51 %")


def test_a_minority_link_breaks_the_chain() -> None:
    rows = (Ownership("T1", "Middle Holding", 40), Ownership("Middle Holding", "Last Trade House", 100))
    assert hits("Last Trade House", ownership=rows) == []


def test_an_ownership_ring_ends() -> None:
    rows = (
        Ownership("T1", "Alpha Ring", 60),
        Ownership("Alpha Ring", "Beta Ring", 60),
        Ownership("Beta Ring", "Alpha Ring", 60),
    )
    assert [hit.match for hit in hits("Beta Ring", ownership=rows)] == ["owned"]


def test_a_declared_owner_is_screened_and_adds_up() -> None:
    owners = (Owner("Zvezdny Ordnance Works", "RU", 30), Owner("Karadag Logistics", "AE", 25))
    found = hits("Harmless Trading", owners=owners)
    assert [(hit.match, hit.percent) for hit in found] == [("owned", 55)]


def test_a_declared_minority_owner_is_shown_as_such() -> None:
    (hit,) = hits("Harmless Trading", owners=(Owner("Zvezdny Ordnance Works", "RU", 20),))
    assert (hit.match, hit.percent) == ("part_owned", 20)


def test_a_name_of_legal_forms_alone_keeps_its_words() -> None:
    assert Lexicon(FORMS).read("SIA LLC").key == "sia"


def test_the_key_ignores_the_order_of_words() -> None:
    assert Lexicon().read("Beta Alpha").key == Lexicon().read("alpha, BETA").key
