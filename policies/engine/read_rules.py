"""One rule, read and compiled: what is wrong with it is said before it can judge anything."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from policies.engine.facts import day
from policies.engine.language import SCOPES, compile_clause
from policies.engine.lists import EFFECTS
from policies.engine.policy import STAGES, Rule

ALL_EFFECTS = (*EFFECTS, "cover", "flag")
DIRECTIONS = ("export", "import", "transit", "transfer", "brokering", "technical_assistance")


def rule(row: Mapping[str, Any]) -> Rule:
    """Read and compile one rule. Raises `ClauseError` (with the column) or `ValueError` for what is wrong with it."""
    stage = row.get("stage") or ("flag" if row["effect"] == "flag" else "rule")
    _check(row, stage)
    return Rule(
        id=row["id"],
        title=row["title"],
        scope=row["scope"],
        clauses=tuple(compile_clause(source, scope=row["scope"], stage=stage) for source in row["clauses"]),
        effect=row["effect"],
        reason=row.get("reason", ""),
        stage=stage,
        weight=float(row.get("weight", 0)),
        category=row.get("category", ""),
        legal_basis=row.get("legal_basis", ""),
        principles=tuple(row.get("principles", ())),
        directions=tuple(row.get("directions", ())),
        valid_from=day(row.get("valid_from")),
        valid_to=day(row.get("valid_to")),
        remedy=row.get("remedy", ""),
        note=row.get("note", ""),
        examples=row.get("examples", {}),
    )


def _check(row: Mapping[str, Any], stage: str) -> None:
    scope, effect = row["scope"], row["effect"]
    if unknown := set(row) - {field.name for field in fields(Rule)}:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    if scope not in SCOPES:
        raise ValueError(f"unknown scope {scope!r}: use one of {', '.join(SCOPES)}")
    if effect not in ALL_EFFECTS:
        raise ValueError(f"unknown effect {effect!r}: use one of {', '.join(ALL_EFFECTS)}")
    if stage not in STAGES or (effect == "flag") != (stage == "flag"):
        raise ValueError(f"stage {stage!r} does not go with effect {effect!r}")
    if unknown := set(row.get("directions", ())) - set(DIRECTIONS):
        raise ValueError(f"unknown direction {', '.join(sorted(unknown))}")
    if effect == "cover" and scope != "line":
        raise ValueError("a cover lifts the licence requirement of its own line: its scope must be line")
    if effect != "flag" and not row.get("reason"):
        raise ValueError("a rule needs a reason code")
    if not row["clauses"]:
        raise ValueError("a rule needs at least one clause")
