"""The checks that the payload vocabulary is made of: one value in, the normalised value out, mistakes noted by path."""

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django_countries import countries

from policies.engine.classify.codes import normalise

DIRECTIONS = ("export", "import", "transit", "transfer", "brokering", "technical_assistance")
ROLES = (
    *("exporter", "importer", "consignee", "end_user", "intermediary", "broker"),
    *("carrier", "freight_forwarder", "payer", "bank", "notify_party"),
)
PARTY_TYPES = (
    *("private", "armed_forces", "police", "intelligence", "interior_ministry", "government", "hospital", "university"),
    *("freight_forwarder", "person", "certified_recipient", "international_organisation", "security_company", "bank"),
)
UNITS = ("pcs", "set", "pair", "g", "mg", "kg", "t", "mL", "L", "m", "m2", "m3", "licence", "file", "dataset")
IDENTIFIERS = ("registration", "vat", "imo", "passport", "tax", "email", "phone")
CONCERNS = ("wmd", "military", "illicit_parts", "repression")

Check = Callable[[Any, str, "list[FieldError]"], Any]
_CAS = re.compile(r"^[0-9]{2,7}-[0-9]{2}-[0-9]$")
_SLUG = re.compile(r"^[a-z][a-z_]{0,39}$")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake: `path` names the field as in `lines[2].unit` (counted from 0), `message` says what to do."""

    path: str
    message: str


def text(limit: int) -> Check:
    def check(value: Any, path: str, errors: list[FieldError]) -> Any:
        if not isinstance(value, str):
            return _fail(errors, path, "must be text")
        if len(value) > limit:
            return _fail(errors, path, f"has {len(value):,} characters; at most {limit:,} are accepted")
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in value):
            return _fail(errors, path, "contains control characters or broken text; send plain UTF-8 text")
        return value.strip()

    return check


def label(limit: int) -> Check:
    """Text that people also write as a bare number or date: an IMO number, a year of birth, a reference."""

    def check(value: Any, path: str, errors: list[FieldError]) -> Any:
        bare = isinstance(value, int | date) and not isinstance(value, bool)
        return text(limit)(str(value) if bare else value, path, errors)

    return check


def one_of(allowed: Collection[str], what: str) -> Check:
    def check(value: Any, path: str, errors: list[FieldError]) -> Any:
        if isinstance(value, str) and value in allowed:
            return value
        near = difflib.get_close_matches(str(value), allowed, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return _fail(
            errors,
            path,
            f"unknown {what} {_short(value)}{hint} Use one of {', '.join(allowed)}".replace("? Use", "? Use"),
        )

    return check


def country(value: Any, path: str, errors: list[FieldError]) -> Any:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code == "XK" or (len(code) == 2 and code in countries.countries):
        return code
    hint = ' (in YAML, quote "NO")' if value is False else ""
    return _fail(errors, path, f"unknown country {_short(value)}; use an ISO 3166-1 alpha-2 code such as LV{hint}")


def amount(*, above: float | None = None, least: float = 0.0, most: float = 1e15) -> Check:
    def check(value: Any, path: str, errors: list[FieldError]) -> Any:
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            return _fail(
                errors,
                path,
                f"{_short(value)} is not a number; write it with a decimal point and no thousands separator",
            )
        if (above is not None and number <= above) or number < least or number > most:
            low = f"more than {above:g}" if above is not None else f"at least {least:g}"
            return _fail(errors, path, f"{_short(value)} is out of range; it must be {low} and at most {most:g}")
        return value

    return check


def whole(value: Any, path: str, errors: list[FieldError]) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000:
        return value
    return _fail(errors, path, f"{_short(value)} must be a whole number from 0 to 1,000,000")


def yes_no(value: Any, path: str, errors: list[FieldError]) -> Any:
    return value if isinstance(value, bool) else _fail(errors, path, f"{_short(value)} must be true or false")


def day(value: Any, path: str, errors: list[FieldError]) -> Any:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return _fail(errors, path, f"{_short(value)} is not a date; write it as 2026-11-23")
    if not 1900 <= day.year <= 2100:
        return _fail(errors, path, f"{day} is not a plausible date")
    return day.isoformat()


def control_code(value: Any, path: str, errors: list[FieldError]) -> Any:
    code = text(60)(value, path, errors)
    if isinstance(code, str) and code and not normalise(code):
        return _fail(
            errors,
            path,
            f"{_short(code)} is no control code; write it as 3A001.a.7, ML10.c, B4 or 10A905, or leave it out",
        )
    return code


def hs_code(value: Any, path: str, errors: list[FieldError]) -> Any:
    digits = re.sub(r"[\s.]", "", str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 10:
        return digits
    return _fail(errors, path, f"{_short(value)} is no HS code; write 4 to 10 digits such as 847150")


def cas_number(value: Any, path: str, errors: list[FieldError]) -> Any:
    if isinstance(value, str) and _CAS.match(value.strip()):
        return value.strip()
    return _fail(errors, path, f"{_short(value)} is no CAS number; write it as 102-71-6")


def party_type(value: Any, path: str, errors: list[FieldError]) -> Any:
    if isinstance(value, str) and _SLUG.match(value):
        return value
    return _fail(errors, path, f"{_short(value)} is no party type; use one of {', '.join(PARTY_TYPES)}")


def concerns(value: Any, path: str, errors: list[FieldError]) -> Any:
    given = value if isinstance(value, list) else [value]
    return list_of(one_of(CONCERNS, "concern"), 4)(given, path, errors)


def attributes(value: Any, path: str, errors: list[FieldError]) -> Any:
    if not isinstance(value, Mapping) or len(value) > 100:
        return _fail(errors, path, "must be an object of at most 100 technical parameters by name")
    for name, item in value.items():
        text(100)(name, f"{path}.{_short(name)}", errors)
        if isinstance(item, str):
            text(500)(item, f"{path}.{_short(name)}", errors)
        elif not isinstance(item, int | float | bool) or len(str(item)) > 500:
            _fail(errors, f"{path}.{_short(name)}", "must be a number, a short text, or true or false")
        elif isinstance(item, float) and not math.isfinite(item):
            _fail(errors, f"{path}.{name}", "is not a finite number")
    return dict(value)


def authorisation(value: Any, path: str, errors: list[FieldError]) -> Any:
    name = text(40)(value, path, errors)
    return name.upper() if isinstance(name, str) else name


def list_of(check: Check, limit: int) -> Check:
    def check_all(value: Any, path: str, errors: list[FieldError]) -> Any:
        if not isinstance(value, list | tuple):
            return _fail(errors, path, "must be a list")
        if len(value) > limit:
            return _fail(errors, path, f"has {len(value):,} items; at most {limit:,} are accepted, split the shipment")
        return [check(item, f"{path}[{position}]", errors) for position, item in enumerate(value)]

    return check_all


def object_of(schema: Mapping[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    def check(value: Any, path: str, errors: list[FieldError]) -> Any:
        if not isinstance(value, Mapping):
            return _fail(errors, path, "must be an object")
        result: dict[str, Any] = {}
        for key, item in value.items():
            where = f"{path}.{key}" if path else str(key)
            if key not in schema:
                near = difflib.get_close_matches(str(key), schema, n=1)
                _fail(errors, where[:200], f"unknown field{f'; did you mean {near[0]!r}?' if near else ''}")
            elif item is not None:
                result[key] = schema[key](item, where, errors)
        for key in required:
            where = f"{path}.{key}" if path else key
            if not result.get(key) and not any(error.path == where for error in errors):
                _fail(errors, where, "is missing")
        return result

    return check


def _fail(errors: list[FieldError], path: str, message: str) -> None:
    errors.append(FieldError(path, message))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
