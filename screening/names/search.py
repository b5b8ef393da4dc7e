"""Which declared names could a listed name meet: the same search from the other side, so the cost follows the change.

The matcher goes from a declared name to the lists: it looks up the listed names that share words with it, or forms of
words, and compares the likeliest. Here a listed name is looked up in indexes of the declared names, and what is found
is compared as the matcher compares it: the declared name read and weighed by the index of the lists, the same score.
So nothing is guessed but which names are compared, and that must be at least what the matcher would compare:

* Words share forms in both directions. Every name from a rank on is compared, not a number of the likeliest.
* The matcher joins neighbouring words of the declared name, and all of them: here a listed word is cut in two
  (`reverse.halves`), or in as many declared words as it takes (`pieces`).
* It cuts joined declared words into words of the lists: here listed words are joined, and looked for within long ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon, Name
from policies.engine.match.reverse import halves, holding, likely
from policies.engine.match.score import Side
from policies.engine.match.search import Asked, compare, readings, weighed
from policies.engine.match.vocabulary import PAIR
from screening.models import DeclaredName, NameUse
from screening.names import Declared, parts, segments
from screening.names.segments import Segment

RANK, SCORE, STEEP = 1.9, 0.78, 3.5  # the rank (of 5) that names of a score reach, and how much it falls with the score
LIGHT = 0.3  # weight below which a word is not looked for in other shapes
SHORTEST_CUT, SHORTEST_PIECED = 5, 8  # letters of a listed word that may be two declared ones, and more


@dataclass(frozen=True, slots=True)
class Measure:
    """How a listed name is compared: the index that weighs words, the score from which likeness counts (more than 1:
    only equal names do), and the kinds of party, person or not, that it can meet."""

    index: NameIndex
    least: float
    kinds: tuple[bool, ...] = (True, False)


@dataclass(frozen=True, slots=True)
class Sought:
    """A listed name, whether it is a person's, and how it is compared under each policy."""

    text: str
    person: bool
    measures: tuple[Measure, ...]


def like(sought: Iterable[Sought], lexicon: Lexicon) -> set[int]:
    """Ids of the declared names that could meet one of the listed names."""
    search = _Search(segments.current(lexicon), lexicon)
    for name in sought:
        search.look_for(name)
    return search.found


class _Search:
    """One search of many listed names; remembers how declared names read and which were found."""

    def __init__(self, among: Sequence[Segment], lexicon: Lexicon) -> None:
        self.found: set[int] = set()
        self.compared = 0
        self._among, self._lexicon = among, lexicon
        self._read: dict[tuple[int, str], list[Asked]] = {}
        self._pieces: dict[tuple[int, str], frozenset[str]] = {}

    def look_for(self, name: Sought) -> None:
        read = self._lexicon.read(name.text, person=name.person)
        if not read.words:
            return
        listed = [(measure, weighed(measure.index, read)) for measure in name.measures]
        for segment in self._among:
            one = _One(self, segment, listed, bare=read.bare)
            for number in segment.index.equal(read.key):
                one.meets(number)
            if any(measure.least <= 1 for measure in name.measures):
                self._look_in(segment, one, name, read)

    def _look_in(self, segment: Segment, one: "_One", name: Sought, read: Name) -> None:
        for words, weights in _versions(segment.index, read, one.side):
            one.likely(words, weights)
        for number in (*_otherwise(segment.index, read, one.side), *self._holding(segment, name, read)):
            one.meets(number)

    def readings(self, index: NameIndex, spelled: str) -> list[Asked]:
        slot = (id(index), spelled)
        if slot not in self._read:
            self._read[slot] = list(readings(index, spelled, person=None))
        return self._read[slot]

    def _holding(self, segment: Segment, name: Sought, read: Name) -> Iterator[int]:
        """The names with a joined word that the matcher would cut into words of which this name has one."""
        for part in dict.fromkeys(read.words):
            for place in segment.long_words.holding(part):
                word = segment.index.words[place]
                if any(part in self._cut(measure.index, word) for measure in name.measures):
                    yield from holding(segment.index, place)

    def _cut(self, index: NameIndex, word: str) -> frozenset[str]:
        slot = (id(index), word)
        if slot not in self._pieces:
            self._pieces[slot] = frozenset(() if word in index.place else index.pieces(word))
        return self._pieces[slot] - {word}


class _One:
    """A listed name in one segment: what it met there, each name compared once."""

    def __init__(
        self, search: _Search, segment: Segment, listed: Sequence[tuple[Measure, Side]], *, bare: bool
    ) -> None:
        self._search, self._segment, self._listed, self._bare = search, segment, listed, bare
        self._score = min(measure.least for measure, _side in listed)
        self._rank = RANK - STEEP * (SCORE - self._score)
        self._met: dict[int, bool] = {}

    @property
    def side(self) -> Side:
        """The listed name as the first of its measures weighs it."""
        return self._listed[0][1]

    def likely(self, words: Sequence[str], weights: Sequence[float]) -> None:
        """Compare the names that are likely enough, however many there are: a common name is not cut off."""
        for number in likely(self._segment.index, words, weights, bare=self._bare, least=self._rank, score=self._score):
            self.meets(number)

    def meets(self, number: int) -> bool:
        """Whether a name of the segment could meet the listed one; then it is found."""
        if number not in self._met:
            self._met[number] = self._compare(number)
        return self._met[number]

    def _compare(self, number: int) -> bool:
        entries = [self._segment.index.entry(entry) for entry, _place in self._segment.index.bearers(number)]
        counts = False
        for declared in {int(entry.id): entry.name for entry in entries}.items():
            if declared[0] in self._search.found or self._counts(declared[1]):
                self._search.found.add(declared[0])
                counts = True
        return counts

    def _counts(self, spelled: str) -> bool:
        search = self._search
        search.compared += 1
        return any(
            (found := compare(asked, listed, bare=self._bare, lexicon=measure.index.lexicon)).equal
            or found.score >= measure.least
            for measure, listed in self._listed
            for asked in search.readings(measure.index, spelled)
            if asked.person in measure.kinds
        )


def _versions(index: NameIndex, read: Name, side: Side) -> Iterator[tuple[Sequence[str], Sequence[float]]]:
    """The listed name as it is, and with each long word in the declared words that it is made of."""
    yield side.words, side.weights
    for place, word in enumerate(side.words):
        if len(word) >= SHORTEST_PIECED and side.weights[place] >= LIGHT:
            pieces = index.pieces(word, known=True)
            if len(pieces) > 2:  # two are `halves`
                shares = [side.weights[place] * len(piece) / len(word) for piece in pieces]
                words = [*side.words[:place], *pieces, *side.words[place + 1 :]]
                yield words, [*side.weights[:place], *shares, *side.weights[place + 1 :]]


def _otherwise(index: NameIndex, read: Name, side: Side) -> Iterator[int]:
    """Names whose neighbouring words are one listed word, or one of whose words is a listed name turned round."""
    for word, weight in zip(side.words, side.weights, strict=True):
        if len(word) >= SHORTEST_CUT and weight >= LIGHT:
            yield from halves(index, word, bare=read.bare)
    if len(side.words) == 2:
        near = index.near(side.words[1] + side.words[0], None, read.bare).from_worth(PAIR)
        yield from index.holders(near)[0].tolist()


def equal(declared: Iterable[Declared]) -> set[int]:
    """Ids of what is kept exactly so: identifiers, addresses and countries."""
    by_kind: dict[str, set[str]] = {}
    for row in declared:
        by_kind.setdefault(row.kind, set()).add(row.text)
    return {
        number
        for kind, texts in by_kind.items()
        for some in parts(sorted(texts))
        for number in DeclaredName.objects.filter(kind=kind, text__in=some).values_list("pk", flat=True)
    }


def users(names: Iterable[int]) -> tuple[set[int], set[int]]:
    """Ids of the shipments and of the licences that declare one of these names."""
    shipments: set[int | None] = set()
    licences: set[int | None] = set()
    for some in parts(sorted(names)):
        for shipment, licence in NameUse.objects.filter(name__in=some).values_list("shipment", "licence").iterator():
            shipments.add(shipment)
            licences.add(licence)
    return {number for number in shipments if number}, {number for number in licences if number}
