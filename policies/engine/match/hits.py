"""What a party met on a list, and how certain that is."""

from dataclasses import dataclass, replace

from policies.engine.facts import Party
from policies.engine.lists import Listed
from policies.engine.match.ownership import Stake
from policies.engine.match.score import Pair


@dataclass(frozen=True, slots=True)
class Hit:
    """A list entry that a declared party met. `match`: equal, similar, identifier, shared, owned, part_owned."""

    entry: Listed
    match: str
    declared: str
    name: str
    score: float
    country_contradicts: bool = False
    pairs: tuple[Pair, ...] = ()
    percent: float | None = None
    chain: tuple[str, ...] = ()


def stake_hit(stake: Stake, name: str, majority: float) -> Hit:
    """The hit of a party that listed parties hold a share of; a share without a figure is no majority."""
    match = "owned" if (stake.percent or 0.0) >= majority else "part_owned"
    return Hit(stake.owner, match, name, stake.owned, 0.97, percent=stake.percent, chain=stake.chain)


def with_country(hit: Hit, party: Party) -> Hit:
    """The hit, raised when the declared country is the listed one and lowered when it is another."""
    listed = set(hit.entry.countries)
    if not party.country or not listed:
        return hit
    if party.country in listed:
        return replace(hit, score=min(hit.score + 0.03, 1.0 if hit.match == "equal" else 0.98))
    return replace(hit, country_contradicts=True, score=max(hit.score - 0.05, 0.0))


def counts(hit: Hit, review: float) -> bool:
    """Whether a hit is shown: everything certain, and what is alike from the review score on."""
    return hit.match != "similar" or hit.score >= review


def rank(hit: Hit) -> tuple[int, float, str]:
    """Best last: how certain the match is, then its score."""
    order = ("similar", "shared", "part_owned", "owned", "identifier", "equal")
    return (order.index(hit.match) if not hit.country_contradicts else 0, hit.score, hit.entry.id)
