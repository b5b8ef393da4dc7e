"""The party lists, indexed in memory: names by key, by word, and by what a typing error makes of a word."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policies.engine.facts import Party
from policies.engine.lists import Listed, Ownership
from policies.engine.match.hits import Hit, counts, rank, stake_hit, with_country
from policies.engine.match.names import LegalForms, identifier, key, skeleton, tokens
from policies.engine.match.ownership import stakes
from policies.engine.match.score import Pair, align

HARD = ("registration", "vat", "imo", "passport", "tax")  # identifiers that name one party; e-mail and phone are shared
CANDIDATES = 60
STEM = 6  # letters that two forms of one word share: industrial, industries
COMMON = 400  # a word of more names than this finds nobody by itself
HELD = 0.86  # what a listed name within a longer one is worth
LONGEST_HELD = 8  # words of a listed name that is looked for within another
OWNED = ("owned", "part_owned")
DISTINCT = 1.2  # weight of the words from which such a name says who is meant
FLOOR = 0.7  # nothing less alike than this is ever returned


@dataclass(frozen=True, slots=True)
class _Name:
    entry: int
    text: str
    words: tuple[str, ...]
    weak: bool


class PartyIndex:
    """Finds the list entries that a party may be. Built once per policy; read-only afterwards."""

    def __init__(
        self, parties: Sequence[Listed], *, ownership: Sequence[Ownership] = (), legal_forms: Sequence[str] = ()
    ) -> None:
        self.forms = LegalForms(legal_forms)
        self._entries = list(parties)
        self._names: list[_Name] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._totals: dict[int, float] = {}
        self._near: dict[str, list[str]] = defaultdict(list)
        self._by_identifier: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_address: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            self._add(number, entry)
        self._stakes = stakes(ownership, self._owners(), self.forms)
        owned = [tokens(stake.owned, self.forms) for stake in self._stakes]
        self._owned = {key(words): stake for words, stake in zip(owned, self._stakes, strict=True)}
        self._owned_near: dict[str, set[int]] = defaultdict(set)
        for place, words in enumerate(owned):
            for form in {form for word in words for form in forms_of(word)}:
                self._owned_near[form].add(place)
        self._owned_words = [(words, sum(map(self.weight, words))) for words in owned]

    def hits(self, party: Party, *, review: float, majority: float = 50.0) -> list[Hit]:
        """Everything the party met, best first, one hit an entry. `review` is the score from which likeness counts."""
        if not self._entries:
            return []
        found = [hit for name in (party.name, *party.aliases) for hit in self.search(name, review=review)]
        found += self._identified(party)
        judged = [with_country(hit, party) for hit in found]
        best: dict[tuple[str, str, bool], Hit] = {}
        for hit in [*judged, *self._owners_of(party, review=review, majority=majority)]:
            slot = (hit.entry.list, hit.entry.id, hit.match in OWNED)
            if slot not in best or rank(hit) > rank(best[slot]):
                best[slot] = hit
        return sorted((hit for hit in best.values() if counts(hit, review)), key=rank, reverse=True)

    def search(self, name: str, *, review: float) -> Iterator[Hit]:
        """Entries whose name or alias is equal or alike, without looking at country or identifiers."""
        words = tokens(name, self.forms)
        if not words:
            return
        equal = self._by_key.get(key(words), ())
        for number in equal:
            listed = self._names[number]
            certain = not listed.weak and (len(words) > 1 or len(words[0]) > 3)
            pairs = tuple(Pair(word, word, "same", 1.0) for word in words)
            yield Hit(
                self._entries[listed.entry], "equal" if certain else "similar", name, listed.text, 0.97, pairs=pairs
            )
        yield from self._held(words, name)
        least = max(review - 0.05, FLOOR)
        for number in self._candidates(words, least):
            if number in equal:
                continue
            listed = self._names[number]
            score, aligned = align(words, listed.words, self.weight)
            if score >= least:
                yield Hit(
                    self._entries[listed.entry], "similar", name, listed.text, min(score, 0.96), pairs=tuple(aligned)
                )

    def _held(self, words: Sequence[str], name: str) -> Iterator[Hit]:
        """Listed names that stand, whole, within a longer declared name: `Zvezdny Ordnance Works and Trading`."""
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + LONGEST_HELD) + 1):
                part = words[start:end]
                if end - start == len(words) or sum(map(self.weight, part)) < DISTINCT:
                    continue
                for number in self._by_key.get(key(part), ()):
                    listed = self._names[number]
                    pairs = [Pair(word, word, "same", 1.0) for word in part]
                    pairs += [Pair(word, "", "extra", 0.0) for word in (*words[:start], *words[end:])]
                    yield Hit(self._entries[listed.entry], "similar", name, listed.text, HELD, pairs=tuple(pairs))

    def same_name(self, left: str, right: str) -> bool:
        """Whether two names are equal once script, case, punctuation, order and legal form are folded away."""
        first = tokens(left, self.forms)
        return bool(first) and key(first) == key(tokens(right, self.forms))

    def _add(self, number: int, entry: Listed) -> None:
        for text, weak in [
            (entry.name, False),
            *((alias, False) for alias in entry.aliases),
            *((alias, True) for alias in entry.weak),
        ]:
            words = tokens(text, self.forms)
            if not words:
                continue
            place = len(self._names)
            self._names.append(_Name(number, text, words, weak))
            self._by_key[key(words)].append(place)
            for word in dict.fromkeys(words):
                if word not in self._by_word:
                    for form in forms_of(word):
                        self._near[form].append(word)
                self._by_word[word].append(place)
        for kind, value in entry.identifiers:
            if len(identifier(value)) >= 5:
                self._by_identifier[kind, identifier(value)].append(number)
        for address in entry.addresses:
            words = tokens(address, self.forms)
            if len(words) >= 4:
                self._by_address[key(words)].append(number)

    def _candidates(self, words: Sequence[str], least: float) -> list[int]:
        """Names that could still score `least`: the weight they share with the words is at most what they met."""
        met: dict[int, float] = defaultdict(float)
        unread = 0.0  # common words are not looked up; any name may hold them
        for word in dict.fromkeys(words):
            own = self.weight(word)
            for other in {other for form in forms_of(word) for other in self._near.get(form, ())}:
                places = self._by_word[other]
                if len(places) > COMMON and len(words) > 1:
                    unread += own + self.weight(other)
                    continue
                worth = own + self.weight(other)
                for place in places:
                    met[place] += worth
        asked = sum(map(self.weight, words))
        bound = {place: (worth + unread) / (asked + self._total(place)) for place, worth in met.items()}
        able = [place for place, score in bound.items() if score >= least]
        return sorted(able, key=lambda place: (-bound[place], place))[:CANDIDATES]

    def _total(self, place: int) -> float:
        if place not in self._totals:
            self._totals[place] = sum(map(self.weight, self._names[place].words))
        return self._totals[place]

    def weight(self, word: str) -> float:
        """What a word says about who is meant: 1 when the lists hold it at most once, less the more names hold it."""
        return 1.0 / (1.0 + math.log10(max(len(self._by_word.get(word, ())), 1)))

    def _identified(self, party: Party) -> Iterator[Hit]:
        for kind, value in party.identifiers:
            for number in self._by_identifier.get((kind, identifier(value)), ()):
                entry = self._entries[number]
                match = "identifier" if kind in HARD else "shared"
                yield Hit(entry, match, f"{kind} {value}", entry.name, 0.98 if kind in HARD else 0.8)
        words = tokens(party.address, self.forms)
        for number in self._by_address.get(key(words), ()) if len(words) >= 4 else ():
            yield Hit(self._entries[number], "shared", f"address {party.address}", self._entries[number].name, 0.8)

    def _owners(self) -> dict[str, Listed]:
        """Listed entries by id and by name key, as owners are named in ownership rows."""
        found: dict[str, Listed] = {}
        for name in self._names:
            if not name.weak:
                found.setdefault(key(name.words), self._entries[name.entry])
        return {**found, **{entry.id: entry for entry in self._entries}}

    def _owners_of(self, party: Party, *, review: float, majority: float) -> Iterator[Hit]:
        for name in (party.name, *party.aliases):
            words = tokens(name, self.forms)
            if stake := self._owned.get(key(words)):
                yield stake_hit(stake, name, majority)
            else:
                yield from self._nearly_owned(name, words, review)
        yield from self._declared_owners(party, review=review, majority=majority)

    def _nearly_owned(self, name: str, words: Sequence[str], review: float) -> Iterator[Hit]:
        asked = sum(map(self.weight, words))
        met: dict[int, float] = defaultdict(float)
        for word in words:
            for place in {place for form in forms_of(word) for place in self._owned_near.get(form, ())}:
                met[place] += self.weight(word)
        initials = sum(self.weight(word) for word in words if len(word) == 1)  # these may stand for any word
        for place in sorted(met):
            stake, (listed, total) = self._stakes[place], self._owned_words[place]
            if (met[place] + initials + total) / (asked + total) < review:
                continue
            score, pairs = align(words, listed, self.weight)
            if score >= review:
                yield Hit(
                    stake.owner, "similar", name, stake.owned, min(score, 0.96), pairs=tuple(pairs), chain=stake.chain
                )

    def _declared_owners(self, party: Party, *, review: float, majority: float) -> Iterator[Hit]:
        """Owners that the shipment itself names: listed ones add up, alike ones are shown to a person."""
        total: dict[str, float] = defaultdict(float)
        certain: dict[str, list[tuple[Listed, str]]] = defaultdict(list)
        for owner in party.owners:
            owner_party = Party(role="owner", name=owner.name, country=owner.country)
            found = [with_country(hit, owner_party) for hit in self.search(owner.name, review=review)]
            stake = self._owned.get(key(tokens(owner.name, self.forms)))
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
            yield Hit(
                listed,
                "owned" if share >= majority else "part_owned",
                name,
                listed.name,
                0.97,
                percent=share,
                chain=chain,
            )


def forms_of(word: str) -> set[str]:
    """The word, itself less a letter, its consonants and its stem: words that share one of these may be the same."""
    forms = {word}
    if len(word) >= 4:
        forms |= {word[:place] + word[place + 1 :] for place in range(len(word))}
        if len(skeleton(word)) >= 3:
            forms.add(f"~{skeleton(word)}")
        if len(word) > STEM:
            forms.add(f"^{word[:STEM]}")
    return forms
