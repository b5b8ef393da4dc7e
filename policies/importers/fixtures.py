"""Test lists: the `fixtures` block of a file of worked examples (YAML), as three lists.

    fixtures:
      sanctioned_parties: [{id, name, effect, country, aliases, list}]
      ownership:          [{owner, owned, percent}]
      denials:            [{id, member_state, date, item_code, end_user, country, valid}]

The block may also stand alone, without `fixtures`. A part that is absent is an empty list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from policies.engine import read
from policies.importers.shape import ListFile, ListFileError, Report, Row, only

PARTS = ("sanctioned_parties", "ownership", "denials")
LARGEST = 5_000_000


def parties(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The sanctioned parties, checked by the reader of the engine."""
    for row in _rows(files, "sanctioned_parties", report, lambda row: read.listed("parties/fixtures", row)):
        report.aliases += len(row.get("aliases", ()))
        yield row


def ownership(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Who owns whom, in percent."""
    yield from _rows(files, "ownership", report, read.ownership)


def denials(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Denials of other member states."""
    yield from _rows(files, "denials", report, read.denial)


def _rows(files: Sequence[ListFile], part: str, report: Report, check: Callable[[Row], Any]) -> Iterator[Row]:
    file = only(files)
    for number, row in enumerate(_block(file).get(part) or (), start=1):
        place = f"{part}, row {number}"
        if not isinstance(row, dict):
            raise ListFileError(f"{place}: expected named fields, found {row!r}", file=file.name)
        try:
            check(row)
        except KeyError as error:
            raise ListFileError(f"{place}: the field {error.args[0]!r} is missing", file=file.name) from error
        except (TypeError, ValueError) as error:
            raise ListFileError(f"{place}: {error}", file=file.name) from error
        report.read[part] += 1
        report.entries += 1
        yield row


def _block(file: ListFile) -> Mapping[str, Any]:
    content = _load(file)
    block = content.get("fixtures", content) if isinstance(content, dict) else None
    if not isinstance(block, dict) or not any(part in block for part in PARTS):
        raise ListFileError(f"no fixtures here: expected a block with {', '.join(PARTS)}", file=file.name, line=1)
    return block


def _load(file: ListFile) -> Any:
    file.stream.seek(0)
    raw = file.stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ListFileError(f"larger than {LARGEST} bytes; fixtures are small test lists", file=file.name)
    if not raw.strip():
        raise ListFileError("the file is empty", file=file.name)
    try:
        text = raw.decode("utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):  # an alias may expand without end
            raise ListFileError("YAML aliases (*name) are not read; write the rows out", file=file.name)
        return yaml.safe_load(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise ListFileError(message, file=file.name, line=line, column=column) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message = f"no valid YAML: {getattr(error, 'problem', None) or error}"
        raise ListFileError(message, file=file.name, line=line, column=column) from error
