"""A file that a person has changed -> rows, each with its line. No database here, and nothing in the file is trusted.

CSV (comma, semicolon or tab), XLSX, YAML or JSON lines. Bounded are the file, each value and the depth; refused are
aliases, which can unfold without end, names that stand twice in a row, and numbers that are none.
"""

import csv
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import SEEK_END, StringIO
from pathlib import PurePath
from typing import Any

import yaml

from policies.importers import ListFile, ListFileError
from policies.importers.workbooks import Workbook

LONGEST_CELL = 100_000
LARGEST = 50_000_000  # bytes; of a YAML file, which takes much more room once it is read, a tenth
DEEPEST = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a file and the line where it begins."""

    line: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """`flat` where the format knows text only; `columns` are then those of the header."""

    rows: tuple[Found, ...]
    flat: bool
    columns: tuple[str, ...] = ()


def read(file: ListFile) -> ReadFile:
    """All rows of a file. Raises `ListFileError` with line and what to do."""
    ending = PurePath(file.name).suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise ListFileError("the format is not known; give .csv, .xlsx, .yaml or .jsonl", file=file.name)
    size, most = file.stream.seek(0, SEEK_END), LARGEST // 10 if reader is _tree else LARGEST
    file.stream.seek(0)
    if not size:
        raise ListFileError("the file is empty (0 bytes); download the list and change that file", file=file.name)
    if size > most:
        raise ListFileError(f"the file has {size} bytes; {most} are the most in this format", file=file.name)
    found = reader(file)
    if not found.rows:
        raise ListFileError("the file holds no row; a list cannot be emptied by a file", file=file.name)
    for one in found.rows:
        for column, value in one.row.items():
            if problem := _wrong(column) or _wrong(value):
                raise ListFileError(f"{column[:60]}: {problem}", file=file.name, line=one.line)
    return found


def _wrong(value: Any, depth: int = 0) -> str:
    """What is wrong with a value, whatever its column."""
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            return f"a value of {len(value)} characters; {LONGEST_CELL} are the most"
        return "control characters or broken text; write it anew" if _BROKEN.search(value) else ""
    if depth > DEEPEST:
        return f"values within values, more than {DEEPEST} deep"
    if isinstance(value, dict | list):
        parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else value
        return next((said for part in parts if (said := _wrong(part, depth + 1))), "")
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is no number"
    if value is None or isinstance(value, bool | int | float):
        return ""
    return f"a value of type {type(value).__name__} cannot be kept; write text, a number, true, false or a list"


def _text(file: ListFile) -> str:
    raw = file.stream.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ListFileError(message, file=file.name, line=line, column=column) from error


def _table(file: ListFile) -> ReadFile:
    text = _text(file)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows: list[Found] = []
    names: list[str] = []
    line = 1
    try:
        for record in reader:
            if not names:
                names = _header(record, file)
            elif any(record):
                if len(record) != len(names):
                    said = f"expected {len(names)} columns, found {len(record)}; quote a value that holds {delimiter!r}"
                    raise ListFileError(said, file=file.name, line=line)
                rows.append(Found(line, dict(zip(names, record, strict=True))))
            line = reader.line_num + 1
    except csv.Error as error:
        said = f"a value of more than {LONGEST_CELL} characters" if "field limit" in str(error) else str(error)
        raise ListFileError(f"{said}; look at the row that begins here", file=file.name, line=line) from error
    return ReadFile(tuple(rows), flat=True, columns=tuple(names))


def _header(record: list[str], file: ListFile) -> list[str]:
    names = [name.strip() for name in record]
    if not all(names) or len(set(names)) < len(names):
        raise ListFileError("the first line must name each column, each once", file=file.name, line=1)
    return names


def _workbook(file: ListFile) -> ReadFile:
    book = Workbook(file, what="list")
    names = tuple(_header(book.header, file))
    rows = tuple(Found(book.line, {name: row.get(name, "") for name in names}) for row in book)
    return ReadFile(rows, flat=True, columns=names)


def _lines(file: ListFile) -> ReadFile:
    rows = []
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ListFileError(f"{error}; write one row a line as JSON", file=file.name, line=number) from error
        if not isinstance(row, dict) or not row:
            raise ListFileError("expected one row with named fields", file=file.name, line=number)
        rows.append(Found(number, row))
    return ReadFile(tuple(rows), flat=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice in one row")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _tree(file: ListFile) -> ReadFile:
    text = _text(file)
    try:
        _look(text, file)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.SequenceNode):
                raise ListFileError("expected a list of rows, each beginning with a dash", file=file.name, line=1)
            rows = tuple(_row(loader, item, file) for item in node.value)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        raise ListFileError(f"no whole YAML: {said}", file=file.name, line=mark.line + 1 if mark else 0) from error
    return ReadFile(rows, flat=False)


def _look(text: str, file: ListFile) -> None:
    """Refuse what could unfold without end or exhaust the reader, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ListFileError("aliases (& and *) are not taken; write the values out", file=file.name, line=line)
        if depth > DEEPEST:
            raise ListFileError(f"values within values, more than {DEEPEST} deep", file=file.name, line=line)


def _row(loader: Any, node: yaml.Node, file: ListFile) -> Found:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise ListFileError("expected a row with named fields", file=file.name, line=line)
    _check_names(node, file)
    return Found(line, _plain(loader.construct_document(node)))


def _check_names(node: yaml.Node, file: ListFile) -> None:
    """Names are text, and stand once in their mapping: of two, YAML would silently keep the last."""
    seen: set[str] = set()
    if isinstance(node, yaml.MappingNode):
        for name, _value in node.value:
            line = name.start_mark.line + 1
            if name.tag != "tag:yaml.org,2002:str":
                raise ListFileError("a name must be text; put it in quotes", file=file.name, line=line)
            if name.value in seen:
                raise ListFileError(f"{name.value} stands twice in one row", file=file.name, line=line)
            seen.add(name.value)
    if not isinstance(node, yaml.ScalarNode):
        for item in node.value:
            _check_names(item[1] if isinstance(item, tuple) else item, file)


def _plain(value: Any) -> Any:
    """Days become ISO text, as a list keeps them."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


_READERS: Mapping[str, Callable[[ListFile], ReadFile]] = {
    ".csv": _table,
    ".tsv": _table,
    ".xlsx": _workbook,
    ".yaml": _tree,
    ".yml": _tree,
    ".jsonl": _lines,
    ".ndjson": _lines,
}
