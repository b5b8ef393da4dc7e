"""Why an entry matters: the rules that its listing alone sets off or prepares, and the principles behind them."""

from dataclasses import replace
from datetime import date
from typing import Any

from policies.engine import facts, subjects
from policies.engine.classify.codes import parents, within
from policies.engine.classify.lines import Classification, classify
from policies.engine.gather import annexes
from policies.engine.gather.lines import line_subject
from policies.engine.language import Program, Undecided, activation
from policies.engine.lists import Authorisation, Entry, groups_of
from policies.engine.policy import Policy, Rule
from policies.engine.schema import message

LISTING = frozenset(  # what a rule reads of a line that its code alone says
    f"line.{name}"
    for name in (
        *("annex_i", "military", "firearm", "anti_torture", "national", "listed", "entry", "code", "codes"),
        *("category", "group", "annex_iv", "section_i", "authorisations", "chemical.schedule", "chemical.code"),
    )
)


def rules(code: str, policy: Policy, *, on: date | None) -> list[dict[str, Any]]:
    """The rules in force whose clauses about the listing of a line all hold for this code.

    Clauses that read the route, the parties or the declarations are left open: they are what a shipment decides.
    """
    held, unlisted = _activation(code, policy, on), _activation("", policy, on)
    wanted = [rule for rule in policy.rules if (rule.scope, rule.stage) == ("line", "rule") and rule.in_force(on)]
    return [_rule(rule) for rule in wanted if _holds(rule, held) and not _holds(rule, unlisted)]


def _activation(code: str, policy: Policy, on: date | None) -> Any:
    """What a rule reads of a line of which only the code is known."""
    line = facts.Line(number=1, control_code=code)
    found = classify(line, policy.goods, on=on)
    shipment = facts.Shipment(direction="export", shipment_date=on, lines=(line,))
    messages = {
        "line": message(line_subject(line, found, shipment, policy, terms=[])),
        "shipment": message(subjects.Shipment()),
        "setting": message(policy.setting),
        "so_far": message(subjects.SoFar()),
    }
    return activation("line", "rule", **messages)


def principles(rules: list[dict[str, Any]], policy: Policy) -> list[dict[str, str]]:
    """The principles that these rules serve, in their order."""
    named = {name for rule in rules for name in rule["principles"]}
    return [
        {
            "id": name,
            "title": str(policy.principles.get(name, {}).get("title", "")),
            "paraphrase": str(policy.principles.get(name, {}).get("paraphrase", "")),
        }
        for name in sorted(named)
    ]


def authorisations(code: str, entry: Entry, policy: Policy, *, on: date | None) -> list[dict[str, Any]]:
    """The general authorisations that include the code or parts of it, and where to."""
    if entry.family != "annex_i":
        return []
    line = facts.Line(number=1, control_code=code)
    above = Classification(number=1, declared=code, entries=(replace(entry, also=()),), codes=parents(code))
    whole = annexes.of_line(line, above, policy)
    found = []
    for item in policy.authorisations.values():
        parts = _parts(item, code, entry, whole)
        if item.id in whole["authorisations"] or parts:
            found.append(_authorisation(item, parts, policy, whole=item.id in whole["authorisations"], on=on))
    return found


def _holds(rule: Rule, held: Any) -> bool:
    """Whether all clauses hold that read the listing alone; a rule without such a clause says nothing of entries."""
    own = [clause for clause in rule.clauses if _of_line(clause)]
    try:
        return bool(own) and all(clause.holds(held) for clause in own)
    except Undecided:
        return False


def _of_line(clause: Program) -> bool:
    """Whether a clause reads nothing but what the code of a line decides."""
    return bool(clause.paths) and all(path in LISTING for path, *_ in clause.paths)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "effect": rule.effect,
        "reason": rule.reason,
        "legal_basis": rule.legal_basis,
        "principles": list(rule.principles),
        "directions": list(rule.directions),
    }


def _parts(item: Authorisation, code: str, entry: Entry, whole: dict[str, Any]) -> dict[str, list[str]]:
    """Where an authorisation has only parts of an entry: which it names, and which it leaves out."""
    if item.included_groups and entry.group not in item.included_groups:
        return {}
    named = [part for part in item.include if part != code and within(part, code)]
    if not named and "*" not in item.include and not any(within(code, part) for part in item.include):
        return {}
    if any(within(code, part) for part in item.exclude) or (item.section_i and whole["section_i"] == "yes"):
        return {}
    spared = [part for part in item.exclude if within(part, code)]
    if item.section_i and whole["section_i"] == "unknown":
        spared += [part for part in entry.section_i_codes if within(part, code)] or ["Section I"]
    return {"only": named, "not": spared} if named or spared else {}


def _authorisation(
    item: Authorisation, parts: dict[str, list[str]], policy: Policy, *, whole: bool, on: date | None
) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "legal_basis": item.legal_basis,
        "whole": whole,
        "only": parts.get("only", []) if not whole else [],
        "not": parts.get("not", []) if not whole else [],
        "destinations": sorted(place.code for place in policy.destinations.values() if item.id in groups_of(place, on)),
        "reminders": list(item.reminders),
    }
