"""The conflict card of a line: what each source says it is, side by side, and where two of them agree or differ.

Sources are the declared code, the description, the HS code, the CAS number, the parameters and earlier decisions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from policies.engine.classify.candidate import Candidate
from policies.engine.classify.codes import related
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.lines import Classification
from policies.engine.classify.weigh import BASE, chance_of
from policies.engine.facts import Line

Verdict = Literal["agree", "disagree", "open"]
OF_WORDS = frozenset(
    ("named", "usual", "possible", "further", "whole", "similar", "grade", "grade_against", "ordinary", "civil")
) | {"below", "software", "only_software", "no_software"}
SURE = 0.5  # chance from which the words of a description rule other goods out; that they name nothing proves nothing
SHOWN = 3  # codes that one source names at most
NAMES = {
    "declared": "Declared code",
    "description": "Description",
    "hs": "HS code",
    "cas": "CAS number",
    "parameters": "Parameters",
    "precedents": "Earlier decisions",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What one source says: `codes` it speaks for, `against` those it speaks against; `sure` where it can rule out.

    A source that is not given is not on the card.
    """

    kind: str
    value: str
    says: str
    codes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    left: str
    right: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    sources: tuple[Source, ...]
    pairs: tuple[Pair, ...]


def card(
    line: Line, found: Classification, goods: GoodsIndex, *, note: float, precedents: Sequence[Source] = ()
) -> Card:
    """The card of a line. `note` is the chance from which the description names an entry at all."""
    given = [
        _declared(line, found),
        _description(line, found, note),
        _hs(line, found, goods),
        _cas(line, found, goods),
        _parameters(found),
        *precedents,
    ]
    sources = tuple(source for source in given if source)
    return Card(sources, tuple(_pair(left, right) for left, right in combinations(sources, 2)))


def compare(left: Source, right: Source) -> Verdict:
    """Agree when both name the same goods or one nothing; differ when one names what the other rules out."""
    if any(related(one, other) for one in left.codes for other in right.codes):
        return "agree"
    for one, other in ((left, right), (right, left)):
        if any(related(code, item) for code in one.codes for item in other.against):
            return "disagree"
    if left.codes and right.codes:
        return "disagree" if left.sure and right.sure else "open"
    if left.codes or right.codes:
        silent = right if left.codes else left
        return "disagree" if silent.sure else "open"
    return "agree" if left.sure and right.sure else "open"


def _pair(left: Source, right: Source) -> Pair:
    verdict = compare(left, right)
    words = {"agree": "agree", "disagree": "do not agree", "open": "cannot be compared for certain"}[verdict]
    return Pair(left.kind, right.kind, verdict, f"{NAMES[left.kind]} and {NAMES[right.kind].lower()} {words}.")


def _declared(line: Line, found: Classification) -> Source:
    if not line.control_code.strip():
        return Source("declared", "", "not listed, as no code is declared", sure=True)
    if found.unknown_code or not found.declared:
        return Source("declared", line.control_code, "a code that no list holds")
    heading = next((entry.heading for entry in found.entries if related(entry.code, found.declared)), "")
    return Source("declared", line.control_code, heading or found.declared, (found.declared,), sure=True)


def _description(line: Line, found: Classification, note: float) -> Source | None:
    if not line.description.strip():
        return None
    by_words = sorted(((_of(item, OF_WORDS), item) for item in found.candidates), key=lambda pair: -pair[0])
    named = [(chance, item) for chance, item in by_words if chance >= note][:SHOWN]
    says = (
        "; ".join(f"{item.code} ({chance:.0%})" for chance, item in named)
        or "names no listed goods, which is no proof that it is none"
    )
    sure = bool(named) and named[0][0] >= SURE
    return Source("description", line.description[:300], says, tuple(item.code for _, item in named), sure=sure)


def _hs(line: Line, found: Classification, goods: GoodsIndex) -> Source | None:
    """An HS code suggests and never rules in; it speaks against goods of other chapters."""
    if not line.hs_code:
        return None
    codes = tuple(item.code for item in found.candidates if _has(item, "hs", "hs_heading"))
    against = tuple(item.code for item in found.candidates if _has(item, "hs_against"))
    for code in (found.declared,) if found.declared else ():
        entry = goods.find(goods.point(code), None)
        if entry and entry.hs and not any(related(code, other) for other in (*codes, *against)):
            if goods.hs_supports(code, entry, line.hs_code):
                codes += (code,)
            elif not any(item[:2] == line.hs_code[:2] for item in entry.hs):
                against += (code,)
    says = f"correlated with {', '.join(codes[:SHOWN])}" if codes else "correlated with none of the likely entries"
    return Source("hs", line.hs_code, says, codes[: SHOWN * 2], against)


def _cas(line: Line, found: Classification, goods: GoodsIndex) -> Source | None:
    if not line.cas_number:
        return None
    listed = [item for item in goods.by_cas(line.cas_number) if item.code]
    if listed:
        named = ", ".join(dict.fromkeys(f"{item.name} ({item.code})" for item in listed))
        if found.below_threshold:
            named += ", below its threshold for this destination"
        return Source("cas", line.cas_number, named, tuple(item.code for item in listed), sure=True)
    chemical = tuple(item.code for item in found.candidates if _has(item, "chemical"))
    return Source("cas", line.cas_number, "no listed substance", against=chemical)


def _parameters(found: Classification) -> Source | None:
    met = tuple(item.code for item in found.candidates if _has(item, "met", "likely_met"))
    failed = tuple(item.code for item in found.candidates if _has(item, "failed", "released"))
    if not met and not failed:
        return None
    texts = [
        f"{item.code}: {piece.text}"
        for item in found.candidates
        for piece in item.evidence
        if piece.kind in ("parameter", "release")
    ]
    return Source("parameters", "; ".join(texts[:SHOWN]), _against_words(met, failed), met, failed)


def _against_words(met: Sequence[str], failed: Sequence[str]) -> str:
    said = [f"beyond thresholds of {', '.join(met[:SHOWN])}"] if met else []
    said += [f"not beyond those of {', '.join(failed[:SHOWN])}"] if failed else []
    return "; ".join(said)


def _of(candidate: Candidate, names: Iterable[str]) -> float:
    """The chance that an entry would have by some kinds of evidence alone."""
    wanted = set(names)
    return chance_of(BASE + sum(points for name, points in candidate.parts if name in wanted))


def _has(candidate: Candidate, *names: str) -> bool:
    return any(name in names for name, _ in candidate.parts)
