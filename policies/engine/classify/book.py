"""Everything the classifier looks things up in, made once of the lists of a snapshot."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from policies.engine.classify.codes import begins, parents
from policies.engine.classify.designations import Designations
from policies.engine.classify.knowledge import CHEMICAL, Knowledge, Ordinary, Relation, Term, of_substance
from policies.engine.classify.phrases import Phrases
from policies.engine.classify.quantities import Units
from policies.engine.classify.reading import Reader
from policies.engine.classify.similar import Similar
from policies.engine.classify.thresholds import Thresholds
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.lists import Chemical, Entry

SIMILAR_WORTH = {"is": 3, "often": 2, "may": 1, CHEMICAL: 1}  # times that the words of a wording count as the entry's


class Book:
    """The wordings, units, thresholds and relations, with one vocabulary for all of them."""

    def __init__(self, entries: Sequence[Entry], known: Knowledge, substances: Sequence[Chemical] = ()) -> None:
        vocabulary = Vocabulary(known.glossary)
        self.units = Units(known.units)
        terms = [*known.terms, *_keywords(entries), *_substances(substances)]
        numbered = [(vocabulary.numbers(term.term, term.language), term) for term in _once(terms)]
        self.terms: Phrases[Term] = Phrases(numbered, figures=vocabulary.figures)
        self.ordinary: Phrases[Ordinary] = Phrases(
            [(vocabulary.numbers(row.term, row.language), row) for row in known.ordinary], figures=vocabulary.figures
        )
        self.designations = Designations(known.designations)
        self.thresholds = Thresholds(known.thresholds, vocabulary, self.units)
        self.intangible: Phrases[str] = Phrases(
            (vocabulary.numbers(word, language), kind)
            for kind in ("software", "technology")
            for word in known.word_lists.get(f"{kind}_words", ())
            for language in ("en", "lv", "ru")
        )
        self.relations = _relations(known.relations, {top(entry.code) for entry in entries})
        self.similar = Similar(_bags(entries, numbered, vocabulary))
        self.reader = Reader(vocabulary, self.units)
        self.vocabulary = vocabulary


def top(code: str) -> str:
    """The entry that candidates are ranked by: 5A002 of 5A002.a.1, ML10 of ML10.c; an anti-torture item is its own.

    >>> top("5A002.a.1"), top("AT-III-2.1")
    ('5A002', 'AT-III-2.1')
    """
    return code if code.startswith("AT-") else parents(code)[-1]


def _keywords(entries: Sequence[Entry]) -> Iterable[Term]:
    """The keywords of an entry: several words name a usual article, one word may be anything."""
    for entry in entries:
        for keyword in entry.keywords:
            yield Term(entry.code, keyword, "often" if " " in keyword else "may")


def _substances(substances: Sequence[Chemical]) -> Iterable[Term]:
    for item in substances:
        if item.code and not item.name.startswith("Family"):
            yield of_substance(item.code, item.name)


def _once(terms: Iterable[Term]) -> list[Term]:
    """Each wording of a code once, as the row that says most."""
    order = {says: place for place, says in enumerate((CHEMICAL, "is", "often", "may"))}
    best: dict[tuple[str, str, str], Term] = {}
    for term in terms:
        slot = (term.code, term.term.lower(), term.language)
        if slot not in best or order[term.says] < order[best[slot].says]:
            best[slot] = term
    return list(best.values())


def _relations(rows: Sequence[Relation], tops: Collection[str]) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """For each software or technology entry its kind and the top entries that it is for."""
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for row in rows:
        goods = frozenset(code for code in tops if any(begins(code, top(item)) for item in row.of))
        found[row.code] = (*found.get(row.code, ()), (row.kind, goods))
    return found


def _bags(
    entries: Sequence[Entry], terms: Iterable[tuple[tuple[int, ...], Term]], vocabulary: Vocabulary
) -> Iterable[tuple[str, tuple[int, ...], int]]:
    known = {entry.code for entry in entries}
    for entry in entries:
        yield top(entry.code), vocabulary.numbers(entry.heading), 1
    for numbers, term in terms:
        if top(term.code) in known or term.code in known:
            yield top(term.code), numbers, SIMILAR_WORTH[term.says]
