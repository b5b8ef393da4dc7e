"""What every importer shares: the file it reads, the error it raises, the report it fills, the row it makes."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BufferedReader, BytesIO
from typing import Any

from policies.importers.countries import country_code

Row = dict[str, Any]
KINDS = ("person", "organisation", "vessel", "aircraft")
END_MARK = 0x1A
ARCHIVE = b"PK\x03\x04"
LONGEST_LINE = 1_000_000
KEPT_SENTENCES = 200


class ListFileError(Exception):
    """A list file cannot be read: what is wrong, in which file, line and column (from 1), and what to do."""

    def __init__(self, message: str, *, file: str, line: int = 0, column: int = 0) -> None:
        place = file + (f", line {line}" if line else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: {message}")


@dataclass
class ListFile:
    """One file of a list; `stream` is seekable and belongs to the caller."""

    name: str
    stream: BufferedReader | BytesIO


@dataclass
class Report:
    """Counts of one import. `read` counts records by part of the file; everything left out is counted and said.

    `orphans` maps a part to the ids that stand there without an entry (one item a record). `doubts` say why the files
    may not be whole: an edition with doubts is refused unless a person overrides. `as_of` is the date that the file
    gives itself, or `None`.
    """

    read: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    aliases: int = 0
    weak_aliases: int = 0
    addresses: int = 0
    identifiers: int = 0
    orphans: dict[str, list[str]] = field(default_factory=dict)
    unknown_countries: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    skipped_because: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    as_of: date | None = None

    def skip(self, sentence: str) -> None:
        """Count a record that is left out and keep the first sentences that say where and why."""
        self.skipped += 1
        if len(self.skipped_because) < KEPT_SENTENCES:
            self.skipped_because.append(sentence)

    def count(self, row: Row) -> None:
        """Count one entry that was taken."""
        self.entries += 1
        self.aliases += len(row["aliases"])
        self.weak_aliases += len(row["weak"])
        self.addresses += len(row["addresses"])
        self.identifiers += len(row["identifiers"])

    def country(self, name: str) -> str:
        """The alpha-2 code of a country name, or "" and a count of the name when nobody knows it."""
        code = country_code(name)
        if code is None:
            self.unknown_countries[name.strip()] += 1
        return code or ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, as an edition keeps it."""
        return {
            "read": dict(sorted(self.read.items())),
            "entries": self.entries,
            "aliases": self.aliases,
            "weak_aliases": self.weak_aliases,
            "addresses": self.addresses,
            "identifiers": self.identifiers,
            "orphans": {
                part: {"records": len(ids), "ids": sorted(set(ids), key=_natural)} for part, ids in self.orphans.items()
            },
            "unknown_countries": dict(sorted(self.unknown_countries.items())),
            "skipped": self.skipped,
            "skipped_because": self.skipped_because,
            "notes": self.notes,
            "doubts": self.doubts,
        }


def party(
    report: Report,
    *,
    id: str,
    name: str,
    effect: str,
    kind: str = "",
    aliases: Iterable[str] = (),
    weak: Iterable[str] = (),
    countries: Iterable[str] = (),
    addresses: Iterable[str] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    births: Iterable[str] = (),
    programme: str = "",
    note: str = "",
) -> Row:
    """One entry in the shape that `policies.engine.read.listed` reads, without repetitions, and counted.

    What stands twice stands once: an alias equal to the name is left out, a weak alias equal to a good one too.
    """
    good = _once(aliases, without={name})
    row: Row = {
        "id": id,
        "name": _one_line(name),
        "effect": effect,
        "kind": kind,
        "aliases": good,
        "weak": _once(weak, without={name, *good}),
        "countries": sorted({code for code in countries if code}),
        "addresses": _once(addresses),
        "identifiers": sorted([what, _one_line(value)] for what, value in set(identifiers) if value.strip()),
        "births": _once(births),
        "programme": _one_line(programme),
        "note": _one_line(note),
    }
    report.count(row)
    return row


def name_id(prefix: str, name: str) -> str:
    """An id for an entry of a publisher that gives none: it stays the same while the name does.

    >>> name_id("DPL", "I.  Ash") == name_id("DPL", "I. ASH")
    True
    """
    return f"{prefix}-{hashlib.sha256(_one_line(name).casefold().encode()).hexdigest()[:12]}"


def birth_date(text: str) -> str:
    """An ISO date for an exact day ("10 Dec 1948"), a year and month for "Dec 1948"; everything else as written."""
    plain = " ".join(text.split())
    if plain.replace("-", "").isdigit():
        return plain
    for written, form in (("%d %b %Y", "%Y-%m-%d"), ("%d %B %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%B %Y", "%Y-%m")):
        try:
            return datetime.strptime(plain, written).strftime(form)  # noqa: DTZ007 - a day, no point in time
        except ValueError:
            continue
    return plain


class Lines:
    """The decoded lines of a file, for `csv.reader`. `fallback` is tried on a line that is not UTF-8.

    After the last line `ended_by_mark` says whether the file ended with 0x1A, as some publishers end a whole file.
    """

    def __init__(self, file: ListFile, *, fallback: str = "") -> None:
        self.file, self.fallback = file, fallback
        self.number, self.last, self.foreign, self.ended_by_mark = 0, "", 0, False

    def __iter__(self) -> Iterator[str]:
        file = self.file
        file.stream.seek(0)
        while raw := file.stream.readline(LONGEST_LINE):
            if not self.number and raw.startswith(ARCHIVE):
                raise ListFileError("this is a ZIP archive or a workbook; unpack it and give the list", file=file.name)
            if raw[0] == END_MARK and not raw[1:].strip() and not file.stream.read(1):
                self.ended_by_mark = True
                return
            self.number += 1
            if len(raw) == LONGEST_LINE:
                raise self.error(
                    f"the line is longer than {LONGEST_LINE} bytes; this is no list file", column=LONGEST_LINE
                )
            self.last = self._decode(raw)
            yield self.last.removeprefix("\ufeff") if self.number == 1 else self.last
        if not self.number:
            raise ListFileError("the file is empty (0 bytes); download it again", file=file.name)

    def error(self, message: str, *, column: int = 0) -> ListFileError:
        """An error at the line read last; without a column, at its end."""
        return ListFileError(
            message, file=self.file.name, line=self.number, column=column or len(self.last.rstrip("\r\n")) + 1
        )

    def _decode(self, raw: bytes) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if not self.fallback:
                raise self.error(f"byte 0x{raw[error.start]:02x} is not UTF-8", column=error.start + 1) from error
            text = self._decode_otherwise(raw)
        if (nul := text.find("\0")) >= 0:
            raise self.error("a NUL byte stands in the text; the file is damaged or no text", column=nul + 1)
        return text

    def _decode_otherwise(self, raw: bytes) -> str:
        try:
            text = raw.decode(self.fallback)
        except UnicodeDecodeError as error:
            message = f"byte 0x{raw[error.start]:02x} is neither UTF-8 nor {self.fallback}"
            raise self.error(message, column=error.start + 1) from error
        self.foreign += 1
        return text


def records(lines: Lines, *, columns: int | None, delimiter: str = ",") -> Iterator[list[str]]:
    """CSV records of exactly `columns` fields (`None`: any). Raises `ListFileError` where one is cut off or damaged."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    try:
        for record in reader:
            if record and columns is not None and len(record) != columns:
                raise lines.error(
                    f"expected {columns} columns, found {len(record)}; the file is cut off or another one"
                )
            if record:
                yield record
    except csv.Error as error:
        raise lines.error(f"{error}; the file is cut off or damaged, download it again") from error
    if not lines.last.endswith("\n") and not lines.ended_by_mark:
        raise lines.error("the last line does not end; the file is cut off, download it again")


def only(files: Sequence[ListFile]) -> ListFile:
    """The one file of a source that has one. Raises `ListFileError` for none or several."""
    if len(files) != 1:
        raise ListFileError("this source is one file; give exactly one", file=files[1].name if files else "(no file)")
    return files[0]


def _once(values: Iterable[str], *, without: Iterable[str] = ()) -> list[str]:
    left_out = {_one_line(value).casefold() for value in without}
    found = {_one_line(value) for value in values}
    return sorted(value for value in found if value and value.casefold() not in left_out)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _natural(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() else 0, text)
