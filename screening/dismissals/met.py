"""The hits of a result as officers see and dismiss them: which party met which entry, and what names both exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.engine import facts
from policies.engine.match.dismissals import needs_second, party_digest
from policies.engine.match.fold import split
from screening import records
from screening.models import Finding, Run

LONGEST_KEY = 600


@dataclass(frozen=True, slots=True)
class Met:
    """A hit that stands. `position` is that of its finding, `place` its number within it, from 0.

    `digest` is that of the entry, empty when an engine without dismissals made the result; then nobody can dismiss it.
    """

    position: int
    place: int
    number: int
    party: facts.Party
    digest: str
    hit: dict[str, Any]

    @property
    def who(self) -> str:
        return party_digest(self.party)

    @property
    def same(self) -> tuple[str, str, str, str, str]:
        """What makes it the same hit, in whatever result and role."""
        return (self.who, self.hit["list"], self.hit["entry"], self.hit["match"], self.digest)

    @property
    def needs_second(self) -> bool:
        return needs_second(self.hit["match"])


def hits(run: Run | None) -> list[Met]:
    """The hits that stand in a result, in the order of its findings; the same hit may stand in several."""
    given = records.kept(run)
    return [met for finding in run.findings.all() for met in _of(finding, given)] if run and given else []


def name_key(name: str) -> str:
    """What parties of the same name share, in any order of its words and in any script."""
    return " ".join(sorted(split(name)))[:LONGEST_KEY]


def _of(finding: Finding, given: facts.Shipment) -> Iterator[Met]:
    kind, _space, rest = finding.subject.partition(" ")
    number = rest.partition(" ")[0]
    if kind != "party" or not number.isdigit() or not 0 < int(number) <= len(given.parties):
        return
    party = given.parties[int(number) - 1]
    for place, hit in enumerate(finding.evidence.get("hits", ())):
        yield Met(finding.position, place, int(number), party, hit.get("digest", ""), hit)
