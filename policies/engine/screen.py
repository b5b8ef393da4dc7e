"""A shipment goes in, an outcome with its reasons comes out: gather the facts, run the rules, settle the outcome.

A pure function of the facts and the policy. The same pair gives the same findings on every machine and on every day.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from policies.engine.classify.explain import explained
from policies.engine.evaluate import Trigger, evaluate
from policies.engine.evidence import evidence_of, subject_of
from policies.engine.facts import Shipment
from policies.engine.gather import Gathered, gather
from policies.engine.outcome import Finding, outcome, with_covers
from policies.engine.policy import Policy

ENGINE_VERSION = "3"


@dataclass(frozen=True, slots=True)
class Screening:
    """The result: one outcome, the findings that made it, the red flags that fired and how each line was classified."""

    outcome: str
    findings: tuple[Finding, ...]
    flags: tuple[dict[str, Any], ...] = ()
    classifications: tuple[dict[str, Any], ...] = field(default=())

    @property
    def reasons(self) -> list[str]:
        """The reason codes raised, each once, in the order of the findings."""
        return list(dict.fromkeys(finding.reason for finding in self.findings))


def screen(shipment: Shipment, policy: Policy) -> Screening:
    """Screen one shipment. Whatever cannot be decided is a finding that says so and leads to review."""
    gathered = gather(shipment, policy)
    triggers = evaluate(gathered, policy)
    findings = with_covers(
        _finding(trigger, gathered, policy) for trigger in triggers if trigger.rule.stage != "flag" or trigger.undecided
    )
    return Screening(
        outcome=outcome(findings),
        findings=_ordered(findings),
        flags=tuple(
            _flag(trigger, gathered) for trigger in triggers if trigger.rule.stage == "flag" and not trigger.undecided
        ),
        classifications=_explained(gathered, shipment, policy),
    )


def classified(shipment: Shipment, policy: Policy) -> tuple[dict[str, Any], ...]:
    """How `screen` classifies the lines, without looking for anybody or judging anything."""
    nameless = tuple(replace(party, name="", aliases=(), identifiers=(), owners=()) for party in shipment.parties)
    asked = replace(shipment, parties=nameless, licences=(), dismissals=())
    return _explained(gather(asked, policy), asked, policy)


def _explained(gathered: Gathered, shipment: Shipment, policy: Policy) -> tuple[dict[str, Any], ...]:
    return tuple(
        explained(found, line, policy.goods, note=policy.setting.classify_note)
        for found, line in zip(gathered.classifications, shipment.lines, strict=True)
    )


def _finding(trigger: Trigger, gathered: Gathered, policy: Policy) -> Finding:
    rule = trigger.rule
    title, reason, effect = rule.title, rule.reason, rule.effect
    if trigger.undecided:
        title, reason, effect = f"Not decided, a person must look: {rule.title}", "UNDECIDED", "review"
    return Finding(
        reason=reason,
        effect=effect,
        subject=subject_of(trigger, gathered),
        title=title,
        rule=rule.id,
        legal_basis=rule.legal_basis,
        principles=rule.principles,
        because=trigger.because,
        evidence=evidence_of(trigger, gathered, policy),
        remedy=rule.remedy,
    )


def _flag(trigger: Trigger, gathered: Gathered) -> dict[str, Any]:
    return {
        "id": trigger.rule.id,
        "title": trigger.rule.title,
        "weight": trigger.rule.weight,
        "category": trigger.rule.category,
        "subject": subject_of(trigger, gathered),
        "because": [{"clause": cause.clause, "value": cause.value} for cause in trigger.because],
    }


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Strongest first, then by subject as the shipment lists them; equal ones keep the order of the rules."""
    strength = {"prohibited": 0, "licence_required": 1, "review": 2, "cover": 3, "clear": 4}
    return tuple(sorted(findings, key=lambda item: (strength[item.effect], bool(item.covered_by))))
