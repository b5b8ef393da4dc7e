"""The declared names as indexes to be searched: immutable segments by ranges of primary keys, kept as files.

Most names lie in a few large segments, the last ones in small ones, and what no segment holds yet is indexed in memory.
A file is named by everything that it depends on: the range, how many names lie in it and how they look together, the
lexicon, the format. A name that was stored late, under a lower key, makes another file name, so the segment is made
anew. A file is complete or not there (it is renamed into place); one that is damaged is made anew as well, never used.
There is no other state: the directory can be emptied at any time.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Length

from policies.engine.lists import Listed
from policies.engine.match.build import PERSON, Read, build, hashed
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.packed import FORMAT, DamagedIndex
from policies.engine.match.reverse import LongWords
from screening.models import DeclaredName
from screening.names import FOLDING

log = structlog.get_logger(__name__)

SIZES = (200_000, 25_000, 3_125)  # primary keys that a segment spans; each is a multiple of the next
FOLDER = "declared"
SCRIPTS = {"latin": False, "native": True}  # a name in another script meets words by their consonants alone


@dataclass(frozen=True)
class Segment:
    """Some declared names. The entries of the index have their primary keys as ids; a name that reads otherwise as a
    person's is in it twice. `bare` says that its names are not written in Latin letters."""

    index: NameIndex
    bare: bool

    @cached_property
    def long_words(self) -> LongWords:
        return LongWords(self.index.words)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The declared names of a script within a range of primary keys, `last` included. `digest` stands for what they
    are, how they are read and how they are kept; `kept` says that they are kept as a file."""

    script: str
    first: int
    last: int
    count: int
    digest: str
    kept: bool

    @property
    def file(self) -> str:
        return f"{self.script}-{self.first}-{self.last}-{self.count}-{self.digest}.idx"


_open: dict[str, Segment] = {}  # by file name, what this process has read or made


def current(lexicon: Lexicon) -> list[Segment]:
    """All declared names as they are now, as a policy with this lexicon reads them."""
    wanted = _stretches(lexicon)
    for name in _open.keys() - {stretch.file for stretch in wanted}:
        _open.pop(name, None)
    return [segment for segment in (_opened(stretch, lexicon) for stretch in wanted) if segment.index.names]


def prepare(lexicon: Lexicon) -> bool:
    """Make the next segment that is missing; whether none is missing any more. One by one they fit into a task."""
    for stretch in _stretches(lexicon):
        if stretch.kept and stretch.file not in _open and not (_folder() / stretch.file).exists():
            _opened(stretch, lexicon)
            return False
    return True


def forget() -> None:
    """Let go of what this process holds of the segments; the files stay."""
    _open.clear()


def ranges(last: int) -> Iterator[tuple[int, int]]:
    """The whole ranges up to a primary key, large ones first; what they leave at the end belongs to no segment yet.

    >>> [(end - start + 1) for start, end in ranges(232_000)]
    [200000, 25000, 3125, 3125]
    """
    start = 1
    for size in SIZES:
        while start + size - 1 <= last:
            yield start, start + size - 1
            start += size


def _rows(first: int, last: int) -> QuerySet[DeclaredName]:
    return DeclaredName.objects.filter(kind="name", pk__gte=first, pk__lte=last)


def _stretches(lexicon: Lexicon) -> list[Stretch]:
    last = DeclaredName.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    whole = list(ranges(last))
    tail = (whole[-1][1] + 1 if whole else 1, last)
    found = []
    for first, end in (*whole, tail):
        about = _rows(first, end).aggregate(
            count=Count("pk"), keys=Sum("pk"), size=Sum(Length("spelled")), least=Min("text"), most=Max("text")
        )
        text = repr((about, lexicon.digest, FORMAT, FOLDING))
        digest = sha256(text.encode()).hexdigest()[:32]
        kept = (first, end) != tail
        found += [Stretch(script, first, end, about["count"], digest, kept) for script in SCRIPTS if about["count"]]
    return found


def _opened(stretch: Stretch, lexicon: Lexicon) -> Segment:
    if stretch.file not in _open:
        index = _from_file(stretch, lexicon) or _made(stretch, lexicon)
        _open[stretch.file] = Segment(index, SCRIPTS[stretch.script])
    return _open[stretch.file]


def _from_file(stretch: Stretch, lexicon: Lexicon) -> NameIndex | None:
    if not stretch.kept:
        return None
    try:
        with (_folder() / stretch.file).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return NameIndex(memoryview(data), lexicon)
    except FileNotFoundError:
        return None
    except (DamagedIndex, OSError, ValueError) as error:  # an empty file cannot be mapped: ValueError
        log.warning("declared_names_damaged", file=stretch.file, error=str(error))
        return None


def _made(stretch: Stretch, lexicon: Lexicon) -> NameIndex:
    entries: list[Listed] = []
    known: dict[int, Read] = {}
    rows = _rows(stretch.first, stretch.last).order_by("pk").values_list("pk", "spelled")
    for number, spelled in rows.iterator(chunk_size=5000):
        if stretch.script != "latin" and spelled.isascii():
            continue
        as_person, as_other = (lexicon.read(spelled, person=person) for person in (True, False))
        if as_other.latin == SCRIPTS[stretch.script]:
            continue
        both = (as_person.words, as_person.roles) != (as_other.words, as_other.roles)
        for read, kind in ((as_other, ""), (as_person, PERSON)) if both else ((as_other, ""),):
            known[hashed(spelled, person=kind == PERSON)] = (read.words, read.roles)
            entries.append(Listed("", str(number), spelled, "", kind=kind))
    data = build(entries, lexicon, previous=known)
    if stretch.kept:
        _write(stretch, data)
    return NameIndex(memoryview(data), lexicon)


def _folder() -> Path:
    return Path(settings.INDEX_DIR) / FOLDER


def _write(stretch: Stretch, data: bytes) -> None:
    """Keep a segment, as long as the directory can be written; then what it replaces is removed."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="new-", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(folder / stretch.file)
        _remove_others(folder, stretch)
    except OSError as error:
        log.warning("declared_names_not_kept", folder=str(folder), error=str(error))


def _remove_others(folder: Path, stretch: Stretch) -> None:
    """Remove the files whose range lies within this one: smaller segments, and those with fewer names."""
    for path in folder.glob(f"{stretch.script}-*.idx"):
        first, last = map(int, path.name.split("-")[1:3])
        if path.name != stretch.file and stretch.first <= first and last <= stretch.last:
            with suppress(FileNotFoundError):
                path.unlink()
