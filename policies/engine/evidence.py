"""What a finding shows beside its clauses: the list entry, the hit, the chemical, the embargo row behind it."""

from typing import Any

from policies.engine.classify.explain import candidate_of
from policies.engine.classify.lines import Classification
from policies.engine.evaluate import Trigger
from policies.engine.gather import Gathered
from policies.engine.match.dismissals import Dismissed
from policies.engine.match.explain import hit_of
from policies.engine.policy import Policy
from policies.engine.subjects import Country


def subject_of(trigger: Trigger, gathered: Gathered) -> str:
    """What the finding is about: `shipment`, `line 2`, `party 1 consignee` or `country RU`."""
    if trigger.scope == "line":
        return f"line {gathered.shipment.lines[trigger.position].number}"
    if trigger.scope == "party":
        party = gathered.shipment.parties[trigger.position]
        return f"party {party.number} {party.role}"
    if trigger.scope == "country":
        return f"country {gathered.countries[trigger.position].code}"
    return "shipment"


def evidence_of(trigger: Trigger, gathered: Gathered, policy: Policy) -> dict[str, Any]:
    """The material behind a finding, as plain JSON values."""
    if trigger.scope == "line":
        return _line(trigger, gathered)
    if trigger.scope == "party":
        party = gathered.shipment.parties[trigger.position]
        about = {"party": party.name, "role": party.role, "country": party.country.code}
        return about | _of_lists(trigger, gathered)
    if trigger.scope == "country":
        return _country(gathered.countries[trigger.position])
    shown = [country for country in gathered.countries if country.embargo.kind]
    return {"embargoes": [_country(country) for country in shown]} if shown else {}


def _line(trigger: Trigger, gathered: Gathered) -> dict[str, Any]:
    line = gathered.shipment.lines[trigger.position]
    found = gathered.classifications[trigger.position]
    shown: dict[str, Any] = {"description": line.description[:300], "declared": found.declared, "hs": line.hs}
    if found.entries:
        shown["entries"] = [
            {"code": entry.code, "heading": entry.heading, "list": entry.list} for entry in found.entries
        ]
    if line.chemical.code:
        chemical = line.chemical
        shown["chemical"] = {
            "code": chemical.code,
            "name": chemical.name,
            "cas": chemical.cas,
            "schedule": chemical.schedule,
            "threshold_percent": chemical.threshold,
        }
    if trigger.rule.reason == "LISTED_BY_CAS":
        shown["speaks_for"] = [
            {"code": item.code, "heading": item.heading, "kind": item.kind, "text": item.text, "strong": item.strong}
            for item in found.evidence
            if item.strong
        ]
    if trigger.rule.reason == "DECLARATION_MISMATCH" and found.mismatch:
        shown["candidates"] = _contradicting(found)
    if line.licence.number and "LICENCE" in trigger.rule.reason:
        shown["licence"] = line.licence.number
    if line.denials and trigger.rule.reason == "DENIAL_MATCH":
        shown["denials"] = [
            {"id": item.id, "member_state": item.member_state, "date": item.date} for item in line.denials
        ]
    return shown


def _contradicting(found: Classification) -> list[dict[str, Any]]:
    """The candidates that made the mismatch. A substance that only its CAS number names has no score."""
    ranked = {item.code: candidate_of(item) for item in found.candidates}
    headings = {entry.code: entry.heading for entry in found.entries}
    unranked: dict[str, Any] = {"score": None, "evidence": [], "questions": []}
    return [
        ranked.get(code) or {"code": code, "heading": headings.get(code, ""), **unranked} for code in found.mismatch
    ]


def _of_lists(trigger: Trigger, gathered: Gathered) -> dict[str, Any]:
    """What the party met, of the kind that the rule reads: the hits that stand, those dismissed earlier, or both."""
    read = " ".join(clause.source for clause in trigger.rule.clauses)
    shown: dict[str, Any] = {}
    if ".dismissed" in read:
        shown["dismissed"] = [_dismissed(item) for item in gathered.dismissed[trigger.position]]
    if ".dismissed" not in read or ".hits" in read:
        shown["hits"] = [hit_of(hit) for hit in gathered.hits[trigger.position]]
    return shown


def _dismissed(item: Dismissed) -> dict[str, Any]:
    given = item.dismissal
    said = {
        "number": given.number,
        "match": given.match,
        "reason": given.reason,
        "because": given.because,
        "by": given.by,
        "on": given.on.isoformat(),
        "confirmed_by": given.confirmed_by,
        "until": item.until.isoformat(),
    }
    return {**hit_of(item.hit), "dismissal": said}


def _country(country: Country) -> dict[str, Any]:
    embargo = country.embargo
    return {
        "country": country.code,
        "name": country.name,
        "roles": list(country.roles),
        "embargo": embargo.kind,
        "issuer": embargo.issuer,
        "instrument": embargo.instrument,
        "scope": embargo.scope,
    }
