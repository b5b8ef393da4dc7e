"""Names across scripts, both ways: declared in one against a list in the other. At the shipped review score."""

import pytest

from policies.engine.facts import Party
from tests.matching import company, meets, only, person, watch

PEOPLE = [
    ("Владимир Соколовский", "Vladimir Sokolovsky"),
    ("Борис Олегович Комоцкий", "Boris Olegovich Komotsky"),
    ("Пётр Іваненко", "Petro Ivanenko"),
    ("محمد حسین رضایی", "Mohammad Hossein Rezaei"),
    ("محمد أحمد حسين", "Mohammed Ahmed Hussein"),
    ("习近平", "Xi Jinping"),
    ("王建国", "Wang Jianguo"),
    ("王建國", "Wang Jianguo"),
    ("김정은", "Kim Jong Un"),
    ("김영철", "Kim Yong Chol"),
    ("ウラジーミル・プーチン", "Vladimir Putin"),
    ("Νίκος Παπαδόπουλος", "Nikos Papadopoulos"),
    ("Γεώργιος Χατζής", "Georgios Chatzis"),
    ("בנימין כהן", "Benjamin Cohen"),
    ("יוסף לוי", "Yosef Levi"),
    ("Jānis Bērziņš", "Janis Berzins"),
    ("Øystein Ødegård", "Oystein Odegard"),
    ("Łukasz Wójcik", "Lukasz Wojcik"),
    ("José García", "Jose Garcia"),
]
COMPANIES = [
    ("ООО «Карадаг Логистик»", "Karadag Logistics LLC"),
    ("Звёздный завод", "Zvezdny Plant"),
    ("Завод «Звёздный»", "Zvezdny Plant"),
    ("华为技术有限公司", "Huawei Technologies Co Ltd"),
    ("شركة النور للتجارة", "Al Nour Trading Company"),
    ("SIA Ķīmiķu Rūpnīca", "Kimiku Rupnica SIA"),
    ("Müller Maschinenbau GmbH", "Mueller Maschinenbau"),
]
STRANGERS = [
    *("Анна Ковальская", "Владимир Петров", "علي رضا", "حسن نصر", "李娜", "张伟", "박지성", "Γιάννης Ρήγας", "דוד לוי"),
    *("Pēteris Ozoliņš", "アンナ・マリア"),
]
TRADERS = ["ООО «Ромашка»", "Завод «Полюс»", "北京贸易有限公司", "شركة الشمس", "SIA Liepājas Maiznīca", "Πλοία ΑΕ"]


def _ids(names: list[tuple[str, str]]) -> list[str]:
    return [latin for _native, latin in names]


@pytest.mark.parametrize(("native", "latin"), PEOPLE, ids=_ids(PEOPLE))
def test_a_person_declared_in_script_meets_a_latin_list(native: str, latin: str) -> None:
    assert only(native, person(latin), person("Carl Harkonnen", "P2")).entry.name == latin


@pytest.mark.parametrize(("native", "latin"), PEOPLE, ids=_ids(PEOPLE))
def test_a_person_declared_in_latin_meets_a_list_in_script(native: str, latin: str) -> None:
    assert only(latin, person(native), person("Carl Harkonnen", "P2")).entry.name == native


@pytest.mark.parametrize(("native", "latin"), COMPANIES, ids=_ids(COMPANIES))
def test_a_company_is_met_across_scripts_both_ways(native: str, latin: str) -> None:
    assert only(native, company(latin)).entry.name == latin
    assert only(latin, company(native)).entry.name == native


@pytest.mark.parametrize("name", STRANGERS)
def test_other_people_of_every_script_are_left_alone(name: str) -> None:
    listed = [person(latin, f"P{number}") for number, (_native, latin) in enumerate(PEOPLE)]
    assert meets(name, *listed) == []


@pytest.mark.parametrize("name", TRADERS)
def test_other_companies_of_every_script_are_left_alone(name: str) -> None:
    listed = [company(latin, f"O{number}") for number, (_native, latin) in enumerate(COMPANIES)]
    assert meets(name, *listed) == []


@pytest.mark.parametrize("name", [native for native, _latin in PEOPLE + COMPANIES])
def test_a_name_in_its_own_script_is_equal_to_itself(name: str) -> None:
    assert only(name, person(name)).match == "equal"
    assert only(name, company(name)).match == "equal"


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("محمّد أَحمد", "محمد احمد"),
        ("בִּנְיָמִין כֹּהֵן", "בנימין כהן"),
        ("محمد حسين رضايي", "محمد حسین رضایی"),
        ("مـحـمـد أحمد", "محمد أحمد"),
        ("Комоцкий Борис", "Борис Комоцкий"),
        ("Е́лена Пётрова", "Елена Петрова"),
        ("ﾊﾟﾅｿﾆｯｸ", "パナソニック"),
        ("Ｂｏｒｉｓ Ｋｏｍｏｔｓｋｙ", "Boris Komotsky"),
        ("Bērziņš Jānis".replace("ē", "e\u0304"), "Jānis Bērziņš"),
    ],
)
def test_free_variants_of_one_script_are_equal(declared: str, listed: str) -> None:
    assert only(declared, person(listed)).match == "equal"


def test_letters_that_a_script_leaves_out_are_said_to_come_from_another_alphabet() -> None:
    listed = watch(person("Mohammad Ali Barzegar"))
    (hit,) = listed.hits(Party("consignee", "محمد علی برزگر", type="person"), review=0.5)
    assert [pair.kind for pair in hit.points.pairs if pair.listed == "barzegar"] == ["transliteration"]
