"""Names of people as they are written elsewhere, and names of other people: at the shipped review score."""

import pytest

from tests.matching import meets, only, person

BORIS = person("Boris Olegovich Komotsky")
QADERI = person("Hassan Omar Qaderi", "P2")


@pytest.mark.parametrize(
    "name",
    [
        "Komotsky Boris Olegovich",
        "Komotsky, Boris Olegovich",
        "KOMOTSKY Boris OLEGOVICH",
        "Mr Boris Olegovich Komotsky",
        "Dr. Boris Olegovich Komotsky",
        "Boris Olegovich Komotsky Jr",
        "Prof. Dr. Boris Olegovich Komotsky",
        "BorisOlegovichKomotsky",
        "Boris OlegovichKomotsky",
        "Boris-Olegovich Komotsky",
    ],
)
def test_order_case_titles_and_lost_spaces_leave_a_name_equal(name: str) -> None:
    assert only(name, BORIS).match == "equal"


@pytest.mark.parametrize(
    "name",
    [
        "Boris Komotsky",
        "Komotsky, Boris",
        "Boris O. Komotsky",
        "B. O. Komotsky",
        "Komotsky B.O.",
        "Boris Olegovich Komot sky",
        "Bo ris Olegovich Komotsky",
        "Boris Olegovich Komotski",
        "Boris Olegovich Kmootsky",
        "Boris Olegovich Komtsky",
        "Boris Olegovich Komottsky",
        "Borys Olegovich Komotsky",
        "Boris Olegovitch Komotski",
        "Mr Komotski, Boris Olegovich",
    ],
)
def test_parts_left_out_initials_and_typing_errors_are_alike_and_not_equal(name: str) -> None:
    assert only(name, BORIS).match == "similar"


@pytest.mark.parametrize(
    "name",
    [
        "Boris",
        "Komotsky",
        "Olegovich",
        "Boris Olegovich Petrov",
        "Oleg Borisovich Komotsky",
        "Boris Ivanovich Komotsky",
        "Maria Komotsky",
        "Anna Olegovna Komotskaya",
        "Boris Kovalsky",
        "Ivan Petrovich Sidorov",
        "Mr Boris",
        "B. K.",
    ],
)
def test_relatives_namesakes_and_single_names_are_left_alone(name: str) -> None:
    assert meets(name, BORIS) == []


def test_a_patronymic_left_out_is_worth_more_than_another_one() -> None:
    omitted = only("Boris Komotsky", BORIS)
    assert meets("Boris Ivanovich Komotsky", BORIS) == []
    assert only("Boris Olegovich Komotsky", BORIS).score > omitted.score + 0.03


def test_every_further_error_is_worth_less() -> None:
    names = ("Boris Olegovich Komotsky", "Boris Olegovich Komotski", "Boris Olegowich Komotski")
    scores = [only(name, BORIS).score for name in names]
    assert scores == sorted(scores, reverse=True)
    assert len({round(score, 3) for score in scores}) == 3


def test_an_initial_is_worth_less_than_the_name_and_more_than_another_name() -> None:
    whole, initial = only("Boris Olegovich Komotsky", BORIS).score, only("Boris O. Komotsky", BORIS).score
    assert whole > initial > only("Boris Komotsky", BORIS).score
    assert meets("X. O. Komotsky", BORIS) == []


@pytest.mark.parametrize(
    ("declared", "listed", "kind"),
    [
        ("Muhammad Hassan Qaderi", "Mohamed Hassan Qaderi", "variant"),
        ("Mohd Hassan Qaderi", "Mohammed Hassan Qaderi", ""),
        ("Serhiy Drobyshev", "Sergei Drobyshev", "variant"),
        ("Yusuf Qaderi", "Youssef Qaderi", "variant"),
        ("Bill Harkonnen", "William Harkonnen", "nickname"),
        ("Sasha Drobyshev", "Aleksandr Drobyshev", "nickname"),
        ("Misha Drobyshev", "Mikhail Drobyshev", "nickname"),
    ],
)
def test_variants_and_short_forms_of_given_names_are_alike_both_ways(declared: str, listed: str, kind: str) -> None:
    there, back = only(declared, person(listed)), only(listed, person(declared))
    kinds = {pair.kind for hit in (there, back) for pair in hit.points.pairs} - {"same"}
    assert (there.match, back.match) == ("similar", "similar")
    assert kinds == {kind} if kind else len(kinds) == 1


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("Robert Harkonnen", "William Harkonnen"),
        ("Ahmad Qaderi", "Hassan Qaderi"),
        ("Mikhail Drobyshev", "Sergei Drobyshev"),
        ("Li Na", "Li Wei"),
        ("Zhang Wei", "Li Wei"),
        ("Ali Hassan", "Ali Hussein"),
        ("Maria Ivanova", "Marina Petrova"),
        ("Muhammad Saleem", "Muhammad Qaderi"),
    ],
)
def test_one_shared_name_of_two_is_no_likeness(declared: str, listed: str) -> None:
    assert meets(declared, person(listed)) == []


@pytest.mark.parametrize(
    "name",
    ["Hassan Omar al-Qaderi", "Hassan bin Omar Qaderi", "Hassan Omar Al Qaderi", "Hassan Omar AlQaderi"],
)
def test_particles_say_little(name: str) -> None:
    assert only(name, QADERI).match == "similar"


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("Jan Meulenberg", "Jan van der Meulenberg"),
        ("Pieter Jan van der Meulenberg", "Pieter Jan Meulenberg"),
        ("Hassan Qaderi", "Hassan bin al-Qaderi"),
        ("Abdul Rahman Qaderi", "Abdulrahman Qaderi"),
        ("Abdulrahman Qaderi", "Abd al-Rahman Qaderi"),
    ],
)
def test_particles_and_compound_names_are_written_in_many_ways(declared: str, listed: str) -> None:
    assert only(declared, person(listed)).match == "similar"


@pytest.mark.parametrize("name", ["Al Bin", "van der", "Mr", "Dr. Jr.", "al-"])
def test_titles_and_particles_alone_mean_nobody(name: str) -> None:
    assert meets(name, BORIS, QADERI, person("Jan van der Meulenberg", "P3")) == []


def test_a_rare_name_is_worth_more_than_a_short_one() -> None:
    rare, short = only("Boris Olegovich Komotsky", BORIS), only("Li Wei", person("Li Wei"))
    assert (rare.match, short.match) == ("equal", "equal")
    assert rare.score > short.score + 0.02


@pytest.mark.parametrize("kind", ["", "person", "organisation"])
@pytest.mark.parametrize("declared", ["", "person", "organisation"])
@pytest.mark.parametrize("name", ["J. R. Smithson", "Dr Sa Co Wangari", "Boris Komotsky", "A. B. Trading Ltd"])
def test_a_copy_of_a_listed_name_is_equal_whatever_kind_either_side_states(name: str, declared: str, kind: str) -> None:
    assert only(name, person(name, kind=kind), type=declared).match == "equal"
