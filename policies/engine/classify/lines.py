"""One line of goods against the goods lists: what it is under, and what strong evidence says against that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from policies.engine.classify.candidate import Candidate, Evidence
from policies.engine.classify.candidates import MOST, candidates
from policies.engine.classify.chemistry import Substance, exempted, substances
from policies.engine.classify.codes import normalise, parents, related, within
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.notes import notes
from policies.engine.classify.rank import Seen, see
from policies.engine.classify.segments import best, parts
from policies.engine.facts import Line
from policies.engine.lists import Entry

REVIEW = 0.55  # chance from which an undeclared entry contradicts the declaration, where no policy says another
FOREIGN = ("99", "98")  # last digits of US codes that have no place on a European list (5A992, 3A980)


@dataclass(frozen=True, slots=True)
class Classification:
    """What a line is under. `entries` are those that judge it, most important first; none means it is not listed."""

    number: int
    declared: str = ""
    entries: tuple[Entry, ...] = ()
    codes: tuple[str, ...] = ()
    substance: Substance | None = None
    listed_by_cas: bool = False
    exempted: bool = False
    below_threshold: bool = False
    unknown_code: bool = False
    candidates: tuple[Candidate, ...] = ()
    mismatch: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What speaks for entries and against them, the likeliest entry first; strong where it makes the mismatch."""
        return tuple(
            replace(item, strong=candidate.code in self.mismatch and item.points > 0)
            for candidate in self.candidates
            for item in candidate.evidence
        )


def classify(
    line: Line,
    goods: GoodsIndex,
    *,
    on: date | None,
    cwc_party: bool = True,
    negated: bool = False,
    review: float = REVIEW,
) -> Classification:
    """Classify one line on the day whose law applies.

    `cwc_party` picks the mixture threshold of its destination; `negated` says that the description takes its goods
    back (a toy, a replica), which leaves phrases as notes.
    """
    declared = normalise(line.control_code)
    judged = goods.point(declared)
    found = substances(line, judged, goods, cwc_party=cwc_party)
    above = [item for item in found if not item.below]
    spared = exempted(line, judged, goods)
    codes = _codes(judged, found, spared)
    by_cas = [item for item in above if item.found_by == "cas" and not related(judged, item.chemical.code)]
    seen = see(line, goods.book)
    ranked = _ranked(seen, goods, on=on, cwc_party=cwc_party, negated=negated)
    return Classification(
        number=line.number,
        declared=declared,
        entries=_entries(codes, goods, on),
        codes=tuple(dict.fromkeys(code for item in codes for code in parents(item))),
        substance=next(iter(above or found), None),
        listed_by_cas=any(goods.find(item.chemical.code, on) for item in by_cas),
        exempted=spared,
        below_threshold=bool(found) and not above,
        unknown_code=bool(declared) and not _recognised(judged, goods),
        candidates=ranked,
        notes=notes(line, seen, goods, on=on),
        mismatch=_mismatch([*codes, *(item.chemical.code for item in found)], ranked, by_cas, review),
    )


def _codes(judged: str, found: Sequence[Substance], spared: bool) -> list[str]:
    """What the line is under: its declared code unless a mixture threshold or an exemption frees it, and substances."""
    above = [item for item in found if not item.below]
    below = bool(found) and not above and any(_same_entry(judged, item.chemical.code) for item in found)
    codes = [judged] if judged and not spared and not below else []
    for code in (item.chemical.code for item in above):
        if code not in codes and not within(judged, code):
            codes.append(code)
    return codes


def _ranked(seen: Seen, goods: GoodsIndex, *, on: date | None, cwc_party: bool, negated: bool) -> tuple[Candidate, ...]:
    whole = candidates(seen, goods, on=on, cwc_party=cwc_party, negated=negated)
    pieces = parts(seen.line.description, len(seen.reading.words), seen.named())
    looked = [see(replace(seen.line, description=piece), goods.book) for piece in pieces]
    found = [candidates(one, goods, on=on, cwc_party=cwc_party, negated=negated) for one in looked]
    return best([whole, *found])[:MOST] if found else whole


def _entries(codes: list[str], goods: GoodsIndex, on: date | None) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for code in codes:
        entry = goods.find(code, on)
        for item in (entry, *(goods.find(also, on) for also in (entry.also if entry else ()))):
            if item:
                entries.setdefault(item.code, item)
    return tuple(entries.values())


def _mismatch(
    codes: Sequence[str], ranked: Sequence[Candidate], by_cas: Sequence[Substance], review: float
) -> tuple[str, ...]:
    """Codes that strong evidence names and that are none of those declared, nor their twins.

    A candidate counts from the review threshold of the policy. One that scores lower than a declared code that the
    description supports as well is a note; a substance found by its CAS number always counts.
    """
    found = [item.chemical.code for item in by_cas]
    supported = max((item.score for item in ranked if any(related(code, item.code) for code in codes)), default=0.0)
    found += [
        item.code
        for item in ranked
        if item.decided and item.score >= max(review, supported) and not any(related(code, item.code) for code in codes)
    ]
    if supported >= review:
        found = [code for code in found if any(code == item.chemical.code for item in by_cas)]
    return tuple(dict.fromkeys(found))


def _recognised(code: str, goods: GoodsIndex) -> bool:
    return goods.known(code) or code == "EAR99" or code.startswith(("PL", "EX")) or parents(code)[-1][2:4] in FOREIGN


def _same_entry(left: str, right: str) -> bool:
    """Whether both codes stand under one top entry; an undeclared code goes with everything."""
    return not left or parents(left)[-1] == parents(right)[-1]
