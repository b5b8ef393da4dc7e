"""Lines against the goods lists: what a line is under, on which day, and when evidence contradicts it."""

from datetime import date
from typing import Any

import pytest

from policies.engine.classify.lines import Classification, classify
from policies.engine.facts import Line
from policies.engine.policy import Policy

TODAY = date(2025, 12, 1)


def classified(policy: Policy, *, on: date = TODAY, cwc_party: bool = True, **line: Any) -> Classification:
    return classify(Line(number=1, **line), policy.goods, on=on, cwc_party=cwc_party)


def codes(found: Classification) -> list[str]:
    return [entry.code for entry in found.entries]


def test_a_sub_entry_that_the_list_does_not_spell_out_falls_under_its_parent(shipped: Policy) -> None:
    assert codes(classified(shipped, control_code="5A002.a.1")) == ["5A002"]


def test_an_entry_is_listed_from_its_first_day_on(shipped: Policy) -> None:
    assert codes(classified(shipped, control_code="3A504", on=date(2025, 11, 15))) == ["3A504"]
    assert codes(classified(shipped, control_code="3A504", on=date(2025, 11, 14))) == []


def test_a_pointer_entry_is_read_as_the_military_entry_it_points_to(shipped: Policy) -> None:
    assert codes(classified(shipped, control_code="1C350.4")) == ["ML7.c"]
    assert codes(classified(shipped, control_code="1C350.46")) == ["1C350"]


def test_an_automatic_firearm_is_a_military_item_too(shipped: Policy) -> None:
    assert codes(classified(shipped, control_code="A2")) == ["A2", "ML1.a"]


@pytest.mark.parametrize("code", ["3A777", "1C777", "10B905"])
def test_a_code_of_no_list_is_known_as_such(shipped: Policy, code: str) -> None:
    assert classified(shipped, control_code=code).unknown_code


@pytest.mark.parametrize("code", ["EAR99", "5A992.c", "3A980", "5A902", "3A001", "10A907", "1C350.4"])
def test_codes_of_other_lists_are_no_mistake(shipped: Policy, code: str) -> None:
    assert not classified(shipped, control_code=code).unknown_code


def test_a_cas_number_names_its_entry_whatever_the_declaration_says(shipped: Policy) -> None:
    found = classified(shipped, description="cleaning solvent", cas_number="7719-09-7")
    assert (codes(found), found.listed_by_cas, found.mismatch) == (["1C350"], True, ("1C350.9",))


def test_the_declared_chemical_is_no_contradiction(shipped: Policy) -> None:
    found = classified(shipped, control_code="1C350.9", cas_number="7719-09-7", description="thionyl chloride")
    assert (found.listed_by_cas, found.mismatch) == (False, ())


@pytest.mark.parametrize(
    ("share", "party", "listed"),
    [(30, True, False), (30.1, True, True), (10, False, False), (10.1, False, True), (None, True, True)],
)
def test_a_schedule_2_mixture_is_listed_above_the_threshold_of_its_destination(
    shipped: Policy, share: float | None, party: bool, listed: bool
) -> None:
    found = classified(shipped, cas_number="111-48-8", concentration_percent=share, cwc_party=party)
    assert (bool(found.entries), found.below_threshold) == (listed, not listed)


def test_a_weak_mixture_under_another_entry_stays_listed_there(shipped: Policy) -> None:
    found = classified(shipped, control_code="2B350", cas_number="102-71-6", concentration_percent=5)
    assert codes(found) == ["2B350"]


def test_an_explicitly_spared_chemical_is_not_listed(shipped: Policy) -> None:
    found = classified(shipped, control_code="1C450.b.5", cas_number="108-01-0")
    assert (found.entries, found.exempted) == ((), True)


def test_a_specific_phrase_with_its_hs_code_contradicts_silence(shipped: Policy) -> None:
    assert classified(shipped, description="Dilution refrigerators, 10 mK", hs_code="841869").mismatch == ("3A504",)


@pytest.mark.parametrize(
    ("description", "hs"),
    [
        ("wooden desk with a drawer", "940330"),
        ("refrigerator for a restaurant kitchen", ""),
        ("integrated circuits", "854231"),
        ("operational amplifiers, commercial temperature grade", "854233"),
        ("frequency converter for water pumps, 50 Hz", "850440"),
        ("vacuum pump for dairy", "841410"),
        ("CNC machining centre, 3 axes", "845710"),
        ("ball valve, brass", "848180"),
        ("laser printer", "844331"),
        ("digital oscilloscope", "903020"),
        ("toy drone with camera", "880621"),
        ("glass laboratory reactor", "701790"),
        ("household router", "851762"),
        ("", "841869"),
        ("0000000", "841869"),
    ],
)
def test_ordinary_goods_and_lone_hints_contradict_nothing(shipped: Policy, description: str, hs: str) -> None:
    assert classified(shipped, description=description, hs_code=hs).mismatch == ()


def test_a_parameter_beyond_its_threshold_contradicts_silence(shipped: Policy) -> None:
    named = classified(
        shipped, description="frequency converter", hs_code="850440", attributes=(("frequency", 1000.0),)
    )
    written = classified(shipped, description="frequency converter, output 1 kHz", hs_code="850440")
    below = classified(shipped, description="frequency converter, output 400 Hz", hs_code="850440")
    assert "3A225" in named.mismatch
    assert "3A225" in written.mismatch
    assert below.mismatch == ()


def test_a_declared_code_with_evidence_of_its_own_is_not_contradicted(shipped: Policy) -> None:
    assert (
        classified(
            shipped, control_code="7A003", description="ring laser gyro inertial navigation unit", hs_code="901420"
        ).mismatch
        == ()
    )


def test_a_declared_code_without_any_evidence_is_contradicted(shipped: Policy) -> None:
    assert (
        "3A504"
        in classified(shipped, control_code="2B230", description="dilution refrigerator", hs_code="841869").mismatch
    )


def test_the_longer_wording_of_other_goods_comes_before_the_shorter_one_within_it(shipped: Policy) -> None:
    ranked = [item.code for item in classified(shipped, description="ring laser gyro mirror").candidates]
    assert {"7B002", "7B102"} == set(ranked[:2])


@pytest.mark.parametrize("hs", ["", "841869", "940330"])
def test_a_name_that_only_listed_goods_have_contradicts_silence_whatever_the_hs_code(shipped: Policy, hs: str) -> None:
    assert classified(shipped, description="Dilution refrigerator, 10 mK", hs_code=hs).mismatch == ("3A504",)


@pytest.mark.parametrize("description", ["x" * 10_000, "\u202e gnp.exe", "<b>bold</b>", "💥" * 50, "ä" * 9000])
def test_strange_descriptions_are_read_without_a_crash(shipped: Policy, description: str) -> None:
    assert classified(shipped, description=description, hs_code="841869").mismatch == ()


def test_an_attribute_whose_name_ends_like_a_unit_answers_its_question(shipped: Policy) -> None:
    attributes = (("rotary_axes", "2"),)
    line = Line(1, description="CNC milling machine, 5 axes, for metal", attributes=attributes)
    asked = {item.name for one in classify(line, shipped.goods, on=None).candidates for item in one.questions}
    assert "rotary_axes" not in asked


def test_the_name_of_an_attribute_teaches_the_classifier_no_word(shipped: Policy) -> None:
    before = len(shipped.goods.book.vocabulary)
    classify(Line(1, description="pump", attributes=(("zzyzx_qwerty", "2"),)), shipped.goods, on=None)
    assert len(shipped.goods.book.vocabulary) == before


@pytest.mark.parametrize(
    ("description", "code"),
    [("Machine gun", "ML1"), ("Howitzer", "ML2"), ("Ricin", "1C351"), ("Plutonium", "0C002"), ("Haubitze", "ML2")],
)
def test_a_bare_name_that_only_listed_goods_have_is_enough(shipped: Policy, description: str, code: str) -> None:
    assert code in {item.partition(".")[0] for item in classified(shipped, description=description).mismatch}


@pytest.mark.parametrize(
    "description",
    [
        "Water tank 500 l",
        "Ink cartridges HP 305",
        "Caffeine 200 mg",
        "Satellite phone Iridium",
        "Svētku raķetes",
        "Handschellen",
        "Handcuffs",
        "Патрон токарный 3-х кулачковый",
        "Holster for Glock 17",
        "Sodium sulphite, photo grade",
    ],
)
def test_a_word_that_arms_share_with_everyday_goods_contradicts_nothing(shipped: Policy, description: str) -> None:
    assert classified(shipped, description=description).mismatch == ()


@pytest.mark.parametrize(
    ("description", "answers", "code"),
    [
        ("Sarin", (("personal_self_defence_pack", "yes"), ("designed_for_military_use", "no")), "ML7.b"),
        ("MANPADS Stinger missile", (("civil_pyrotechnic", "yes"), ("designed_for_military_use", "no")), "ML4"),
    ],
)
def test_a_yes_or_no_of_the_exporter_takes_back_no_weapon(
    shipped: Policy, description: str, answers: tuple[tuple[str, str], ...], code: str
) -> None:
    assert code in classified(shipped, description=description, attributes=answers).mismatch


def test_a_mixture_below_its_threshold_contradicts_nothing_even_without_a_cas_number(shipped: Policy) -> None:
    assert classified(shipped, description="Sodium cyanide").mismatch == ("1C350.45",)
    assert classified(shipped, description="Sodium cyanide", concentration_percent=5).mismatch == ()


def test_a_listed_article_is_found_among_boxes_paint_and_paper(shipped: Policy) -> None:
    packed = (
        "Goods according to contract 2231, packed in wooden boxes with foam, gas centrifuge rotor tubes, manuals, "
        "certificates of origin, invoices in three copies, spare screws, paint, and one pallet of office paper"
    )
    assert "0B001" in {item.partition(".")[0] for item in classified(shipped, description=packed).mismatch}


def test_what_the_exporter_claims_speaks_for_nothing(shipped: Policy) -> None:
    plain = classified(shipped, description="dilution refrigerator").candidates[0]
    claimed = classified(shipped, description="dilution refrigerator, EAR99, not controlled").candidates[0]
    assert {item.kind for item in claimed.evidence} & {"civil", "ordinary"} == set()
    assert plain.code == claimed.code


def test_an_attribute_that_no_list_compares_is_told(shipped: Policy) -> None:
    assert any(
        "“colour”" in note for note in classified(shipped, description="pump", attributes=(("colour", "red"),)).notes
    )


def test_a_code_with_cyrillic_letters_that_look_latin_is_read(shipped: Policy) -> None:
    assert codes(classified(shipped, control_code="3А001")) == ["3A001"]
