"""Segments of declared names: complete, as the database is now, and made anew when a file cannot be trusted."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Max

from policies.engine.lists import Listed
from policies.engine.match import packed
from policies.engine.match.lexicon import Lexicon, NameWord
from policies.engine.match.watch import of_parties
from screening.models import DeclaredName
from screening.names import search, segments
from screening.names.search import Measure, Sought
from screening.names.segments import Segment
from tests import factories

FORK = multiprocessing.get_context("fork")
LEXICON = Lexicon(["as", "sia", "co"])
NAMES = [f"Zvezdny{letter} Kontor" for letter in "abcdefghijklmnopqrst"]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: Any) -> Path:
    """Segments of 8, 4 and 2 primary keys in a folder of the test's own."""
    settings.INDEX_DIR = tmp_path
    monkeypatch.setattr(segments, "SIZES", (8, 4, 2))
    segments.forget()
    return tmp_path / "declared"


def store(*spelled: str, start: int = 0) -> None:
    """Declared names, from the primary key `start` on; from 1 on in an empty table, whatever the database counted."""
    first = start or (DeclaredName.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    DeclaredName.objects.bulk_create(
        DeclaredName(pk=first + place, kind="name", text=name.lower(), spelled=name)
        for place, name in enumerate(spelled)
    )


def held(found: list[Segment]) -> list[str]:
    """What is found in segments, each name as often as it is indexed."""
    return sorted(one.index.entry(number).name for one in found for number in range(one.index.entries))


def files(folder: Path) -> set[tuple[int, int, int]]:
    """The ranges and counts of the files that there are."""
    found = (path.name.split("-") for path in folder.glob("*.index"))
    return {(int(first), int(last), int(count)) for first, last, count, _digest in found}


def met(text: str, lexicon: Lexicon = LEXICON) -> set[str]:
    index = of_parties([Listed("l", "1", text, "review")], lexicon)
    found = search.like([Sought(text, False, (Measure(index, 0.75),))], lexicon)
    return set(DeclaredName.objects.filter(pk__in=found).values_list("spelled", flat=True))


def again() -> list[Segment]:
    """As another process sees it."""
    segments.forget()
    return segments.current(LEXICON)


def test_ranges_leave_no_gap_and_grow_with_the_names(db: None) -> None:
    for last in range(70):
        whole = list(segments.ranges(last))
        keys = [key for first, end in whole for key in range(first, end + 1)]
        assert keys == list(range(1, len(keys) + 1))
        assert last - len(keys) < 2


def test_every_name_is_in_one_segment_however_many_there_are(db: None, folder: Path) -> None:
    for number, name in enumerate(NAMES, start=1):
        store(name)
        assert held(again()) == sorted(NAMES[:number])
    assert files(folder) == {(1, 8, 8), (9, 16, 8), (17, 20, 4)}, "smaller ones are removed when a larger one is made"
    assert not list(folder.glob(".*"))


def test_a_name_that_comes_late_under_a_lower_key_makes_its_segment_anew(db: None, folder: Path) -> None:
    store(*NAMES[:5])
    store(*NAMES[6:9], start=7)
    assert len(held(segments.current(LEXICON))) == 8
    store(NAMES[5], start=6)
    assert held(segments.current(LEXICON)) == sorted(NAMES[:9])
    assert files(folder) == {(1, 8, 8)}


def test_other_names_under_the_same_keys_are_not_taken_for_those_of_the_file(db: None) -> None:
    """As after a restore, or in a folder that two installations share."""
    store(*NAMES[:8])
    assert met("Fjord Aurora") == set()
    DeclaredName.objects.all().delete()
    store(*NAMES[:7], "Fjord Aurora", start=1)
    segments.forget()
    assert met("Fjord Aurora") == {"Fjord Aurora"}


@pytest.mark.parametrize("spoil", ["cut", "changed", "empty", "format", "folder"])
def test_a_damaged_file_is_made_anew_and_never_used(db: None, folder: Path, spoil: str, monkeypatch: Any) -> None:
    store(*NAMES[:8])
    before = held(segments.current(LEXICON))
    (path,) = folder.glob("*.index")
    whole = path.read_bytes()
    match spoil:
        case "cut":
            path.write_bytes(whole[:-10])
        case "changed":
            path.write_bytes(whole[:-200] + b"?" + whole[-199:])
        case "empty":
            path.write_bytes(b"")
        case "format":
            path.write_bytes(whole.replace(b'"format":%d' % packed.FORMAT, b'"format":0', 1))
        case _:
            path.unlink()
            path.mkdir()
    assert held(again()) == before
    if spoil != "folder":
        assert path.read_bytes() == whole
    assert met(NAMES[3]) >= {NAMES[3]}


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(db: None, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.INDEX_DIR = tmp_path / "file"
    store(*NAMES[:9])
    assert held(segments.current(LEXICON)) == sorted(NAMES[:9])
    while not segments.prepare(LEXICON):
        pass
    assert met(NAMES[8]) >= {NAMES[8]}


def test_segments_are_prepared_one_at_a_time_and_then_only_read(db: None, folder: Path) -> None:
    store(*NAMES[:15])
    steps = 0
    while not segments.prepare(LEXICON):
        steps += 1
        segments.forget()
    assert steps == len(list(folder.glob("*.index"))) == 3
    made = {path: path.stat().st_ino for path in folder.glob("*.index")}
    assert held(again()) == sorted(NAMES[:15])
    assert {path: path.stat().st_ino for path in folder.glob("*.index")} == made


def test_another_lexicon_has_segments_of_its_own(db: None) -> None:
    store("William Petrov", "Severny Kontor")
    other = Lexicon([], [NameWord("bill", "spelling", "william")])
    assert met("Bill Petrov", other) == {"William Petrov"}
    assert met("Bill Petrov") == set()
    assert met("Bill Petrov", other) == {"William Petrov"}


def test_a_name_is_held_as_a_person_s_and_as_another_s_where_these_differ(db: None) -> None:
    store("Zvezdny Co", "Almaz Kontor")
    assert held(segments.current(LEXICON)) == ["Almaz Kontor", "Zvezdny Co", "Zvezdny Co"]


def test_without_names_there_is_nothing_to_search(db: None) -> None:
    assert segments.current(LEXICON) == []
    assert met("Zvezdny") == set()
    factories.shipment(parties=[])
    assert DeclaredName.objects.exclude(kind="country").count() == 0
    assert met("Zvezdny") == set()


def test_two_processes_that_make_a_segment_at_once_leave_a_whole_one(db: None, folder: Path) -> None:
    store(*NAMES[:8])
    expected = held(segments.current(LEXICON))
    (path,) = folder.glob("*.index")
    data, digest = path.read_bytes(), path.stem.split("-")[-1]
    writers = [FORK.Process(target=write_again, args=(digest, data)) for _ in range(2)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        if path.exists():
            assert path.read_bytes() == data
        assert held(again()) == expected
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert held(again()) == expected
    assert files(folder) == {(1, 8, 8)}


def write_again(digest: str, data: bytes) -> None:
    """What a process does that makes the segment, again and again; it asks no database."""
    for _ in range(100):
        segments._keep(segments.Stretch(1, 8, 8, digest, True), data)


def test_what_is_kept_by_intake_is_found_at_once(db: None) -> None:
    for number in range(5):
        factories.shipment(parties=[{"role": "consignee", "name": f"Fjord Kontor {number}"}])
        assert len(met("Fjord Kontor", LEXICON)) == number + 1
