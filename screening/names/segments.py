"""The declared names as indexes to be searched: immutable segments by ranges of primary keys, kept as files.

Most names lie in a few large segments, the last ones in small ones, and what no segment holds yet is indexed in memory.
A file is named by everything that it depends on: the range, how many names lie in it and how they look together, the
lexicon, the format. A name that was stored late, under a lower key, makes another file name, so the segment is made
anew. A file is complete or not there (it is renamed into place); one that is damaged is made anew as well, never used.
There is no other state: the directory can be emptied at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import structlog
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Length

from policies import indexes
from policies.engine.lists import Listed
from policies.engine.match.build import Read, build, hashed
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import PERSON, Lexicon
from policies.engine.match.packed import FORMAT
from policies.engine.match.reverse import LongWords
from screening.models import DeclaredName
from screening.names import FOLDING

log = structlog.get_logger(__name__)

SIZES = (200_000, 25_000, 3_125)  # primary keys that a segment spans; each is a multiple of the next
FOLDER = "declared"


@dataclass(frozen=True)
class Segment:
    """Some declared names. The entries of the index have their primary keys as ids; a name that reads otherwise as a
    person's is in it twice."""

    index: NameIndex

    @cached_property
    def long_words(self) -> LongWords:
        return LongWords(self.index.words)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The declared names within a range of primary keys, `last` included. `digest` stands for what they are, how they
    are read and how they are kept; `kept` says that they are kept as a file."""

    first: int
    last: int
    count: int
    digest: str
    kept: bool

    @property
    def file(self) -> str:
        return f"{self.first}-{self.last}-{self.count}-{self.digest}.index"


_open: dict[str, Segment] = {}  # by file name, what this process has read or made


def current(lexicon: Lexicon) -> list[Segment]:
    """All declared names as they are now, as a policy with this lexicon reads them."""
    wanted = _stretches(lexicon)
    for name in _open.keys() - {stretch.file for stretch in wanted}:
        _open.pop(name, None)
    return [_opened(stretch, lexicon) for stretch in wanted]


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
        found += [Stretch(first, end, about["count"], digest, kept)] if about["count"] else []
    return found


def _opened(stretch: Stretch, lexicon: Lexicon) -> Segment:
    if stretch.file not in _open:
        found = indexes.mapped(_folder() / stretch.file, lexicon) if stretch.kept else None
        _open[stretch.file] = Segment(found or _made(stretch, lexicon))
    return _open[stretch.file]


def _made(stretch: Stretch, lexicon: Lexicon) -> NameIndex:
    entries: list[Listed] = []
    known: dict[int, Read] = {}
    rows = _rows(stretch.first, stretch.last).order_by("pk").values_list("pk", "spelled")
    for number, spelled in rows.iterator(chunk_size=5000):
        as_other, as_person = (lexicon.read(spelled, person=person) for person in (False, True))
        for read, kind in ((as_other, ""), (as_person, PERSON)) if as_other != as_person else ((as_other, ""),):
            known[hashed(spelled, person=kind == PERSON)] = (read.words, read.roles, read.bare)
            entries.append(Listed("", str(number), spelled, "", kind=kind))
    data = build(entries, lexicon, previous=known)
    if stretch.kept:
        _keep(stretch, data)
    return NameIndex(memoryview(data), lexicon)


def _folder() -> Path:
    return indexes.folder() / FOLDER


def _keep(stretch: Stretch, data: bytes) -> None:
    """Keep a segment, as long as the directory can be written; then what it replaces is removed: smaller segments of
    its range, and those of fewer or other names."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        indexes.write(folder / stretch.file, data)
        for path in folder.glob("*-*-*-*.index"):
            first, last = map(int, path.name.split("-")[:2])
            if path.name != stretch.file and stretch.first <= first and last <= stretch.last:
                path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("declared_names_not_kept", folder=str(folder), error=str(error))
