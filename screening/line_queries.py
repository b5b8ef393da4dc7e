"""Lines of goods that are classified without a shipment: the vocabulary of `screening.payload`, one line or many."""

from collections.abc import Mapping
from typing import Any

from screening import payload_checks as checks
from screening.payload import LINE, PayloadError
from screening.payload_checks import Check, FieldError

MAX_LINES, MAX_DESCRIPTION = 500, 8_000
MAX_LETTERS = 200_000  # of all descriptions in one request: what one request may make the classifier read
SAYS = ("description", "control_code", "hs_code", "cas_number", "attributes")
ASKED: Mapping[str, Check] = {**LINE, "description": checks.text(MAX_DESCRIPTION)}
NOTHING_SAID = "says nothing of the goods; give a description, a code, an HS or CAS number, or attributes"
_LINE = checks.object_of(ASKED)
_MANY = checks.object_of({"lines": checks.list_of(_LINE, MAX_LINES)})


def clean(raw: object) -> list[dict[str, Any]]:
    """Check the body of a request: one line, or `lines` with many. Each has its number. Raises `PayloadError`."""
    if not isinstance(raw, Mapping):
        raise PayloadError([FieldError("", "the body must be one JSON object: a line, or lines")])
    errors: list[FieldError] = []
    many = "lines" in raw
    lines = _batch(raw, errors) if many else [_LINE(raw, "", errors)]
    if not errors:
        _check(lines, errors, many=many)
    if errors:
        raise PayloadError(errors)
    return lines


def _batch(raw: Mapping[str, Any], errors: list[FieldError]) -> list[dict[str, Any]]:
    lines = raw["lines"]
    if not isinstance(lines, list) or not lines:
        errors.append(FieldError("lines", "must be a list of at least one line"))
        return []
    if len(lines) > MAX_LINES:
        many = f"has {len(lines):,} lines; at most {MAX_LINES} are accepted in one request, send several requests"
        errors.append(FieldError("lines", many))
        return []
    return list(_MANY(raw, "", errors).get("lines", ()))


def _check(lines: list[dict[str, Any]], errors: list[FieldError], *, many: bool) -> None:
    """Number the lines, and refuse what says nothing or is more than one request may ask."""
    for position, line in enumerate(lines):
        line.setdefault("number", position + 1)
        if not any(line.get(name) for name in SAYS):
            path = f"lines[{position}]" if many else "description"
            errors.append(FieldError(path, NOTHING_SAID))
    letters = sum(len(line.get("description", "")) for line in lines)
    if letters > MAX_LETTERS:
        most = f"at most {MAX_LETTERS:,} are accepted, send several requests"
        errors.append(FieldError("lines", f"the descriptions have {letters:,} letters in all; {most}"))
