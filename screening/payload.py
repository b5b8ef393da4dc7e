"""The payload vocabulary: what a shipment may say, checked once for API, forms, bulk files and commands.

`clean` returns plain JSON values with normalised codes of countries and units, or raises `PayloadError` with every
mistake it found, each with the path of its field. Absent fields stay absent: what is missing is for the rules to judge.
"""

from collections.abc import Mapping
from typing import Any

from screening import payload_checks as checks
from screening.payload_checks import (
    CONCERNS,
    DIRECTIONS,
    IDENTIFIERS,
    PARTY_TYPES,
    ROLES,
    UNITS,
    Check,
    FieldError,
)

__all__ = [
    "CONCERNS",
    "DIRECTIONS",
    "IDENTIFIERS",
    "PARTY_TYPES",
    "ROLES",
    "UNITS",
    "FieldError",
    "PayloadError",
    "clean",
    "clean_goods",
]

MAX_LINES, MAX_PARTIES = 400, 50
ROUTE = ("direction", "origin", "destination", "final_destination", "transit_countries", "shipment_date")


class PayloadError(Exception):
    """The payload cannot be accepted. `errors` holds every mistake found, in the order of the payload."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.path}: {error.message}" for error in errors))
        self.errors = errors


def clean(raw: object) -> dict[str, Any]:
    """Check a payload against the vocabulary. Raises `PayloadError`; the input is never changed.

    >>> clean({"direction": "export", "destination": "no"})["destination"]
    'NO'
    """
    errors: list[FieldError] = []
    if not isinstance(raw, Mapping):
        raise PayloadError([FieldError("", "the body must be one JSON object that describes a shipment")])
    value = checks.object_of(SHIPMENT)(raw, "", errors)
    if raw.get("direction") is None:
        errors.insert(0, FieldError("direction", f"say one of {', '.join(DIRECTIONS)}: it decides which rules apply"))
    if not errors:
        _number_lines(value.get("lines", []), errors)
    if errors:
        raise PayloadError(errors)
    return dict(value)


def clean_goods(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """The lines and route of a payload that may not be complete yet, and the mistakes of lines that were left out."""
    route = {name: _alone(name, raw[name]) for name in ROUTE if raw.get(name) is not None}
    lines, errors = [], []
    for position, line in enumerate(list(raw.get("lines", ()))[:MAX_LINES]):
        mistakes: list[FieldError] = []
        cleaned = checks.object_of(LINE)(line, f"lines[{position}]", mistakes)
        errors += mistakes
        if not mistakes:
            lines.append({**cleaned, "number": position + 1})
    return {name: value for name, value in route.items() if value is not None} | {"lines": lines}, errors


def _alone(name: str, value: Any) -> Any:
    """The value of a field, or nothing while it holds a mistake."""
    mistakes: list[FieldError] = []
    cleaned = SHIPMENT[name](value, name, mistakes)
    return None if mistakes else cleaned


def _number_lines(lines: list[dict[str, Any]], errors: list[FieldError]) -> None:
    seen: set[int] = set()
    for position, line in enumerate(lines):
        number = line.setdefault("number", position + 1)
        if number in seen:
            errors.append(
                FieldError(f"lines[{position}].number", f"line number {number} stands twice; number each line once")
            )
        seen.add(number)


OWNER: Mapping[str, Check] = {"name": checks.text(500), "country": checks.country, "percent": checks.amount(most=100)}
PARTY: Mapping[str, Check] = {
    "role": checks.one_of(ROLES, "role"),
    "name": checks.text(500),
    "aliases": checks.list_of(checks.text(500), 50),
    "country": checks.country,
    "address": checks.text(1000),
    "type": checks.party_type,
    "identifiers": checks.object_of({kind: checks.label(200) for kind in IDENTIFIERS}),
    "registered_on": checks.day,
    "in_free_zone": checks.yes_no,
    "wholly_owned_by_exporter": checks.yes_no,
    "owners": checks.list_of(checks.object_of(OWNER, required=("name",)), 50),
    "date_of_birth": checks.label(40),
}
LINE: Mapping[str, Check] = {
    "number": checks.whole,
    "description": checks.text(10_000),
    "control_code": checks.control_code,
    "hs_code": checks.hs_code,
    "cas_number": checks.cas_number,
    "concentration_percent": checks.amount(most=100),
    "quantity": checks.amount(above=0),
    "unit": checks.one_of(UNITS, "unit"),
    "value": checks.amount(),
    "currency": checks.text(3),
    "intangible": checks.yes_no,
    "attributes": checks.attributes,
}
DECLARATIONS: Mapping[str, Check] = {
    "exporter_informed": checks.concerns,
    "exporter_aware": checks.concerns,
    "general_authorisations": checks.list_of(checks.authorisation, 20),
    "first_use_notified_days": checks.whole,
    "licence": checks.label(100),
    "no_russia_clause": checks.yes_no,
    "temporary_export": checks.yes_no,
    "return_within_days": checks.whole,
    "public_fair": checks.yes_no,
    "repair_return": checks.yes_no,
    "initial_licence": checks.label(100),
    "same_end_user": checks.yes_no,
    "personal_effects": checks.yes_no,
    "invitation_on_file": checks.yes_no,
    "public_domain": checks.yes_no,
    "internal_compliance_programme": checks.yes_no,
    "no_processing_in_destination": checks.yes_no,
    "government_approval_on_file": checks.yes_no,
    "exemption_claimed": checks.text(300),
}
SHIPMENT: Mapping[str, Check] = {
    "reference": checks.label(100),
    "direction": checks.one_of(DIRECTIONS, "direction"),
    "origin": checks.country,
    "destination": checks.country,
    "final_destination": checks.country,
    "transit_countries": checks.list_of(checks.country, 30),
    "shipment_date": checks.day,
    "parties": checks.list_of(checks.object_of(PARTY, required=("role", "name")), MAX_PARTIES),
    "lines": checks.list_of(checks.object_of(LINE), MAX_LINES),
    "end_use": checks.text(5000),
    "declarations": checks.object_of(DECLARATIONS),
}
