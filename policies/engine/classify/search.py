"""Full-text search over the goods lists: codes in any spelling, headings, wordings in four languages, substances, CAS.

Words are compared as the classifier compares them (stems, translations, mended typing errors), so whoever finds an
entry here finds it by what screening reads.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policies.engine.classify.codes import normalise, within
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Term
from policies.engine.classify.marks import Marked, Piece, marked
from policies.engine.classify.vocabulary import UNKNOWN
from policies.engine.classify.words import split
from policies.engine.lists import Entry

WORDS = 12  # words of a query that are looked for
REASONS = 3  # wordings that a result shows
CODE, HEADING, SUBSTANCE = 100.0, 6.0, 5.0
WORTH = {"is": 4.0, "often": 2.5, "may": 1.5, "chemical": SUBSTANCE, "keyword": 2.5, "heading": HEADING}
TOGETHER = 3.0  # times that a wording counts which has every word of the query
SHORT = 0.35  # what the shortness of a wording adds: “vacuum pump” says more of a pump than a sentence does
OFTEN = 200.0  # wordings of a word from which it counts half
BEGINNING = 3  # letters from which the beginning of a word stands for it
_CODE_LIKE = re.compile(r"^(?:[0-9]|10)[A-E]?[0-9]{0,3}$|^ML$|^AT(?:-I{1,3}|-IV)?$", re.IGNORECASE)
_CAS = re.compile(r"\b[0-9]{2,7}-[0-9]{2}-[0-9]\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text by which an entry is found. `code` may be more exact than the entry, `kind` is a key of `WORTH`."""

    code: str
    entry: str
    text: str
    kind: str
    language: str
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reason:
    """What of an entry met the query, with the words that did."""

    code: str
    kind: str
    language: str
    text: Marked


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a query found. `all_words` is false where it has only some of them."""

    entry: Entry
    score: float
    heading: Marked
    because: tuple[Reason, ...] = ()
    all_words: bool = True


@dataclass(frozen=True, slots=True)
class Met:
    """How well an entry met a query, and by which of its wordings."""

    score: float
    wordings: tuple[Wording, ...] = ()
    all_words: bool = True
    reasons: tuple[Reason, ...] = ()


class EntrySearch:
    """Made once of the goods lists of a policy; answers queries without changing."""

    def __init__(self, goods: GoodsIndex) -> None:
        self._goods, self.vocabulary = goods, goods.book.vocabulary
        self._tops: dict[str, str] = {}
        self._wordings = [item for item in self._all() if item.numbers]
        self._under: dict[int, list[int]] = defaultdict(list)
        for place, wording in enumerate(self._wordings):
            for number in wording.numbers:
                self._under[number].append(place)
        words = {word for item in self._wordings if item.language == "en" for word in split(item.text)}
        self._spelt = sorted((word, number) for word in words for number in self.vocabulary.known(word))
        self._rare = {number: 1.0 / (1.0 + len(places) / OFTEN) for number, places in self._under.items()}

    def find(self, query: str, *, on: date | None, lists: Sequence[str] = (), family: str = "") -> list[Found]:
        """The entries that a query finds, best first; those with all its words before those with some."""
        text = query.strip()
        words: list[frozenset[int]] = []
        met = {code: Met(CODE) for code in self._by_code(text)}
        if not met and _CAS.fullmatch(text):
            met = self._by_cas(text)
        elif not met and (words := self._words(text)):
            met = self._by_words(words) | self._by_cas(text)
        found = [self._found(code, item, words, on) for code, item in met.items()]
        wanted = [item for item in found if _wanted(item.entry, lists, family)]
        if any(item.all_words for item in wanted):
            wanted = [item for item in wanted if item.all_words]
        return sorted(wanted, key=lambda item: (-item.score, natural(item.entry.code)))

    def everything(self, *, on: date | None, lists: Sequence[str] = (), family: str = "") -> list[Found]:
        """All entries in the order of their codes."""
        entries = [self._entry(code, on) for code in sorted(self._codes(), key=natural)]
        return [Found(item, 0.0, (Piece(item.heading, False),)) for item in entries if _wanted(item, lists, family)]

    def near(self, code: str, *, on: date | None, most: int = 5) -> list[Entry]:
        """Entries whose codes are nearest to one that no list holds: those that begin alike."""
        plain = (normalise(code) or code).upper()
        for size in range(len(plain), 1, -1):
            alike = [item for item in self._codes() if item.upper().startswith(plain[:size])]
            if alike:
                return [self._entry(item, on) for item in sorted(alike, key=natural)[:most]]
        return []

    def _all(self) -> Iterator[Wording]:
        for entry in self._goods.entries:
            yield self._wording(entry.code, entry.heading, "heading")
            for keyword in entry.keywords:
                yield self._wording(entry.code, keyword, "keyword")
        for item in self._goods.substances:
            if item.code:
                yield self._wording(item.code, item.name, "chemical")
        seen: set[tuple[str, str, str]] = set()
        for term in self._goods.knowledge.terms:
            slot = (term.code, term.term, term.language)
            if slot not in seen:
                seen.add(slot)
                yield self._term(term)

    def _term(self, term: Term) -> Wording:
        return self._wording(term.code, term.term, term.says, term.language)

    def _wording(self, code: str, text: str, kind: str, language: str = "en") -> Wording:
        if code not in self._tops:
            entry = self._goods.find(code, None)
            self._tops[code] = entry.code if entry else ""
        numbers = frozenset(self.vocabulary.known(text, language)) - {UNKNOWN}
        return Wording(code, self._tops[code], text, kind, language, numbers)

    def _words(self, text: str) -> list[frozenset[int]]:
        """What each word of a query may stand for; a word that no list knows stands for those that begin with it."""
        words = split(text)[:WORDS]
        found = [frozenset(numbers) for numbers in self.vocabulary.read(words)]
        return [numbers or self._beginning(word) for word, numbers in zip(words, found, strict=True)]

    def _beginning(self, word: str) -> frozenset[int]:
        if len(word) < BEGINNING:
            return frozenset()
        start = bisect_left(self._spelt, (word, -1))
        end = bisect_left(self._spelt, (word + "\uffff", -1))
        return frozenset(number for _, number in self._spelt[start:end])

    def _by_code(self, text: str) -> list[str]:
        """The entries that a code names: itself, what stands under it, or all that begin so (`5A`, `ML`)."""
        code = normalise(text)
        if code and (self._goods.find(code, None) or self._goods.known(code)):
            below = [item for item in self._codes() if within(item, code)]
            above = self._goods.find(code, None)
            return list(dict.fromkeys([*([above.code] if above else []), *below]))
        plain = text.upper()
        exact = [item for item in self._codes() if item.upper() == plain]
        if exact or not _CODE_LIKE.match(plain):
            return exact
        return [item for item in self._codes() if item.upper().startswith(plain)]

    def _by_cas(self, text: str) -> dict[str, Met]:
        """The entries of substances whose CAS number stands in the query."""
        found: dict[str, Met] = {}
        for cas in _CAS.findall(text):
            for item in self._goods.by_cas(cas):
                if item.code and (entry := self._goods.find(item.code, None)):
                    said = (Piece(f"{item.name}, CAS ", False), Piece(cas, True))
                    found.setdefault(entry.code, Met(CODE, reasons=(Reason(item.code, "chemical", "en", said),)))
        return found

    def _by_words(self, words: Sequence[frozenset[int]]) -> dict[str, Met]:
        """For each entry that has a word of the query its score, and the wordings that say most."""
        met: dict[int, dict[int, float]] = defaultdict(dict)
        for position, numbers in enumerate(words):
            for number in numbers:
                for place in self._under.get(number, ()):
                    here = met[place]
                    here[position] = max(here.get(position, 0.0), self._rare[number])
        best: dict[str, dict[int, float]] = defaultdict(dict)
        reasons: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for place, positions in met.items():
            wording = self._wordings[place]
            each = WORTH[wording.kind] * (1 + SHORT * len(positions) / len(wording.numbers))
            each *= TOGETHER if len(positions) == len(words) and len(words) > 1 else 1.0
            held = best[wording.entry]
            for position, rare in positions.items():
                held[position] = max(held.get(position, 0.0), each * rare)
            reasons[wording.entry].append((each * sum(positions.values()), place))
        return {
            code: Met(sum(held.values()) * len(held) / len(words), self._said(reasons[code]), len(held) == len(words))
            for code, held in best.items()
            if code
        }

    def _said(self, places: list[tuple[float, int]]) -> tuple[Wording, ...]:
        told = (self._wordings[place] for _, place in sorted(places, key=lambda item: (-item[0], item[1])))
        return tuple([item for item in told if item.kind != "heading"][:REASONS])

    def _found(self, code: str, met: Met, words: Sequence[frozenset[int]], on: date | None) -> Found:
        entry = self._entry(code, on)
        known: frozenset[int] = frozenset().union(*words)
        because = tuple(
            Reason(item.code, item.kind, item.language, marked(item.text, known, self.vocabulary))
            for item in met.wordings
        )
        heading = marked(entry.heading, known, self.vocabulary)
        return Found(entry, round(met.score, 3), heading, because or met.reasons, met.all_words)

    def _entry(self, code: str, on: date | None) -> Entry:
        rows = self._goods.editions(code)
        now = self._goods.find(code, on)
        return now if now is not None and now.code == code else rows[-1]

    def _codes(self) -> list[str]:
        return list(dict.fromkeys(entry.code for entry in self._goods.entries))


def _wanted(entry: Entry, lists: Sequence[str], family: str) -> bool:
    return (not lists or entry.list in lists) and (not family or entry.family == family)


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts ML2 before ML10 and 1C350.9 before 1C350.10.

    >>> sorted(["ML10", "ML2", "1C350.10", "1C350.9"], key=natural)
    ['1C350.9', '1C350.10', 'ML2', 'ML10']
    """
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"[0-9]+|[^0-9]+", code))
