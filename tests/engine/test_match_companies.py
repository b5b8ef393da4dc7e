"""Names of companies, ships and aircraft as they are written elsewhere, and names of others, at the shipped score."""

import pytest

from tests.matching import company, meets, only

WORKS = company("Zvezdny Ordnance Works JSC")
KARADAG = company("Karadag Logistics FZE", "O2")
SHIP = company("ARTEMIS VOYAGER", "V1", kind="vessel")
PLANE = company("EP-MNX", "A1", kind="aircraft")


@pytest.mark.parametrize(
    "name",
    [
        "Zvezdny Ordnance Works",
        "Zvezdny Ordnance Works LLC",
        "Zvezdny Ordnance Works Limited Liability Company",
        "Joint Stock Company Zvezdny Ordnance Works",
        "Zvezdny Ordnance Works (J.S.C.)",
        "OAO Zvezdny Ordnance Works",
        "Works Ordnance Zvezdny",
        "ZvezdnyOrdnanceWorks",
        "Zvezdny Ordnance Works™",
    ],
)
def test_another_legal_form_or_none_leaves_a_name_equal(name: str) -> None:
    assert only(name, WORKS).match == "equal"


@pytest.mark.parametrize(
    "name",
    [
        "Zvezdny Ordnance Works Ltdd",
        "Zvezdny Ordnance Works Limted",
        "Zvezdny Ordnance Works Limited Liabilty Company",
        "Zvezdny Ordnanse Works",
        "Zvesdny Ordnance Work",
        "Zvez dny Ordnance Works",
        "Zvezdny Ord-nance Works JSC",
        "Zvezdny Ordnance Works of Perm",
        "The Zvezdny Ordnance Works",
    ],
)
def test_misspelt_words_and_forms_are_alike(name: str) -> None:
    assert only(name, WORKS).match == "similar"


@pytest.mark.parametrize(
    "name",
    [
        "Zvezdny",
        "Ordnance Works",
        "Zvezda Optical Works",
        "Polar Ordnance Works JSC",
        "Zvezdny Bakery",
        "Ordnance Survey",
        "Joint Stock Company",
        "JSC Works",
        "Baltic Logistics FZE",
        "Karabakh Logistics",
        "Karadag Shipping",
        "Logistics FZE",
    ],
)
def test_others_of_the_trade_and_namesakes_are_left_alone(name: str) -> None:
    assert meets(name, WORKS, KARADAG) == []


@pytest.mark.parametrize(
    ("declared", "listed", "kind"),
    [
        ("Karadag Intl Logistics", "Karadag International Logistics", "abbreviation"),
        ("Karadag Tech", "Karadag Technologies", "abbreviation"),
        ("Karadag Technology", "Karadag Technologies", "variant"),
        ("Zvezdny Zavod", "Zvezdny Plant", "translation"),
        ("Zavod Zvezdny", "Zvezdny Plant", "translation"),
        ("Karadag Logistik GmbH", "Karadag Logistics", "translation"),
        ("Meridian Fund 2", "Meridian Fund II", "number"),
        ("2nd Meridian Plant", "Second Meridian Plant", "number"),
    ],
)
def test_words_of_one_meaning_are_alike_both_ways_and_say_how(declared: str, listed: str, kind: str) -> None:
    for one, other in ((declared, listed), (listed, declared)):
        hit = only(one, company(other))
        assert hit.match == "similar"
        assert {pair.kind for pair in hit.points.pairs} - {"same", "form"} == {kind}


def test_an_ampersand_is_the_word() -> None:
    assert only("Harkon & Sons Trading", company("Harkon and Sons Trading")).match == "equal"
    assert only("Harkon Sons Trading", company("Harkon & Sons Trading")).match == "similar"


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("Scientific Research Institute No. 27", "Scientific Research Institute No. 29"),
        ("Scientific Research Institute 27", "Scientific Research Institute 29"),
        ("Institute 27", "Institute 29"),
        ("Military Unit 26166", "Military Unit 26165"),
        ("Meridian Fund 3", "Meridian Fund II"),
        ("3rd Meridian Plant", "Second Meridian Plant"),
    ],
)
def test_another_number_is_another_company(declared: str, listed: str) -> None:
    assert meets(declared, company(listed)) == []
    assert only(listed, company(listed)).match == "equal"


def test_another_numeral_is_worth_less_than_the_same_in_figures() -> None:
    fund = company("Meridian Fund II")
    same, third = only("Meridian Fund 2", fund), meets("Meridian Fund III", fund)
    assert same.match == "similar"
    assert all(hit.match == "similar" and hit.score < same.score - 0.02 for hit in third)


@pytest.mark.parametrize("numeral", ["II", "III", "IV", "VI"])
def test_a_numeral_is_no_legal_form(numeral: str) -> None:
    assert not [hit for hit in meets("Meridian Fund", company(f"Meridian Fund {numeral}")) if hit.match == "equal"]


@pytest.mark.parametrize(
    "name",
    [
        "Karadag Logistics Warehouse Branch Dubai",
        "Dubai Branch of Karadag Logistics Company FZE",
        "Port of Baku: Karadag Logistics",
    ],
)
def test_a_listed_name_that_stands_whole_within_a_longer_one_is_shown(name: str) -> None:
    hit = only(name, KARADAG)
    assert hit.match == "similar"
    assert hit.score < only("Karadag Logistics", KARADAG).score - 0.02


@pytest.mark.parametrize(
    "name",
    ["Karadag Dubai Trading and Logistics", "Logistics of Dubai for Karadag Traders", "New Karadag Bakery Logistics"],
)
def test_its_words_apart_within_a_longer_name_are_not_it(name: str) -> None:
    assert meets(name, KARADAG) == []


@pytest.mark.parametrize("name", ["Boris Petrov Karadag Logistics", "Anna Karadag Logistics Ozola"])
def test_a_person_is_no_longer_form_of_a_company(name: str) -> None:
    assert meets(name, KARADAG, type="person") == []


def test_a_weak_alias_is_shown_and_never_more_than_alike() -> None:
    weakly = company("Orbita Export", weak=("Caspian Falcon Lines", "KDL"))
    assert [only(name, weakly).match for name in ("Caspian Falcon Lines", "KDL")] == ["similar", "similar"]
    strongly = company("Orbita Export", aliases=("Caspian Falcon Lines", "KDL"))
    assert only("Caspian Falcon Lines", strongly).match == "equal"


def test_one_short_word_is_never_equal_and_one_long_word_is() -> None:
    assert only("KDL", company("KDL")).match == "similar"
    assert only("Rosoboron", company("Rosoboron")).match == "equal"


@pytest.mark.parametrize(
    "name", ["Artemis Voyager", "Voyager Artemis", "ARTEMIS-VOYAGER", "Artemisvoyager", "MV Artemis Voyager"]
)
def test_a_ship_is_found_by_its_name(name: str) -> None:
    assert only(name, SHIP).match == "equal"


@pytest.mark.parametrize("name", ["M/V Artemis Voyager", "Artemis Voyage", "Artemis Voyager 2"])
def test_a_ship_with_its_type_a_number_or_an_error_is_alike(name: str) -> None:
    assert only(name, SHIP).match == "similar"


@pytest.mark.parametrize("name", ["Artemis Traveller", "Artemis", "MV Horizon Pearl", "Voyager of the Seas", "MV"])
def test_other_ships_pass(name: str) -> None:
    assert meets(name, SHIP) == []


@pytest.mark.parametrize("name", ["EP-MNX", "EPMNX", "EP MNX", "ep-mnx"])
def test_an_aircraft_is_found_by_its_mark(name: str) -> None:
    assert only(name, PLANE).match == "equal"


@pytest.mark.parametrize("name", ["EP-XNM", "YL-MNX", "EP-ABC", "EP"])
def test_other_aircraft_pass(name: str) -> None:
    assert meets(name, PLANE) == []
