"""The index of the party lists as a file: made once for a set of editions, mapped by every process, made again at need.

The file's name says what it was made of: the digests of the editions, of the lists that say how names are read, and
the format. So it is never out of date; one that is cut off, changed or of another release is made anew, never used.
Nothing is lost with the folder: all of it comes from the database.
"""

import fcntl
import mmap
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import structlog
from django.conf import settings

from policies.engine.lists import Listed
from policies.engine.match.build import Read, build
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.packed import FORMAT, DamagedIndex

KEPT = 6  # files of one kind that stay; the policy in force, the one before and a draft need three
SUFFIX = ".index"

log = structlog.get_logger(__name__)


def opened(
    made_of: Mapping[str, str], lexicon: Lexicon, *, read_by: Mapping[str, str], entries: Callable[[], Iterable[Listed]]
) -> NameIndex:
    """The index of the entries. `made_of` are the digests of their editions, `read_by` those of the lexicon's lists.

    `entries` is called only when there is no such file yet, and may raise what it likes.
    """
    reading = _digest({**read_by, "format": str(FORMAT)})[:16]
    path = folder() / f"{reading}-{_digest(made_of)[:32]}{SUFFIX}"
    if found := mapped(path, lexicon):
        return found
    try:
        with _alone(path):
            if found := mapped(path, lexicon):
                return found
            data = build(entries(), lexicon, previous=_readings(path, reading, lexicon))
            write(path, data)
    except OSError as error:
        log.warning("index_not_kept", folder=str(folder()), error=str(error))
        return NameIndex(memoryview(build(entries(), lexicon)), lexicon)
    _tidy(reading)
    return mapped(path, lexicon) or NameIndex(memoryview(data), lexicon)


def folder() -> Path:
    """Where the files lie: `INDEX_DIR`."""
    return Path(settings.INDEX_DIR)


def mapped(path: Path, lexicon: Lexicon) -> NameIndex | None:
    """The index of a file, or `None` when there is none that can be used."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        os.utime(path)
        return NameIndex(memoryview(data), lexicon)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, DamagedIndex) as error:
        log.warning("index_made_anew", file=path.name, error=str(error))
        return None


def write(path: Path, data: bytes) -> None:
    """Put a file in its place at once, whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes of this machine from making the same file; they wait and find it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f".{path.stem}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            Path(lock.name).unlink(missing_ok=True)


def _readings(path: Path, reading: str, lexicon: Lexicon) -> Mapping[int, Read]:
    """Names that the newest other index of the same lexicon has read; most stay from one edition to the next."""
    for other in _newest(reading):
        if other != path and (found := mapped(other, lexicon)):
            return found.readings()
    return {}


def _newest(reading: str) -> list[Path]:
    return sorted(folder().glob(f"{reading}-*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)


def _tidy(reading: str) -> None:
    """Let old files go. A process that still maps one keeps it until it ends."""
    kept = set(_newest(reading)[:KEPT])
    for path in _newest("*")[2 * KEPT :]:
        if path not in kept:
            path.unlink(missing_ok=True)
    for path in _newest(reading)[KEPT:]:
        path.unlink(missing_ok=True)


def _digest(of: Mapping[str, str]) -> str:
    return sha256("\n".join(f"{name} {digest}" for name, digest in sorted(of.items())).encode()).hexdigest()
