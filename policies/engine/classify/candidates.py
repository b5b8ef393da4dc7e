"""The ranked candidates of a line, each with its evidence in words and the questions that would decide about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from policies.engine.classify.book import Book, top
from policies.engine.classify.candidate import Candidate, Evidence, Question
from policies.engine.classify.chemistry import released, substances
from policies.engine.classify.codes import within
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import CHEMICAL
from policies.engine.classify.measure import Backing, Measured, measure
from policies.engine.classify.rank import Seen
from policies.engine.classify.thresholds import Case
from policies.engine.classify.weigh import Amounts, decided, parts, score
from policies.engine.lists import Entry

MOST = 8  # candidates that are kept
LEAST = 0.003  # chance below which an entry is no candidate
ASKED = 3  # questions about one candidate
DECIDED = 0.1  # chance from which questions about a candidate are worth asking
_KIND = {  # how the page of a case and the API call each kind of evidence
    "named": "phrase",
    "usual": "keyword",
    "possible": "keyword",
    "further": "further",
    "whole": "text",
    "similar": "text",
    "met": "parameter",
    "likely_met": "parameter",
    "untold": "untold",
    "failed": "parameter",
    "released": "release",
    "hs": "hs",
    "hs_heading": "hs",
    "hs_against": "hs",
    "chemical": "cas",
    "grade": "grade",
    "grade_against": "grade",
    "ordinary": "ordinary",
    "civil": "civil",
    "below": "civil",
    "software": "software",
    "only_software": "software",
    "no_software": "software",
}
_TEXT = {
    "named": "“{}”",
    "usual": "“{}”, of which simpler ones are free",
    "possible": "“{}” may be one",
    "further": "further wordings of the entry",
    "whole": "a wording of the entry makes up much of the description",
    "similar": "words in common with the entry",
    "met": "{}, beyond the threshold",
    "likely_met": "{}, which may be beyond the threshold",
    "untold": "nothing is said of the thresholds at which the entry begins",
    "failed": "{}, not beyond the threshold",
    "released": "{} releases the goods",
    "hs": "HS {} is correlated with the entry",
    "hs_heading": "HS {} is of a heading correlated with the entry",
    "hs_against": "HS {} is of another chapter than the entry's goods",
    "chemical": "{}",
    "grade": "{} is such a grade or type",
    "grade_against": "{} is known to stay below",
    "ordinary": "“{}” are ordinary goods",
    "civil": "“{}” says civil use",
    "below": "“{}” stays below thresholds",
    "software": "software or technology for such goods",
    "only_software": "software or technology, not the goods themselves",
    "no_software": "nothing says software or technology",
}


def candidates(
    seen: Seen,
    goods: GoodsIndex,
    *,
    on: date | None,
    cwc_party: bool = True,
    negated: bool = False,
    most: int = MOST,
) -> tuple[Candidate, ...]:
    """The entries in force that a line may fall under by what it says, the likeliest first; its code does not count."""
    backings = _substances(seen, goods, cwc_party)
    weighed = [
        (score(measured.amounts), measured, entry) for measured, entry in _measured(seen, goods, on, backings, negated)
    ]
    weighed.sort(key=lambda item: (-item[0], item[1].code))
    return tuple(
        _candidate(chance, measured, entry, goods, on, seen)
        for chance, measured, entry in weighed[:most]
        if chance >= LEAST
    )


def amounts_of(
    seen: Seen, goods: GoodsIndex, *, on: date | None, cwc_party: bool = True, negated: bool = False
) -> list[tuple[str, Amounts]]:
    """The amounts of every entry that was looked at, by its most exact code: what the worths are fitted on."""
    backings = _substances(seen, goods, cwc_party)
    return [(measured.code, measured.amounts) for measured, _ in _measured(seen, goods, on, backings, negated)]


def _measured(
    seen: Seen, goods: GoodsIndex, on: date | None, backings: dict[str, list[str]], negated: bool
) -> Iterable[tuple[Measured, Entry]]:
    listed = [top(code) for code in (*backings["cas"], *backings["released"])]
    for code in dict.fromkeys([*seen.tops(), *listed]):
        entry = goods.find(code, on)
        if entry is None or top(entry.code) != code and entry.code != code:
            continue
        backing = Backing(goods.hs_of(code), tuple(backings["cas"]), tuple(backings["released"]))
        measured = measure(seen, code, entry, goods.book, backing)
        if negated and not measured.amounts.civil:
            measured.words["civil"] = "toy, replica, civil or the like"
            amounts = measured.amounts._replace(civil=1.0)
            measured = replace(measured, amounts=amounts)
        yield measured, entry


def _substances(seen: Seen, goods: GoodsIndex, cwc_party: bool) -> dict[str, list[str]]:
    """The substances of the CAS number, and all that the declared share frees, named ones too."""
    found = substances(seen.line, "", goods, cwc_party=cwc_party)
    named = {match.said.code for pairs in seen.under.values() for match, _ in pairs if match.said.says == CHEMICAL}
    free = {code for code in named if released(code, seen.line, goods, cwc_party=cwc_party)}
    if any(item.exempts for item in goods.by_cas(seen.line.cas_number)):
        free |= named
    return {
        "cas": [item.chemical.code for item in found if not item.below],
        "released": sorted({item.chemical.code for item in found if item.below} | free),
    }


def _candidate(
    chance: float, measured: Measured, entry: Entry, goods: GoodsIndex, on: date | None, seen: Seen
) -> Candidate:
    exact = goods.find(measured.code, on) or entry
    held = parts(measured.amounts)
    evidence = [
        Evidence(
            measured.code,
            exact.heading,
            _KIND[name],
            _TEXT[name].format(measured.words.get(name) or ""),
            False,
            measured.words.get(name) or "",
            round(points, 2),
        )
        for name, points in sorted(held.items(), key=lambda item: -item[1])
    ]
    asked = questions(measured.cases, measured.points, seen, goods.book) if chance >= DECIDED else ()
    return Candidate(
        measured.code, exact, round(chance, 4), tuple(evidence), asked, tuple(held.items()), decided(measured.amounts)
    )


def questions(cases: Sequence[Case], points: Mapping[str, float], seen: Seen, book: Book) -> tuple[Question, ...]:
    """What is not said and would decide, first for the sub-entries that the line points at and for cases partly met.

    Among those alike, first the case whose questions and notes speak of what the line speaks of.
    """

    def likely(case: Case) -> float:
        near = (worth for code, worth in points.items() if within(case.code, code) or within(code, case.code))
        shared = {
            number
            for fact in case.facts
            for number in book.thresholds.about(fact.threshold) & seen.reading.places.keys()
        }
        return max(near, default=0.0) + sum(book.similar.weight.get(number, 0.0) for number in shared) / 4

    undecided = [case for case in cases if case.state == "open"]
    undecided.sort(key=lambda case: (-likely(case), not case.begun, case.code))
    asked: dict[str, Question] = {}
    for case in undecided:
        for fact in case.facts:
            row = fact.threshold
            if fact.state == "open" and row.question:
                accepts = tuple(row.value.split("|")) if row.operator == "is" else ()
                value = "" if accepts else row.value
                asked.setdefault(
                    row.name,
                    Question(case.code, row.name, row.question, row.unit, row.operator, value, accepts, row.note),
                )
    return tuple(asked.values())[:ASKED]
