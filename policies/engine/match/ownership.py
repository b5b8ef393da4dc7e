"""Who belongs to whom: shares of listed owners, added up and followed through chains."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.engine.lists import Listed, Ownership
from policies.engine.match.names import LegalForms, key, tokens

MAJORITY = 50.0  # share from which an owned entity passes its owner's listing on to what it owns itself
DEPTH = 10  # links followed; ownership rings end here


@dataclass(frozen=True, slots=True)
class Stake:
    """What listed parties together hold of one entity, in percent, and how: `owner → owned 75 %` for each link."""

    owned: str
    owner: Listed
    percent: float
    chain: tuple[str, ...]


def stakes(rows: Sequence[Ownership], owners: Mapping[str, Listed], forms: LegalForms) -> list[Stake]:
    """Every entity of the ownership rows that listed parties hold a share of, directly or through what they hold."""
    held: dict[str, Stake] = {}
    for _ in range(DEPTH):
        found = _round(rows, owners, forms, held)
        if found == held:
            break
        held = found
    return list(held.values())


def _round(
    rows: Sequence[Ownership], owners: Mapping[str, Listed], forms: LegalForms, held: Mapping[str, Stake]
) -> dict[str, Stake]:
    shares: dict[str, float] = defaultdict(float)
    first: dict[str, tuple[str, Listed]] = {}
    chains: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        name = key(tokens(row.owner, forms))
        above = held.get(name)
        listed = (
            owners.get(row.owner) or owners.get(name) or (above.owner if above and above.percent >= MAJORITY else None)
        )
        if listed is None:
            continue
        owned = key(tokens(row.owned, forms))
        shares[owned] += row.percent
        first.setdefault(owned, (row.owned, listed))
        link = f"{listed.name if row.owner == listed.id else row.owner} → {row.owned} {row.percent:g} %"
        chains[owned] += [*(item for item in (above.chain if above else ()) if item not in chains[owned]), link]
    return {
        owned: Stake(
            owned=first[owned][0], owner=first[owned][1], percent=min(share, 100.0), chain=tuple(chains[owned])
        )
        for owned, share in shares.items()
    }
