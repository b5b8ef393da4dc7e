"""Findings -> one outcome: the strongest wins; a cover lifts the licence requirements of its own line only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from policies.engine.evaluate import Cause
from policies.engine.lists import EFFECTS


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, on one subject, with the rule that raised it and everything a person needs to check it."""

    reason: str
    effect: str
    subject: str
    title: str
    rule: str
    legal_basis: str = ""
    principles: tuple[str, ...] = ()
    because: tuple[Cause, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
    remedy: str = ""
    covered_by: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        return {
            "reason": self.reason,
            "effect": self.effect,
            "subject": self.subject,
            "title": self.title,
            "rule": self.rule,
            "legal_basis": self.legal_basis,
            "principles": list(self.principles),
            "because": [{"clause": cause.clause, "value": cause.value} for cause in self.because],
            "evidence": self.evidence,
            "remedy": self.remedy,
            "covered_by": self.covered_by,
        }


def with_covers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Mark every licence requirement of a covered line with the rule that covers it."""
    listed = list(findings)
    covers = {finding.subject: finding.rule for finding in listed if finding.effect == "cover"}
    return tuple(
        replace(finding, covered_by=covers[finding.subject])
        if finding.effect == "licence_required" and finding.subject in covers
        else finding
        for finding in listed
    )


def outcome(findings: Iterable[Finding]) -> str:
    """clear < review < licence_required < prohibited: the strongest effect that no cover lifts."""
    standing = [finding.effect for finding in findings if finding.effect in EFFECTS and not finding.covered_by]
    return max(standing, key=EFFECTS.index, default="clear")
