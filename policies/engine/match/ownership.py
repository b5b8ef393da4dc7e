"""Who belongs to whom: shares of listed owners, added up and followed through chains."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policies.engine.lists import Listed, Ownership

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


def stakes(
    rows: Sequence[Ownership], *, find: Callable[[str], Listed | None], fold: Callable[[str], str]
) -> list[Stake]:
    """Every entity of the ownership rows that listed parties hold a share of, directly or through what they hold.

    `find` gives the list entry that an owner's id or name means, `fold` the one form of a name.
    """
    owners = {row.owner: find(row.owner) for row in rows}
    held: dict[str, Stake] = {}
    for _ in range(DEPTH):
        found = _round(rows, owners, fold, held)
        if found == held:
            break
        held = found
    return list(held.values())


def _round(
    rows: Sequence[Ownership],
    owners: Mapping[str, Listed | None],
    fold: Callable[[str], str],
    held: Mapping[str, Stake],
) -> dict[str, Stake]:
    shares: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: defaultdict(list))
    first: dict[str, tuple[str, Listed]] = {}
    chains: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        above = held.get(fold(row.owner))
        passed_on = above.owner if above and (above.percent or 0.0) >= MAJORITY else None
        listed = owners[row.owner] or passed_on
        owned = fold(row.owned)
        if listed is None or not owned:
            continue
        shares[owned][fold(row.owner) if passed_on is listed else fold(listed.name)].append(row.percent)
        first.setdefault(owned, (row.owned, listed))
        link = f"{listed.name if row.owner == listed.id else row.owner} → {row.owned} {_said(row.percent)}"
        if link not in chains[owned]:
            chains[owned] += [*(item for item in (above.chain if above else ()) if item not in chains[owned]), link]
    return {
        owned: Stake(owned=first[owned][0], owner=first[owned][1], percent=_sum(by_owner), chain=tuple(chains[owned]))
        for owned, by_owner in shares.items()
    }


def _sum(shares: Mapping[str, Sequence[float | None]]) -> float | None:
    """The shares of all owners; what two lists say of one owner counts once, the greatest."""
    stated = [max(known) for of_one in shares.values() if (known := [share for share in of_one if share is not None])]
    return min(sum(stated), 100.0) if stated else None


def _said(share: float | None) -> str:
    return f"{share:g} %" if share is not None else "(share not stated)"
