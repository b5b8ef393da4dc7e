"""The amounts that speak for and against one entry, with the words for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.engine.classify.book import Book
from policies.engine.classify.codes import within
from policies.engine.classify.knowledge import CHEMICAL, Term
from policies.engine.classify.phrases import Match
from policies.engine.classify.rank import (
    NAME_OF_SUBSTANCE,
    Seen,
    against,
    best_of,
    most_exact,
    physical,
    pointed,
    related,
)
from policies.engine.classify.thresholds import Case
from policies.engine.classify.weigh import SETTLES, Amounts
from policies.engine.lists import Entry

FURTHER = 3  # wordings beside the best that count
ALSO_GOODS = ("D", "E")


@dataclass(frozen=True, slots=True)
class Measured:
    """The amounts of an entry, its most exact code, its threshold cases, the wording behind each amount, and
    how much points at each of its sub-entries.
    """

    code: str
    amounts: Amounts
    cases: tuple[Case, ...]
    words: dict[str, str]
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Backing:
    """What is known beside the words: correlated HS codes, and substances by CAS number with those released."""

    hs: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    released: tuple[str, ...] = ()


def measure(seen: Seen, code: str, entry: Entry, book: Book, backing: Backing) -> Measured:
    """Weigh one entry for a line."""
    cases = tuple(book.thresholds.cases(code, seen.said))
    points = pointed(seen, code, cases)
    exact = next((item for item in backing.substances if within(item, code)), None) or most_exact(points, code)
    words: dict[str, str] = {}
    amounts = {
        **_wordings(seen, code, words),
        **_parameters(cases, exact, words),
        **_hs(seen.line.hs_code, backing.hs, entry, words),
        **_substance(seen, code, exact, backing, words),
        **_grades(seen, code, words),
        **_intangible(seen, code, entry, book),
    }
    if max(amounts["named"], amounts["chemical"]) >= SETTLES:
        amounts |= _unmoved(cases, amounts)
    for name, says in (("ordinary", "goods"), ("civil", "context"), ("below", "below")):
        amounts[name], words[name] = against(seen, code, says)
    amounts.pop("mixture", None)
    return Measured(exact, Amounts(**amounts), cases, words, points)


def _unmoved(cases: Sequence[Case], amounts: Mapping[str, float]) -> dict[str, float]:
    """What a yes or no of the exporter cannot do: take back a name that only listed goods have, or a substance.

    Figures can: an alloy of two percent beryllium is no beryllium metal.
    """
    said = [fact for case in cases for fact in case.facts if fact.state != "open" and fact.threshold.operator != "is"]
    measured = bool(said) and not amounts["chemical"]
    mixture = amounts["released"] if amounts.get("mixture") else 0.0
    return {
        "untold": 0.0,
        "failed": amounts["failed"] if measured else 0.0,
        "released": amounts["released"] if measured else mixture,
    }


def _wordings(seen: Seen, code: str, words: dict[str, str]) -> dict[str, float]:
    matches = sorted(seen.under.get(code, ()), key=lambda item: (-item[1], -len(item[0].places), item[0].said.term))
    kinds = {"named": "is", "usual": "often", "possible": "may"}
    found = {name: best_of(matches, says) for name, says in kinds.items()}
    for name, says in kinds.items():
        words[name] = next((match.said.term for match, _ in matches if match.said.says == says), "")
    best = max(found.values())
    found["usual"] = found["usual"] if not found["named"] else found["usual"] * 0.3
    found["possible"] = found["possible"] if best == found["possible"] else found["possible"] * 0.2
    found["whole"] = _share_of_all(matches, seen)
    found["further"] = min(_apart(matches), FURTHER) / FURTHER
    found["similar"] = seen.similar.get(code, 0.0)
    return found


def _share_of_all(matches: Sequence[tuple[Match[Term], float]], seen: Seen) -> float:
    """The share of the words, figures left out, that a wording which names goods of the entry makes up."""
    words = sum(1 for word in seen.reading.words if not word[:1].isdigit())
    own = [len(match.places) * counts for match, counts in matches if match.said.says in ("is", "often", CHEMICAL)]
    return min(max(own, default=0.0) / words, 1.0) if words else 0.0


def _apart(matches: Sequence[tuple[Match[Term], float]]) -> int:
    """How many wordings stand at words of their own beside the first."""
    taken: set[int] = set()
    count = -1
    for match, counts in matches:
        if counts > 0.3 and match.said.says != "may" and not taken & set(match.places):
            taken.update(match.places)
            count += 1
    return max(count, 0)


def _parameters(cases: Sequence[Case], exact: str, words: dict[str, str]) -> dict[str, float]:
    near = [case for case in cases if within(case.code, exact) or within(exact, case.code)] or list(cases)
    limits = [case for case in near if case.role == "threshold"]
    met = [case for case in limits if case.state == "met"]
    sure = [case for case in met if all(fact.sure for fact in case.facts)]
    begun = [case for case in limits if case.begun]
    failed = [case for case in limits if case.state == "failed"]
    released = [case for case in near if case.role == "release" and case.state == "met"]
    for name, which in (("met", sure), ("likely_met", met or begun), ("failed", failed), ("released", released)):
        state = "failed" if name == "failed" else "met"
        words[name] = "; ".join(
            f"{fact.threshold.name.replace('_', ' ')} {fact.text}"
            for case in which[:1]
            for fact in case.facts
            if fact.state == state
        )
    undecided = [case for case in limits if case.state == "open"]
    return {
        "met": 1.0 if sure else 0.0,
        "likely_met": 0.0 if sure else 1.0 if met else 0.6 if begun else 0.0,
        "untold": 1.0 if limits and not met and not begun and not failed else 0.0,
        "failed": 0.0 if met else (0.6 if undecided else 1.0) if failed else 0.0,
        "released": 1.0 if released else 0.0,
    }


def _hs(declared: str, correlated: Sequence[str], entry: Entry, words: dict[str, str]) -> dict[str, float]:
    if len(declared) < 4 or not correlated or entry.intangible:
        return {}
    words["hs"] = words["hs_heading"] = words["hs_against"] = declared
    if any(declared.startswith(item) for item in correlated if len(item) >= 4):
        return {"hs": 1.0}
    if any(declared[:4] == item[:4] for item in correlated):
        return {"hs_heading": 1.0}
    return {} if any(declared[:2] == item[:2] for item in correlated) else {"hs_against": 1.0}


def _substance(seen: Seen, code: str, exact: str, backing: Backing, words: dict[str, str]) -> dict[str, float]:
    by_cas = [item for item in backing.substances if within(item, code)]
    released = [item for item in backing.released if within(item, code) and within(exact, item)]
    name = next((match for match, _ in seen.under.get(code, ()) if match.said.says == CHEMICAL), None)
    words["chemical"] = f"CAS {seen.line.cas_number}" if by_cas else name.said.term if name else ""
    named = NAME_OF_SUBSTANCE * best_of(seen.under.get(code, ()), CHEMICAL)
    found = {"chemical": 1.0 if by_cas else named}
    if released:
        words["released"] = "concentration below the threshold"
        found["released"] = found["mixture"] = 1.0
    return found


def _grades(seen: Seen, code: str, words: dict[str, str]) -> dict[str, float]:
    worth = {"is": 1.0, "often": 0.8, "may": 0.4}
    found = {"grade": 0.0, "grade_against": 0.0}
    for meant, counts in seen.grades:
        if meant.row.says == "not" and not meant.row.codes or any(within(item, code) for item in meant.row.codes):
            name = "grade_against" if meant.row.says == "not" else "grade"
            amount = worth.get(meant.row.says, 1.0) * counts
            if amount > found[name]:
                found[name], words[name] = amount, meant.text
    return found


def _intangible(seen: Seen, code: str, entry: Entry, book: Book) -> dict[str, float]:
    of_software = entry.group in ALSO_GOODS or entry.intangible
    if not of_software:
        return {"only_software": seen.software}
    if not seen.software:
        return {"no_software": 1.0}
    return {"software": max(related(seen, code, book), physical(seen, code) * 0.5)}
