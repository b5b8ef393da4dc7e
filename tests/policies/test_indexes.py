"""The index of the party lists as a file: made once, shared, and never used when it is not what it should be."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies import indexes
from policies.engine.lists import Listed
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.packed import FORMAT

LEXICON = Lexicon(["jsc"])
WORKS = Listed("parties/test", "T1", "Zvezdny Ordnance Works JSC", "asset_freeze")
LINES = Listed("parties/test", "T2", "Karadag Logistics", "foreign_listing")


class Lists:
    """Entries to be indexed, and how often somebody read them."""

    def __init__(self, *entries: Listed) -> None:
        self.entries, self.reads = entries, 0

    def __call__(self) -> Iterator[Listed]:
        self.reads += 1
        return iter(self.entries)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.INDEX_DIR = tmp_path / "indexes"
    return Path(settings.INDEX_DIR)


def opened(lists: Lists, *, edition: str = "one", forms: str = "forms") -> NameIndex:
    return indexes.opened({"parties/test": edition}, LEXICON, read_by={"terms/legal_forms": forms}, entries=lists)


def only_file(folder: Path) -> Path:
    (path,) = folder.glob(f"*{indexes.SUFFIX}")
    return path


def test_the_lists_are_read_once_for_an_edition() -> None:
    lists = Lists(WORKS, LINES)
    assert [opened(lists).entry(1), opened(lists).entry(1)] == [LINES, LINES]
    assert lists.reads == 1


@pytest.mark.parametrize("other", [{"edition": "two"}, {"forms": "others"}])
def test_another_edition_or_another_way_to_read_names_is_another_file(folder: Path, other: dict[str, str]) -> None:
    opened(Lists(WORKS))
    assert opened(Lists(LINES), **other).entry(0) == LINES
    assert len(list(folder.glob(f"*{indexes.SUFFIX}"))) == 2


@pytest.mark.parametrize("damage", ["cut off", "a bit changed", "empty", "text", "another format"])
def test_a_file_that_is_not_what_it_should_be_is_made_again(folder: Path, damage: str) -> None:
    lists = Lists(WORKS, LINES)
    opened(lists)
    path = only_file(folder)
    whole = path.read_bytes()
    changed = {
        "cut off": whole[:-100],
        "a bit changed": whole[:-70] + bytes([whole[-70] ^ 1]) + whole[-69:],
        "empty": b"",
        "text": b"no index at all",
        "another format": whole.replace(b'"format":%d' % FORMAT, b'"format":%d' % (FORMAT + 1), 1),
    }[damage]
    assert changed != whole
    path.write_bytes(changed)
    assert opened(lists).entry(0) == WORKS
    assert lists.reads == 2
    assert path.read_bytes() == whole


def test_without_a_folder_to_write_to_the_lists_are_indexed_in_memory(folder: Path) -> None:
    folder.write_text("a file stands where the folder should be")
    lists = Lists(WORKS)
    assert opened(lists).entry(0) == WORKS
    assert lists.reads == 1


def test_those_who_come_at_once_read_the_lists_once() -> None:
    lists, found = Lists(WORKS, LINES), []
    threads = [threading.Thread(target=lambda: found.append(opened(lists).entry(0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [WORKS] * 4
    assert lists.reads == 1


def test_lists_that_cannot_be_read_leave_nothing_behind(folder: Path) -> None:
    def broken() -> Iterator[Listed]:
        yield WORKS
        raise ValueError("row 2 has no name")

    with pytest.raises(ValueError, match="row 2"):
        indexes.opened({"parties/test": "one"}, LEXICON, read_by={}, entries=broken)
    assert [path.name for path in folder.iterdir()] == []


def test_old_files_go_and_the_newest_stay(folder: Path) -> None:
    for number in range(indexes.KEPT + 3):
        opened(Lists(WORKS), edition=str(number))
    assert len(list(folder.glob(f"*{indexes.SUFFIX}"))) == indexes.KEPT
    lists = Lists(WORKS)
    opened(lists, edition=str(indexes.KEPT + 2))
    assert lists.reads == 0


def test_a_changed_edition_gives_the_same_file_as_one_made_from_nothing(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    opened(Lists(WORKS, LINES))
    changed = Listed("parties/test", "T2", "Karadag Logistics FZE", "foreign_listing")
    opened(Lists(WORKS, changed), edition="two")
    after = max(folder.glob(f"*{indexes.SUFFIX}"), key=lambda path: path.stat().st_mtime_ns).read_bytes()
    settings.INDEX_DIR = tmp_path / "elsewhere"
    opened(Lists(WORKS, changed), edition="two")
    assert only_file(settings.INDEX_DIR).read_bytes() == after
