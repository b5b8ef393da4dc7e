"""A line of goods -> the entries it may fall under, ranked, whatever code was declared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policies.engine.classify.book import Book, top
from policies.engine.classify.codes import begins
from policies.engine.classify.designations import Meant
from policies.engine.classify.knowledge import CHEMICAL, Ordinary, Term
from policies.engine.classify.phrases import FAR, Match
from policies.engine.classify.reading import Reading
from policies.engine.classify.thresholds import Case, Said
from policies.engine.classify.words import split
from policies.engine.facts import Line

ALIKE = 12  # entries that are looked at for words in common alone
PART = 0.4  # ... within the longer name of goods of another entry: a mirror for a ring laser gyro is no gyro
SPARED = 0.12  # what a wording still counts that stands within the name of ordinary goods
NAME_OF_SUBSTANCE = 0.85  # what a substance counts that is named and has no CAS number


@dataclass(slots=True)
class Seen:
    """All that a line shows, read once; `under` holds the matches of each top entry with what they count (0 to 1)."""

    line: Line
    reading: Reading
    said: Said
    under: dict[str, list[tuple[Match[Term], float]]] = field(default_factory=lambda: defaultdict(list))
    ordinary: list[tuple[Match[Ordinary], float]] = field(default_factory=list)
    grades: list[tuple[Meant, float]] = field(default_factory=list)  # with what its place counts
    similar: Mapping[str, float] = field(default_factory=dict)
    software: float = 0.0
    kinds: frozenset[str] = frozenset()
    for_them: tuple[str, ...] = ()  # software and technology entries that are for goods which the line names

    def tops(self) -> list[str]:
        """The entries worth weighing."""
        alike = sorted(self.similar, key=lambda code: (-self.similar[code], code))[:ALIKE]
        graded = [top(code) for meant, _ in self.grades for code in meant.row.codes]
        return list(dict.fromkeys([*self.under, *graded, *alike, *self.for_them]))

    def named(self) -> set[int]:
        """The places of wordings that name listed goods alone."""
        return {
            place
            for pairs in self.under.values()
            for match, _ in pairs
            if match.said.says in ("is", CHEMICAL) and match.quality > FAR
            for place in match.places
        }


def see(line: Line, book: Book) -> Seen:
    """Read a line against the book."""
    grades = book.designations.find(line.description[:4000])
    meaning = " ".join(dict.fromkeys(item.row.means for item in grades))
    text = f"{line.description} ({meaning})" if meaning else line.description
    reading = book.reader.read(text)
    attributes = [*line.attributes, *(pair for item in grades for pair in item.row.attributes)]
    placed = [(item, reading.share((len(split(line.description[: item.at])),))) for item in grades]
    seen = Seen(line, reading, book.thresholds.said(reading, attributes), grades=placed)
    ordinary = book.ordinary.find(reading.places)
    goods = [match for match in ordinary if match.said.says == "goods"]
    matches = book.terms.find(reading.places)
    longer = [match for match in matches if match.said.says in ("is", "often") and len(match.places) > 1]
    for match in matches:
        counts = match.quality * reading.share(match.places)
        if any(match.within(other) and top(other.said.code) != top(match.said.code) for other in longer):
            counts *= PART
        if any(match.within(other) and _speaks_against(other.said, match.said.code) for other in goods):
            counts *= SPARED
        if counts:
            seen.under[top(match.said.code)].append((match, counts))
    seen.ordinary = [(match, match.quality * _worth(match, reading)) for match in ordinary]
    seen.similar = book.similar.find(reading)
    _intangible(seen, book)
    return seen


def _worth(match: Match[Ordinary], reading: Reading) -> float:
    """Civil words count wherever they stand (`for dairy`); ordinary goods most where they are what is sold."""
    if any(place in reading.denied for place in match.places):
        return 0.0
    return reading.share(match.places) if match.said.says == "goods" else 1.0


def _intangible(seen: Seen, book: Book) -> None:
    found = [(match.said, seen.reading.share(match.places)) for match in book.intangible.find(seen.reading.places)]
    seen.kinds = frozenset(kind for kind, share in found if share >= 1.0)
    seen.software = 1.0 if seen.kinds or seen.line.intangible else 0.0
    if seen.software:
        named = seen.under.keys()
        relations = book.relations.items()
        seen.for_them = tuple(code for code, rows in relations if any(not named.isdisjoint(of) for _, of in rows))


def _speaks_against(row: Ordinary, code: str) -> bool:
    return not row.spares or "*" in row.spares or any(begins(code, item) for item in row.spares)


def against(seen: Seen, code: str, says: str) -> tuple[float, str]:
    """How much ordinary goods or civil words of one kind count against an entry, and the wording that counts most.

    A wording within a longer one of the entry itself (`ball valve` in `bellows-sealed ball valve`) does not count.
    """
    own = [match for match, counts in seen.under.get(code, ()) if counts > SPARED]
    best, text = 0.0, ""
    for match, counts in seen.ordinary:
        if match.said.says != says or counts <= best or not _speaks_against(match.said, code):
            continue
        if not any(match.within(other) for other in own):
            best, text = counts, match.said.term
    return best, text


def best_of(matches: Iterable[tuple[Match[Term], float]], says: str) -> float:
    """What the best wording of one kind counts."""
    return max((counts for match, counts in matches if match.said.says == says), default=0.0)


def physical(seen: Seen, code: str) -> float:
    """How much a line names goods of an entry (0 to 1), whether or not it is of software."""
    matches = seen.under.get(code, ())
    named = max(best_of(matches, "is"), best_of(matches, CHEMICAL))
    return max(named, 0.85 * best_of(matches, "often"), 0.5 * best_of(matches, "may"), 0.5 * seen.similar.get(code, 0))


def related(seen: Seen, code: str, book: Book) -> float:
    """How much a software or technology entry is about goods that the line names."""
    fitting = {
        other
        for kind, goods in book.relations.get(code, ())
        if not seen.kinds or kind in seen.kinds
        for other in (*seen.under, *seen.similar)
        if other in goods
    }
    return max((physical(seen, other) for other in fitting), default=0.0)


def pointed(seen: Seen, code: str, cases: Sequence[Case]) -> dict[str, float]:
    """How much wordings and compared parameters point at an entry itself and at each of its sub-entries."""
    worth = {CHEMICAL: 4.0, "is": 3.0, "often": 2.0, "may": 0.7}
    points: dict[str, float] = defaultdict(float)
    for match, counts in seen.under.get(code, ()):
        points[match.said.code] = max(
            points[match.said.code], counts * worth[match.said.says] * len(match.places) ** 0.3
        )
    for case in cases:
        if case.role == "threshold" and case.code != code and case.state != "open":
            points[case.code] = points[case.code] + (1.5 if case.state == "met" else -1.5)
    return points


def most_exact(points: Mapping[str, float], code: str) -> str:
    """The sub-entry that is pointed at most; the entry itself where nothing points anywhere."""
    return max(sorted(points), key=lambda item: (points[item], -len(item)), default=code)
