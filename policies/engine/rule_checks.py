"""What is wrong with a rule as an editor wrote it: every problem at once, with its field, clause and column.

`read_rules.rule` stops at the first mistake and is what builds a policy; this looks at a whole row so that a person
can mend it in one go. A row without problems is one that `read_rules.rule` reads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.engine import example_checks
from policies.engine.language import MAX_SOURCE, SCOPES, ClauseError, compile_batch, compile_clause
from policies.engine.policy import STAGES, Policy
from policies.engine.read_rules import ALL_EFFECTS, DIRECTIONS

TEXTS = {
    "id": 40,
    "title": 200,
    "scope": 20,
    "effect": 20,
    "reason": 60,
    "stage": 20,
    "category": 40,
    "legal_basis": 1000,
    "remedy": 1000,
    "note": 2000,
}
LISTS = {"clauses": 20, "principles": 22, "directions": len(DIRECTIONS)}
OTHERS = {"weight", "valid_from", "valid_to", "examples"}
MANDATORY = ("id", "title", "scope", "effect", "clauses")
MAX_EXAMPLES = 20
MAX_ROW = 100_000
MAX_CLAUSES = 20_000
_BROKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `clause` counts from 1 and `column` from 1 within it; both are 0 where they mean nothing."""

    field: str
    message: str
    clause: int = 0
    column: int = 0


def problems(row: Mapping[str, Any], policy: Policy) -> list[Problem]:
    """Everything that is wrong with a rule; `policy` knows the reason codes and principles there are."""
    try:
        length = len(json.dumps(row, default=str, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        return [Problem("", f"The rule cannot be read ({error}).")]
    if length > MAX_ROW:
        return [Problem("", f"The rule has {length} characters; {MAX_ROW} are allowed. Take examples or text out.")]
    shapes = list(_shapes(row))
    wrong = {problem.field for problem in shapes}
    rest = {name: value for name, value in row.items() if name not in wrong}
    return [*shapes, *_words(rest, policy), *_together(rest), *_clauses(rest), *dates(rest), *_examples(rest)]


def _shapes(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Unknown fields, missing fields, wrong types and lengths."""
    for name, value in row.items():
        if name in TEXTS and value is not None:
            if not isinstance(value, str):
                yield Problem(name, "Write text here.")
            elif len(value) > TEXTS[name]:
                yield Problem(name, f"Write at most {TEXTS[name]} characters; there are {len(value)}.")
            elif _BROKEN.search(value):
                yield Problem(name, "It contains control characters or broken text; write it anew.")
        elif name in LISTS and value is not None:
            if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
                yield Problem(name, "Give a list of texts.")
            elif len(value) > LISTS[name]:
                yield Problem(name, f"Give at most {LISTS[name]}; there are {len(value)}.")
            elif any(_BROKEN.search(item) for item in value):
                yield Problem(name, "It contains control characters or broken text; write it anew.")
        elif name not in TEXTS and name not in LISTS and name not in OTHERS:
            yield Problem(str(name), f"A rule has no field {name}; take it out.")
    for name in MANDATORY:
        if row.get(name) in (None, "", []):
            yield Problem(name, "This field is needed.")
    weight = row.get("weight")
    if weight is not None and (
        isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1000
    ):
        yield Problem("weight", "Give a number from 0 to 1000.")


def _words(row: Mapping[str, Any], policy: Policy) -> Iterator[Problem]:
    """Values that must be of a set: scope, effect, stage, directions, reason code, principles, the form of the id."""
    if row.get("id") and not _ID.fullmatch(row["id"]):
        yield Problem("id", "Use capital letters, digits and single hyphens, beginning with a letter: EMB-ARMS-2.")
    for name, known in (("scope", tuple(SCOPES)), ("effect", ALL_EFFECTS), ("stage", STAGES)):
        if row.get(name) and row[name] not in known:
            yield Problem(name, f"{row[name]!r} is not known; use one of {', '.join(known)}.")
    for name, many in (("directions", DIRECTIONS), ("principles", tuple(policy.principles))):
        given = row.get(name) or ()
        for item in given:
            if item not in many:
                yield Problem(name, f"{item!r} is not known; use one of {', '.join(many)}.")
        if len(set(given)) < len(given):
            yield Problem(name, "One of them stands twice.")
    if row.get("reason") and row["reason"] not in policy.reasons:
        yield Problem("reason", f"{row['reason']!r} is not in the list of reason codes.")


def _together(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Fields that depend on each other."""
    effect, scope = row.get("effect"), row.get("scope")
    stage = row.get("stage") or ("flag" if effect == "flag" else "rule")
    if effect in ALL_EFFECTS and stage in STAGES and (effect == "flag") != (stage == "flag"):
        yield Problem("stage", f"The stage {stage} does not go with the effect {effect}; leave the stage empty.")
    if effect == "cover" and scope in SCOPES and scope != "line":
        yield Problem("scope", "A cover lifts the licence requirement of its own line: its scope must be line.")
    if effect == "flag":
        if row.get("reason"):
            yield Problem("reason", "A red flag has no reason code; its weight counts. Leave it empty.")
        if not row.get("weight"):
            yield Problem("weight", "A red flag needs a weight above 0.")
    else:
        if not row.get("reason"):
            yield Problem("reason", "Choose the reason code that the rule raises.")
        if not (row.get("legal_basis") or "").strip():
            yield Problem("legal_basis", "Name the act and article that the rule carries out.")
    if not row.get("principles"):
        yield Problem("principles", "Choose at least one principle that the rule serves.")


def _clauses(row: Mapping[str, Any]) -> Iterator[Problem]:
    given = row.get("clauses", ())
    if not given:
        if "clauses" in row:
            yield Problem("clauses", "Write at least one clause.")
        return
    if (length := sum(map(len, given))) > MAX_CLAUSES:
        yield Problem("clauses", f"All clauses together may have {MAX_CLAUSES} characters; there are {length}.")
        return
    scope = row.get("scope")
    stage = row.get("stage") or ("flag" if row.get("effect") == "flag" else "rule")
    programs = []
    for number, source in enumerate(given, start=1):
        if not source.strip():
            yield Problem("clauses", "This clause is empty; write it or take it out.", number)
        elif len(source) > MAX_SOURCE:
            yield Problem("clauses", f"A clause may have {MAX_SOURCE} characters, this one has {len(source)}.", number)
        elif scope in SCOPES:
            try:
                programs.append(compile_clause(source, scope=scope, stage=stage))
            except ClauseError as error:
                yield Problem("clauses", error.message, number, error.column)
    if len(programs) == len(given):
        try:
            compile_batch([programs], scope=str(scope), stage=stage)
        except ClauseError as error:
            yield Problem("clauses", f"The clauses cannot be used together ({error.message}); make them simpler.")


def dates(row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the first and the last day of a rule."""
    days, found = {}, []
    for name in ("valid_from", "valid_to"):
        value = row.get(name)
        if value in (None, ""):
            continue
        try:
            days[name] = value if isinstance(value, date) else date.fromisoformat(value)
        except (TypeError, ValueError):
            found.append(Problem(name, "Write a date as YYYY-MM-DD."))
    if len(days) == 2 and days["valid_to"] < days["valid_from"]:
        found.append(Problem("valid_to", "The last day lies before the first day."))
    return found


def _examples(row: Mapping[str, Any]) -> Iterator[Problem]:
    given = row.get("examples") or {}
    if not isinstance(given, Mapping):
        yield Problem("examples", "Give examples under fires and not.")
        return
    for kind, patches in given.items():
        field = f"examples.{kind}"
        if kind not in ("fires", "not"):
            yield Problem(field, f"Examples stand under fires or not; {kind} is not known.")
        elif not isinstance(patches, list | tuple):
            yield Problem(field, "Give a list of examples.")
        elif len(patches) > MAX_EXAMPLES:
            yield Problem(field, f"Give at most {MAX_EXAMPLES} examples; there are {len(patches)}.")
        else:
            for number, patch in enumerate(patches, start=1):
                for message in example_checks.mistakes(patch):
                    yield Problem(field, f"Example {number}: {message}")
