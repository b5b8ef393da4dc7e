"""Parties against the party lists: who is listed, who may be, and who belongs to them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from policies.engine.facts import Party
from policies.engine.lists import Listed, Ownership
from policies.engine.match import hits as judge
from policies.engine.match.build import SHORTEST_IDENTIFIER, address_key, build
from policies.engine.match.corroborate import ADDRESS_SAME, BIRTH_SAME, COUNTRY_SAME, is_person
from policies.engine.match.fold import identifier
from policies.engine.match.hits import Hit
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.ownership import Stake, stakes
from policies.engine.match.points import of_found
from policies.engine.match.search import search

HARD = ("registration", "vat", "imo", "passport", "tax")  # identifiers that name one party; e-mail and phone are shared
BELOW = COUNTRY_SAME + BIRTH_SAME + ADDRESS_SAME  # how far below the review score what stands beside may raise from


class Watch:
    """Finds the list entries that a party may be. Read-only; `indexes` are searched one after the other."""

    def __init__(
        self,
        indexes: Sequence[NameIndex],
        lexicon: Lexicon,
        *,
        ownership: Sequence[Ownership] = (),
        near_certain: float = 1.0,
    ) -> None:
        self.indexes = tuple(indexes)
        self.lexicon = lexicon
        self.near_certain = near_certain
        self._ownership = ownership

    @property
    def effects(self) -> set[str]:
        """The effects that entries have."""
        return {effect for index in self.indexes for effect in index.about["effects"]}

    @property
    def entries(self) -> Iterator[Listed]:
        """Every entry of the lists, read one by one."""
        return (index.entry(number) for index in self.indexes for number in range(index.entries))

    def with_more(self, parties: Sequence[Listed], ownership: Sequence[Ownership]) -> "Watch":
        """The same with further entries and shares beside."""
        more = [of_parties(parties, self.lexicon)] if parties else []
        return Watch(
            (*self.indexes, *more),
            self.lexicon,
            ownership=(*self._ownership, *ownership),
            near_certain=self.near_certain,
        )

    def hits(self, party: Party, *, review: float, majority: float = 50.0) -> list[Hit]:
        """Everything the party met, best first, one hit an entry. `review` is the score from which likeness counts."""
        names = dict.fromkeys((party.name, *party.aliases))
        found = [hit for name in names for hit in self._named(name, party, least=review - may_raise(party))]
        found += self._identified(party)
        found += self._owners_of(party, review=review, majority=majority)
        return [self._certain(hit) for hit in judge.best([hit for hit in found if judge.counts(hit, review)])]

    def same_name(self, left: str, right: str) -> bool:
        """Whether two names are equal once script, case, punctuation, order and legal form are folded away."""
        first = self.fold(left)
        return bool(first) and first == self.fold(right)

    def fold(self, name: str) -> str:
        """The one form of a name: `Name.key`."""
        return self.lexicon.read(name).key

    def _certain(self, hit: Hit) -> Hit:
        contradicted = hit.country_contradicts or hit.birth_contradicts
        certain = hit.match in ("equal", "identifier") or hit.score >= self.near_certain
        return replace(hit, near_certain=certain and not contradicted)

    def _named(self, name: str, party: Party, *, least: float) -> Iterator[Hit]:
        """Entries with an equal or like name, judged by what stands beside it."""
        for index in self.indexes:
            for found in search(index, name, person=is_person(party), least=least):
                points = of_found(found)
                for number, place in index.bearers(found.name):
                    entry = index.entry(number)
                    listed, weak = (entry.name, *entry.aliases, *entry.weak)[place], place > len(entry.aliases)
                    yield judge.name_hit(found, points, entry, party, declared=name, listed=listed, weak=weak)

    def _identified(self, party: Party) -> Iterator[Hit]:
        for index in self.indexes:
            for kind, value in party.identifiers:
                folded = identifier(value)
                for number in index.keyed(kind, folded) if len(folded) >= SHORTEST_IDENTIFIER else ():
                    entry, hard = index.entry(number), kind in HARD
                    match, score = ("identifier", judge.IDENTIFIED) if hard else ("shared", judge.SHARED)
                    said = f"{kind} {value}"
                    yield judge.stated_hit(entry, match, party, declared=said, listed=entry.name, score=score)
            for number in index.keyed("address", key) if (key := address_key(party.address)) else ():
                entry, said = index.entry(number), f"address {party.address}"
                yield judge.stated_hit(entry, "shared", party, declared=said, listed=entry.name, score=judge.SHARED)

    @cached_property
    def stakes(self) -> dict[str, Stake]:
        """What listed parties hold, by the one form of the owned name."""
        found = stakes(self._ownership, find=self._owner, fold=self.fold) if self._ownership else []
        return {self.fold(stake.owned): stake for stake in found}

    @cached_property
    def owned(self) -> NameIndex:
        """The names of what listed parties hold."""
        held = [Listed("", key, stake.owned, "") for key, stake in self.stakes.items()]
        return of_parties(held, self.lexicon)

    def _owner(self, owner: str) -> Listed | None:
        """The list entry that an owner's id or name means."""
        for index in self.indexes:
            for number in index.keyed("id", owner):
                return index.entry(number)
        for index in self.indexes:
            for name in index.equal(self.fold(owner)):
                for number, place in index.bearers(name):
                    entry = index.entry(number)
                    if place <= len(entry.aliases):
                        return entry
        return None

    def _owners_of(self, party: Party, *, review: float, majority: float) -> Iterator[Hit]:
        for name in dict.fromkeys((party.name, *party.aliases)) if self.stakes else ():
            if stake := self.stakes.get(self.fold(name)):
                yield judge.stake_hit(stake, name, majority)
            else:
                yield from self._nearly_owned(name, review)
        yield from self._declared_owners(party, review=review, majority=majority)

    def _nearly_owned(self, name: str, review: float) -> Iterator[Hit]:
        """Names like that of something that listed parties hold."""
        for found in search(self.owned, name, person=False, least=review):
            for number, _place in self.owned.bearers(found.name):
                stake, points = self.stakes[self.owned.entry(number).id], of_found(found)
                yield Hit(stake.owner, "similar", name, stake.owned, points.total, points, chain=stake.chain)

    def _declared_owners(self, party: Party, *, review: float, majority: float) -> Iterator[Hit]:
        """Owners that the shipment itself names: listed ones add up, alike ones are shown to a person."""
        total: dict[str, float] = defaultdict(float)
        certain: dict[str, list[tuple[Listed, str]]] = defaultdict(list)
        for owner in party.owners:
            stand_in = Party(role="owner", name=owner.name, country=owner.country)
            found = judge.best(list(self._named(owner.name, stand_in, least=review - may_raise(stand_in))))
            stake = self.stakes.get(self.fold(owner.name))
            equal = next((hit.entry for hit in found if hit.match == "equal" and not hit.country_contradicts), None)
            listed = equal or (stake.owner if stake and (stake.percent or 0.0) >= majority else None)
            if listed:
                total[listed.effect] += owner.percent if owner.percent is not None else 0.0
                certain[listed.effect].append((listed, owner.name))
            else:
                yield from (replace(hit, match="similar") for hit in found)
        for effect, share in total.items():
            listed, name = certain[effect][0]
            chain = tuple(f"{owner} → {party.name}" for _, owner in certain[effect])
            yield judge.stake_hit(Stake(listed.name, listed, share, chain), name, majority)


def may_raise(party: Party) -> float:
    """The most that what stands beside its names may add to a score."""
    return (
        (COUNTRY_SAME if party.country else 0.0)
        + (BIRTH_SAME if party.date_of_birth else 0.0)
        + (ADDRESS_SAME if party.address else 0.0)
    )


def of_parties(parties: Sequence[Listed], lexicon: Lexicon) -> NameIndex:
    """An index of some entries, in memory."""
    return NameIndex(memoryview(build(parties, lexicon)), lexicon)
