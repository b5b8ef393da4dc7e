"""The bytes of an index: the same for the same lists, whatever was known before, and refused when anything is wrong."""

import json
import zlib
from dataclasses import replace

import pytest

from policies.engine.lists import Listed
from policies.engine.match.build import build
from policies.engine.match.index import NameIndex
from policies.engine.match.packed import FORMAT, HEAD, MAGIC, DamagedIndex
from policies.engine.match.search import search
from tests.matching import company, lexicon, person

PEOPLE = [
    person(f"{given} {family}", f"P{number}", aliases=(f"{family}, {given[0]}.",), births=("1961",))
    for number, (given, family) in enumerate(
        (given, family)
        for given in ("Boris", "Hassan", "Мария", "محمد", "王", "Jānis", "Li", "Anna-Maria", "William", "김")
        for family in (
            "Komotsky",
            "Qaderi",
            "Соколова",
            "Harkonnen",
            "建国",
            "Bērziņš",
            "Wei",
            "van der Meer",
            "O'Brien",
        )
    )
]
LISTED = [
    *PEOPLE,
    company("Zvezdny Ordnance Works JSC"),
    company("Meridian Fund II", "O2", identifiers=(("tax", "77012"),)),
]
GOOD = build(LISTED, lexicon())


def opened(data: bytes) -> NameIndex:
    return NameIndex(memoryview(data), lexicon())


def header(data: bytes) -> tuple[dict[str, object], bytes]:
    start = HEAD.size + HEAD.unpack_from(data)[1]
    return json.loads(data[HEAD.size : start]), data[start:]


def with_header(said: object, body: bytes) -> bytes:
    text = json.dumps(said).encode()
    return HEAD.pack(MAGIC, len(text), zlib.crc32(text)) + text + body


def test_the_same_lists_give_the_same_bytes() -> None:
    assert build(LISTED, lexicon()) == GOOD
    assert build([replace(entry) for entry in LISTED], lexicon()) == GOOD
    assert build(LISTED[:-1], lexicon()) != GOOD


def test_names_read_before_save_work_and_change_nothing() -> None:
    assert build(LISTED, lexicon(), previous=opened(GOOD).readings()) == GOOD


def test_an_update_with_help_is_the_index_made_anew() -> None:
    changed = [
        replace(entry, name=f"{entry.name} Junior") if number % 20 == 0 else entry
        for number, entry in enumerate(LISTED)
    ]
    changed = [*changed[3:], person("Carl Harkonnen", "N1"), company("Boris Komotsky", "N2")]
    assert build(changed, lexicon(), previous=opened(GOOD).readings()) == build(changed, lexicon())


def test_a_reading_of_a_person_is_none_of_a_company() -> None:
    as_people = [replace(entry, kind="person") for entry in LISTED]
    as_companies = [replace(entry, kind="organisation") for entry in LISTED]
    known = opened(build(as_people, lexicon())).readings()
    assert build(as_companies, lexicon(), previous=known) == build(as_companies, lexicon())


def test_what_was_listed_comes_out_as_it_went_in() -> None:
    index = opened(GOOD)
    assert [index.entry(number) for number in range(index.entries)] == LISTED


def test_an_earlier_search_changes_no_later_one() -> None:
    names = [entry.name for entry in LISTED] + ["Boris Komotski", "Maria Sokolova", "", "Wei Li Li"]
    fresh = {name: search(opened(GOOD), name, person=None, least=0.5) for name in names[::7]}
    used = opened(GOOD)
    for name in reversed(names):
        search(used, name, person=True, least=0.1)
    assert {name: search(used, name, person=None, least=0.5) for name in fresh} == fresh


@pytest.mark.parametrize("kept", [0, 1, 7, 8, 15, 16, 17, 64, 200, len(GOOD) // 2, len(GOOD) - 1])
def test_a_file_that_is_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(DamagedIndex):
        opened(GOOD[:kept])


@pytest.mark.parametrize("place", [*range(16), *range(16, len(GOOD), len(GOOD) // 97), len(GOOD) - 1])
def test_one_flipped_bit_is_refused_wherever_it_lies(place: int) -> None:
    broken = bytearray(GOOD)
    broken[place] ^= 0x04
    with pytest.raises(DamagedIndex):
        opened(bytes(broken))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 4096,
        b"id,name\n1,Boris Komotsky\n",
        MAGIC,
        MAGIC + b"\xff" * 8,
        with_header({}, b""),
        with_header(None, b""),
        with_header([], b"\0" * 64),
        b"PK\x03\x04" + GOOD,
        GOOD + b"\0",
        GOOD + GOOD,
    ],
    ids=["empty", "zeros", "text", "magic", "endless", "no keys", "null", "list", "before", "after", "twice"],
)
def test_what_is_no_index_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedIndex):
        opened(data)


@pytest.mark.parametrize("other", [FORMAT - 1, FORMAT + 1, None, "2", -1])
def test_another_format_is_refused(other: object) -> None:
    said, body = header(GOOD)
    assert opened(with_header(said, body)).names == opened(GOOD).names
    with pytest.raises(DamagedIndex, match="format"):
        opened(with_header({**said, "format": other}, body))


def test_arrays_beyond_the_file_are_refused() -> None:
    said, body = header(GOOD)
    arrays = dict(said["arrays"])  # type: ignore[call-overload]
    for place in ([arrays["form"][0], [10**9], 0], ["<i4", [3], 10**9], ["O", [1], 0], ["nonsense", [1], 0], []):
        with pytest.raises(DamagedIndex):
            opened(with_header({**said, "arrays": {**arrays, "form": place}}, body))


def test_an_index_of_nothing_is_an_index() -> None:
    empty = opened(build([], lexicon()))
    assert (empty.names, empty.entries, search(empty, "Boris Komotsky", person=None, least=0.0)) == (0, 0, [])
    assert empty.keyed("imo", "9187629") == []


def test_entries_are_found_by_identifier_and_id() -> None:
    index = opened(GOOD)
    assert [index.entry(number).id for number in index.keyed("tax", "77012")] == ["O2"]
    assert [index.entry(number).id for number in index.keyed("id", "P3")] == ["P3"]
    assert index.keyed("tax", "77013") == index.keyed("vat", "77012") == []


def test_two_entries_with_one_name_are_both_met() -> None:
    twins: list[Listed] = [person("Boris Komotsky", f"T{number}") for number in range(60)]
    index = opened(build(twins, lexicon()))
    (found,) = search(index, "Komotsky Boris", person=True, least=0.8)
    assert sorted(number for number, _place in index.bearers(found.name)) == list(range(60))
