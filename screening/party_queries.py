"""Parties that are looked for without a shipment: the vocabulary of `screening.payload`, one party or many at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from screening import payload_checks as checks
from screening.payload import PARTY, PayloadError
from screening.payload_checks import Check, FieldError

MAX_QUERIES, MAX_HITS, USUAL_HITS, LEAST_SCORE = 500, 50, 10, 0.5
MAX_LETTERS = 100_000  # of all names in one request: what one request may make the matcher read
NOTHING_SAID = "holds no letter and no digit, so there is nothing to look for"
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Query:
    """One party that is looked for, with the caller's own id. `problem` says why there is nothing to look for."""

    id: str | None
    party: dict[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parties of a request, the score from which likeness counts (`None`: the policy's), the hits for each."""

    queries: tuple[Query, ...]
    threshold: float | None
    limit: int


def clean_party(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check one party: as in a shipment, without a role. Raises `PayloadError`."""
    errors: list[FieldError] = []
    party = _party(raw, errors)
    if errors:
        raise PayloadError(errors)
    return party


def clean(raw: object, options: Mapping[str, Any] = NO_OPTIONS) -> Asked:
    """Check the body of a match request: one party, or `queries` with many, and the options beside them.

    `options` are those of the address; those of the body count before them. Raises `PayloadError`. In a batch, a name
    that says nothing is a problem of its own query and not of the request.
    """
    if not isinstance(raw, Mapping):
        raise PayloadError([FieldError("", "the body must be one JSON object: a party, or queries")])
    errors: list[FieldError] = []
    given = {**options, **{name: raw[name] for name in OPTIONS if raw.get(name) is not None}}
    chosen = checks.object_of(OPTIONS)(given, "", errors)
    rest = {name: value for name, value in raw.items() if name not in OPTIONS}
    queries = _batch(rest, errors) if "queries" in raw else [_party(rest, errors)]
    if not errors:
        _check_size(queries, errors)
    if errors:
        raise PayloadError(errors)
    return Asked(tuple(map(_query, queries)), chosen.get("threshold"), chosen.get("limit", USUAL_HITS))


def _party(raw: Mapping[str, Any], errors: list[FieldError]) -> dict[str, Any]:
    party: dict[str, Any] = _PARTY(raw, "", errors)
    if not errors and not says_something(party["name"]):
        errors.append(FieldError("name", NOTHING_SAID))
    return party


def _batch(raw: Mapping[str, Any], errors: list[FieldError]) -> list[dict[str, Any]]:
    queries = raw["queries"]
    if not isinstance(queries, list) or not queries:
        errors.append(FieldError("queries", "must be a list of at least one party"))
    elif len(queries) > MAX_QUERIES:
        many = f"has {len(queries):,} parties; at most {MAX_QUERIES} are accepted in one request, send several requests"
        errors.append(FieldError("queries", many))
    else:
        checked: dict[str, Any] = _BATCH(raw, "", errors)
        return list(checked.get("queries", ()))
    return []


def _check_size(queries: list[dict[str, Any]], errors: list[FieldError]) -> None:
    """Aliases and owners are looked for like names, so what a request costs is the length of all of them."""
    owners = [owner for query in queries for owner in query.get("owners", ())]
    names = [name for query in queries for name in (query["name"], *query.get("aliases", ()))]
    letters = sum(map(len, [*names, *(owner["name"] for owner in owners)]))
    if letters > MAX_LETTERS:
        much = f"the names have {letters:,} letters in all; at most {MAX_LETTERS:,} are accepted, send several requests"
        errors.append(FieldError("queries", much))


def _query(raw: dict[str, Any]) -> Query:
    party = {name: value for name, value in raw.items() if name != "id"}
    return Query(raw.get("id"), party, "" if says_something(party["name"]) else f"The name {NOTHING_SAID}.")


def says_something(name: str) -> bool:
    """Whether a name has a letter or digit of any script: signs and pictures name nobody.

    >>> says_something("Звезда"), says_something("5"), says_something("!? \\N{ROCKET}")
    (True, True, False)
    """
    return any(sign.isalnum() for sign in name)


def _threshold(value: Any, path: str, errors: list[FieldError]) -> Any:
    known = len(errors)
    checked = checks.amount(least=LEAST_SCORE, most=1)(value, path, errors)
    return float(checked) if len(errors) == known else None


def _limit(value: Any, path: str, errors: list[FieldError]) -> Any:
    text = str(value)
    whole = isinstance(value, int | str) and not isinstance(value, bool) and text.isascii() and text.isdigit()
    if whole and len(text) < 4 and 1 <= int(text) <= MAX_HITS:
        return int(text)
    errors.append(FieldError(path, f"must be a whole number from 1 to {MAX_HITS}"))
    return None


SOUGHT = ("name", "aliases", "country", "address", "type", "identifiers", "owners", "date_of_birth")
QUERY: Mapping[str, Check] = {"id": checks.label(100), **{name: PARTY[name] for name in SOUGHT}}
OPTIONS: Mapping[str, Check] = {"threshold": _threshold, "limit": _limit}
_PARTY = checks.object_of(QUERY, required=("name",))
_BATCH = checks.object_of({"queries": checks.list_of(_PARTY, MAX_QUERIES)})
