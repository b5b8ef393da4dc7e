"""One line of goods against the goods lists: what it is under, and what strong evidence says against that."""

from dataclasses import dataclass, field
from datetime import date

from policies.engine.classify.chemistry import Substance, exempted, substances
from policies.engine.classify.codes import normalise, parents, within
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.parameters import beyond
from policies.engine.classify.text import words
from policies.engine.facts import Line
from policies.engine.lists import Entry

FOREIGN = ("99", "98")  # last digits of US codes that have no place on a European list (5A992, 3A980)


ONE_KIND = ({"AMMO", "M1"}, {"PART", "P1", "P2"})  # family codes and what they hold


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for an entry. `strong` evidence for an undeclared entry contradicts the declaration.

    `source` is the word, number or CAS number itself: one source may speak for several entries.
    """

    code: str
    heading: str
    kind: str
    text: str
    strong: bool
    source: str = ""


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
    evidence: tuple[Evidence, ...] = ()
    mismatch: tuple[str, ...] = field(default=())


def classify(
    line: Line, goods: GoodsIndex, *, on: date | None, cwc_party: bool = True, negated: bool = False
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
    codes: list[str] = []
    released = spared or (bool(found) and not above and any(_same_entry(judged, item.chemical.code) for item in found))
    if judged and not released:
        codes.append(judged)
    codes += [
        item.chemical.code
        for item in above
        if item.chemical.code not in codes and not within(judged, item.chemical.code)
    ]
    entries = _entries(codes, goods, on)
    by_cas = [item for item in above if item.found_by == "cas" and not _related(judged, item.chemical.code)]
    evidence = _evidence(line, goods, on, by_cas=by_cas, negated=negated, cwc_party=cwc_party)
    covered = [*codes, *(item.chemical.code for item in found)]
    return Classification(
        number=line.number,
        declared=declared,
        entries=entries,
        codes=tuple(dict.fromkeys(code for item in codes for code in parents(item))),
        substance=next(iter(above or found), None),
        listed_by_cas=any(goods.find(item.chemical.code, on) for item in by_cas),
        exempted=spared,
        below_threshold=bool(found) and not above,
        unknown_code=bool(declared) and not _recognised(judged, goods),
        evidence=evidence,
        mismatch=_mismatch(line, judged, goods, on, evidence, covered),
    )


def _entries(codes: list[str], goods: GoodsIndex, on: date | None) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for code in codes:
        entry = goods.find(code, on)
        for item in (entry, *(goods.find(also, on) for also in (entry.also if entry else ()))):
            if item:
                entries.setdefault(item.code, item)
    return tuple(entries.values())


def _evidence(
    line: Line,
    goods: GoodsIndex,
    on: date | None,
    *,
    by_cas: list[Substance],
    negated: bool,
    cwc_party: bool,
) -> tuple[Evidence, ...]:
    split = words(line.description)
    found: dict[tuple[str, str], Evidence] = {}
    for item in by_cas:
        if entry := goods.find(item.chemical.code, on):
            text = f"CAS {item.chemical.cas} is {item.chemical.name}"
            found[item.chemical.code, "cas"] = Evidence(
                item.chemical.code, entry.heading, "cas", text, True, item.chemical.cas
            )
    for hit in goods.specific.find(split):
        entry = goods.find(hit.label, on)
        if entry and not _released_chemical(hit.label, line, goods, cwc_party):
            supported = goods.hs_supports(hit.label, entry, line.hs_code)
            text = f"“{hit.phrase}”" + (f" and HS {line.hs_code}" if supported else "")
            found.setdefault(
                (hit.label, "phrase"), Evidence(hit.label, entry.heading, "phrase", text, supported and not negated)
            )
    for hit in goods.keywords.find(split):
        if not (entry := goods.find(hit.label, on)):
            continue
        reached = next(filter(None, (beyond(line, parameter) for parameter in goods.parameters(entry))), "")
        if reached:
            text = f"“{hit.phrase}” with {reached}"
            found.setdefault(
                (hit.label, "parameter"), Evidence(hit.label, entry.heading, "parameter", text, not negated)
            )
        found.setdefault(
            (hit.label, "keyword"), Evidence(hit.label, entry.heading, "keyword", f"“{hit.phrase}”", False)
        )
    return tuple(sorted(found.values(), key=lambda item: (not item.strong, item.code, item.kind)))


def _mismatch(
    line: Line, declared: str, goods: GoodsIndex, on: date | None, evidence: tuple[Evidence, ...], covered: list[str]
) -> tuple[str, ...]:
    fitting = {item.source for item in evidence for code in covered if _related(code, item.code)}
    strong = [item for item in evidence if item.strong and (item.source not in fitting or item.kind == "cas")]
    entry = goods.find(declared, on) if declared else None
    if entry and _speaks_for(entry, declared, line, goods, evidence):
        strong = [item for item in strong if item.kind == "cas"]
    return tuple(dict.fromkeys(item.code for item in strong))


def _speaks_for(entry: Entry, declared: str, line: Line, goods: GoodsIndex, evidence: tuple[Evidence, ...]) -> bool:
    """Whether anything at all supports the declared entry: its HS code, or one of its own words."""
    return goods.hs_supports(declared, entry, line.hs_code) or any(_related(declared, item.code) for item in evidence)


def _released_chemical(code: str, line: Line, goods: GoodsIndex, cwc_party: bool) -> bool:
    """A chemical named in the text is no evidence while its declared share stays below its threshold."""
    share = line.concentration_percent
    limits = [item.threshold_party if cwc_party else item.threshold_non_party for item in goods.by_code(code)]
    return bool(limits) and share is not None and all(limit is not None and share <= limit for limit in limits)


def _recognised(code: str, goods: GoodsIndex) -> bool:
    return goods.known(code) or code == "EAR99" or code.startswith(("PL", "EX")) or parents(code)[-1][2:4] in FOREIGN


def _same_entry(left: str, right: str) -> bool:
    """Whether both codes stand under one top entry; an undeclared code goes with everything."""
    return not left or parents(left)[-1] == parents(right)[-1]


def _related(left: str, right: str) -> bool:
    """Whether two codes name the same goods: one entry, or twins of two regimes (2B001/2B201, 9A012/9A112)."""
    if not left or not right:
        return False
    if any(left in same and right in same for same in ONE_KIND):
        return True
    first, second = parents(left)[-1], parents(right)[-1]
    chemical = first == second and first in ("1C350", "1C450")
    if chemical:
        return within(left, right) or within(right, left)
    return first == second or (len(first) == len(second) == 5 and first[:2] == second[:2] and first[3:] == second[3:])
