"""Files of a source -> checked rows in canonical form. No database here: reading takes seconds and locks nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from policies import content
from policies.content import Content
from policies.engine import read
from policies.importers import Importer, ListFile, ListFileError, Report, Row, importers

NAMED = 5  # repeated ids that a message names
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head")
_BOMS = b"\xef\xbb\xbf"

_READERS: dict[str, Callable[[str, Row], object]] = {
    "parties": read.listed,
    "ownership": lambda list_id, row: read.ownership(row),
    "denials": lambda list_id, row: read.denial(row),
}


class EditionRefused(Exception):
    """An edition was not taken; the message says why and what to do. The earlier edition stays active."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """One list as its files give it. `report.doubts` say why the files may not be whole."""

    importer: Importer
    content: Content
    report: Report
    files: Sequence[Mapping[str, Any]]
    as_of: date | None


def gather(source: str, files: Sequence[ListFile], *, as_of: date | None = None, name: str = "") -> list[Fresh]:
    """Read the files of a source to their end: every list that the source fills.

    Raises `ListFileError` for a file that cannot be read, `EditionRefused` for rows that cannot be used,
    `ContentError`, or `ValueError` for an unknown source. Nothing is stored.
    """
    wanted = importers(source, name=name)
    for file in files:
        _look(file)
    described = [_described(file) for file in files]
    return [_read(importer, files, described, as_of) for importer in wanted]


def _read(
    importer: Importer, files: Sequence[ListFile], described: Sequence[Mapping[str, Any]], as_of: date | None
) -> Fresh:
    report = Report()
    fresh = content.prepare(importer.kind, importer.parse(files, report))
    as_of = as_of or report.as_of
    if as_of and as_of > timezone.localdate() + timedelta(days=1):
        raise EditionRefused(f"The date {as_of} lies in the future; give the day that the publisher states.")
    if repeated := fresh.repeated():
        raise EditionRefused(f"{importer.list_id}: {_twice(repeated)}; each entry needs an id of its own.")
    check(importer.list_id, importer.kind, content.rows(fresh))
    if not fresh.count and not importer.may_be_empty:
        report.doubts.append("the file holds no entry at all")
    return Fresh(importer, fresh, report, described, as_of)


def check(list_id: str, kind: str, rows: Iterable[Row]) -> None:
    """Raise `EditionRefused` for the first row that the engine cannot read."""
    reader = _READERS.get(kind)
    if reader is None:
        try:
            read.build({list_id: read.Edition(kind, list(rows))}, hash="")
        except read.PolicyError as error:
            raise EditionRefused(f"{error}.") from error
        return
    for row in rows:
        try:
            reader(list_id, row)
        except (KeyError, TypeError, ValueError) as error:
            raise EditionRefused(f"{list_id}: the row {row.get('id', '')} cannot be used ({error!r}).") from error


def _twice(repeated: Sequence[str]) -> str:
    more = f" and {len(repeated) - NAMED} more" if len(repeated) > NAMED else ""
    if len(repeated) == 1:
        return f"the id {repeated[0]} stands twice in the file"
    return f"the ids {', '.join(repeated[:NAMED])}{more} stand twice in the file"


def _look(file: ListFile) -> None:
    """Refuse what is no list of any format: nothing at all, or the page that a web server shows instead."""
    file.stream.seek(0)
    start = file.stream.read(1_000)
    file.stream.seek(0)
    if not start:
        raise ListFileError("the file is empty (0 bytes); download it again", file=file.name)
    if start.removeprefix(_BOMS).lstrip()[:20].lower().startswith(_WEB_PAGE):
        message = "this is a web page, no list; the address or the publisher's server has changed"
        raise ListFileError(message, file=file.name, line=1)


def _described(file: ListFile) -> dict[str, Any]:
    file.stream.seek(0)
    digest = hashlib.file_digest(file.stream, "sha256")
    return {"name": file.name, "sha256": digest.hexdigest(), "bytes": file.stream.seek(0, 2)}
