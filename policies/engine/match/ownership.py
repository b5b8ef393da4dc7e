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
    """What listed parties together hold of one entity, in percent, and how: `owner → owned 75 %` for each link.

    `percent` sums the shares that are stated; `None` where a list says "owned or controlled" and gives no figure.
    """

    owned: str
    owner: Listed
    percent: float | None
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
    shares: dict[str, list[float | None]] = defaultdict(list)
    first: dict[str, tuple[str, Listed]] = {}
    chains: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        name = key(tokens(row.owner, forms))
        above = held.get(name)
        passed_on = above.owner if above and (above.percent or 0.0) >= MAJORITY else None
        listed = owners.get(row.owner) or owners.get(name) or passed_on
        if listed is None:
            continue
        owned = key(tokens(row.owned, forms))
        shares[owned].append(row.percent)
        first.setdefault(owned, (row.owned, listed))
        link = f"{listed.name if row.owner == listed.id else row.owner} → {row.owned} {_said(row.percent)}"
        chains[owned] += [*(item for item in (above.chain if above else ()) if item not in chains[owned]), link]
    return {
        owned: Stake(owned=first[owned][0], owner=first[owned][1], percent=_sum(stated), chain=tuple(chains[owned]))
        for owned, stated in shares.items()
    }


def _sum(shares: Sequence[float | None]) -> float | None:
    stated = [share for share in shares if share is not None]
    return min(sum(stated), 100.0) if stated else None


def _said(share: float | None) -> str:
    return f"{share:g} %" if share is not None else "(share not stated)"
