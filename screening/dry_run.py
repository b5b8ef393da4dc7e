"""Screen a file without storing anything: one shipment body, or worked examples with fixtures, against a policy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from policies.engine import examples, facts, read
from policies.engine.policy import Policy
from policies.engine.screen import screen
from screening.payload import FieldError, PayloadError, clean

LARGEST = 20_000_000  # bytes of a file


class FileError(Exception):
    """The file cannot be read; the message names line and column where there is one."""


@dataclass(frozen=True, slots=True)
class Case:
    """One shipment of the file: its id, its body as written, and what the file expects of it (or nothing)."""

    id: str
    body: Any
    expected: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one case. `differences` says how it differs from what the file expects."""

    id: str
    outcome: str
    reasons: list[str]
    findings: list[dict[str, Any]]
    flags: list[dict[str, Any]]
    errors: list[FieldError]
    differences: list[str]


def load(path: Path) -> Any:
    """The content of a YAML or JSON file. Raises `FileError` with line and column for what cannot be read."""
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST:
            raise FileError(f"{path}: larger than {LARGEST:,} bytes; use the API or split the file")
        return yaml.safe_load(raw.decode("utf-8-sig"))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise FileError(f"{path}, line {line}, column {column}: byte 0x{raw[error.start]:02x} is not UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise FileError(f"{path}{where}: {getattr(error, 'problem', None) or error}") from error


def cases(content: Any) -> list[Case]:
    """The shipments of a file: its `examples` (or `shipments`), a list of bodies, or the one body it is."""
    if isinstance(content, Mapping) and not ({"examples", "shipments"} & set(content)):
        return [Case(id=str(content.get("reference", "1")), body=content, expected=None)]
    named = content if isinstance(content, Mapping) else {}
    rows = content if isinstance(content, list) else named.get("examples", named.get("shipments"))
    if not isinstance(rows, list) or not rows:
        raise FileError("the file holds no shipment: expected one body, a list of bodies, or a list under “examples”")
    return [_case(number, row) for number, row in enumerate(rows, start=1)]


def with_fixtures(policy: Policy, content: Any) -> Policy:
    """The policy with the listed parties, ownership and denials that the file brings along."""
    fixtures = _fixtures(content)
    try:
        return policy.with_lists(
            parties=tuple(read.listed("parties/fixtures", row) for row in fixtures.get("sanctioned_parties", ())),
            ownership=tuple(read.ownership(row) for row in fixtures.get("ownership", ())),
            denials=tuple(read.denial(row) for row in fixtures.get("denials", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(f"fixtures: a row is wrong or lacks {error}") from error


def licences(content: Any) -> list[facts.Licence]:
    """The licences that the file brings along."""
    return [_licence(row) for row in _fixtures(content).get("licences", ())]


def results(content: Any, policy: Policy, *, received_on: date) -> Iterator[Result]:
    """Screen every shipment of a file, one after the other."""
    richer, held = with_fixtures(policy, content), licences(content)
    dismissed = _fixtures(content).get("dismissals", ())
    for case in cases(content):
        yield _screen(case, richer, held, received_on, dismissed)


def _screen(
    case: Case, policy: Policy, held: Sequence[facts.Licence], received_on: date, dismissed: Sequence[Any]
) -> Result:
    try:
        body = clean(case.body)
    except PayloadError as error:
        return Result(case.id, "refused", [], [], [], error.errors, _differences("refused", [], case.expected))
    given = facts.read(body, licences=held, received_on=received_on)
    try:
        given = examples.with_dismissals(given, dismissed, policy.parties) if dismissed else given
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(f"fixtures.dismissals: a row is wrong or lacks {error}") from error
    result = screen(given, policy)
    return Result(
        id=case.id,
        outcome=result.outcome,
        reasons=result.reasons,
        findings=[finding.as_dict() for finding in result.findings],
        flags=list(result.flags),
        errors=[],
        differences=_differences(result.outcome, result.reasons, case.expected),
    )


def _differences(outcome: str, reasons: Sequence[str], expected: Mapping[str, Any] | None) -> list[str]:
    if expected is None:
        return []
    found = (
        [f"outcome is {outcome}, expected {expected['outcome']}"] if outcome != expected.get("outcome", outcome) else []
    )
    found += [f"{code} is missing" for code in expected.get("reasons", ()) if code not in reasons]
    found += [f"{code} must not be raised" for code in expected.get("absent", ()) if code in reasons]
    return found


def _case(number: int, row: Any) -> Case:
    if isinstance(row, Mapping) and "shipment" in row:
        return Case(id=str(row.get("id", number)), body=row["shipment"], expected=row.get("expected"))
    reference = row.get("reference") if isinstance(row, Mapping) else None
    return Case(id=str(reference or number), body=row, expected=None)


def _fixtures(content: Any) -> Mapping[str, Any]:
    fixtures = content.get("fixtures", {}) if isinstance(content, Mapping) else {}
    if not isinstance(fixtures, Mapping):
        raise FileError("fixtures: expected named lists")
    return fixtures


def _licence(row: Mapping[str, Any]) -> facts.Licence:
    try:
        rest: dict[str, Any] = {
            name: value for name, value in row.items() if name not in ("id", "number", "valid_from", "valid_to")
        }
        rest |= {name: date.fromisoformat(str(row[name])) for name in ("valid_from", "valid_to")}
        return facts.Licence(number=str(row.get("number") or row["id"]), **rest)
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(f"fixtures.licences: a row is wrong or lacks {error}") from error
