"""What a party met on a list, how certain that is, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policies.engine.facts import Party
from policies.engine.lists import Listed
from policies.engine.match.corroborate import Sign, signs
from policies.engine.match.ownership import Stake
from policies.engine.match.points import Points, stated
from policies.engine.match.search import Found

NAME_ALONE = 0.97  # the most that a name reaches without anything beside it
IDENTIFIED, SHARED, OWNED = 0.98, 0.8, 0.97
CERTAIN = {"similar": 0, "shared": 0, "part_owned": 1, "owned": 2, "identifier": 3, "equal": 4}


@dataclass(frozen=True, slots=True)
class Hit:
    """A list entry that a declared party met. `match`: equal, similar, identifier, shared, owned, part_owned.

    `points` say what the score is made of; they add up to it. `signs` is what was compared beside the name.
    """

    entry: Listed
    match: str
    declared: str
    name: str
    score: float
    points: Points = Points(0.0)
    signs: tuple[Sign, ...] = ()
    country_contradicts: bool = False
    birth_contradicts: bool = False
    near_certain: bool = False
    percent: float | None = None
    chain: tuple[str, ...] = ()


def name_hit(
    found: Found, points: Points, entry: Listed, party: Party, *, declared: str, listed: str, weak: bool
) -> Hit:
    """The hit of a name: equal when nothing but order and form differ and the name is one that says who is meant.

    `points` are those of the names; many entries bear one name.
    """
    certain = found.equal and not weak and (len(found.declared) > 1 or len(found.declared[0]) > 3)
    return judged(Hit(entry, "equal" if certain else "similar", declared, listed, points.total, points), party)


def stated_hit(entry: Listed, match: str, party: Party, *, declared: str, listed: str, score: float) -> Hit:
    """The hit of an identifier, an address or a name that stands in a list of ownership."""
    return judged(Hit(entry, match, declared, listed, score, stated(score)), party)


def stake_hit(stake: Stake, name: str, majority: float) -> Hit:
    """The hit of a party that listed parties hold a share of; a share without a figure is no majority."""
    match = "owned" if (stake.percent or 0.0) >= majority else "part_owned"
    return Hit(stake.owner, match, name, stake.owned, OWNED, stated(OWNED), percent=stake.percent, chain=stake.chain)


def judged(hit: Hit, party: Party) -> Hit:
    """The hit with what else agrees or disagrees."""
    found = tuple(signs(party, hit.entry))
    points = hit.points.beside(found, most=1.0 if any(sign.agrees for sign in found) else NAME_ALONE)
    against = {sign.what for sign in found if not sign.agrees}
    return replace(
        hit,
        score=points.total,
        points=points,
        signs=found,
        country_contradicts="country" in against,
        birth_contradicts="birth" in against,
    )


def counts(hit: Hit, review: float) -> bool:
    """Whether a hit is shown: everything certain, and what is alike from the review score on."""
    return hit.match != "similar" or hit.score >= review


def rank(hit: Hit) -> tuple[int, float, str]:
    """Best last: how certain the match is, then its score."""
    contradicted = hit.country_contradicts or hit.birth_contradicts
    return (CERTAIN[hit.match] if not contradicted else 0, hit.score, hit.entry.id)


def best(hits: Sequence[Hit]) -> list[Hit]:
    """One hit an entry and kind of tie, best first."""
    kept: dict[tuple[str, str, bool], Hit] = {}
    for hit in hits:
        slot = (hit.entry.list, hit.entry.id, hit.match in ("owned", "part_owned"))
        if slot not in kept or rank(hit) > rank(kept[slot]):
            kept[slot] = hit
    return sorted(kept.values(), key=rank, reverse=True)
