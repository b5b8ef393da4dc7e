"""Everything that the lists of a policy say of one code, as plain JSON values: for its page and for the API."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from policies.engine.browse import grounds
from policies.engine.browse.tree import Node, Tree
from policies.engine.classify.book import top
from policies.engine.classify.codes import related, within
from policies.engine.classify.knowledge import CHEMICAL, Relation, Term, Threshold
from policies.engine.lists import Chemical, Entry, in_force
from policies.engine.policy import Policy

SAYS = ("is", "often", "may")


def about(code: str, policy: Policy, *, on: date) -> dict[str, Any] | None:
    """The page of a code that `known_code` gave; `None` when no list holds or held it.

    A code that is more exact than any row is told by the nearest entry above it, with `code` as asked.
    """
    goods, tree = policy.goods, policy.entry_tree
    entry = goods.find(code, on) or goods.find(code, None)
    if entry is None:
        return None
    own, pointed = goods.editions(code), goods.point(code)
    rules = grounds.rules(code, policy, on=on)
    return {
        **_row(code, own[-1] if own and entry.code != code else entry, tree),
        "exact": tree.known(code),
        "status": status(goods.editions(entry.code), on),
        "editions": [_edition(item) for item in goods.editions(entry.code)],
        "above": [_short(node) for node in tree.above(code)],
        "below": [_short(node) for node in tree.below(code)],
        "thresholds": [_threshold(item) for item in _thresholds(code, policy)],
        "substances": [_substance(item, policy.knowledge.terms) for item in tree.substances(code)],
        "hs": list(goods.hs_of(top(code)) if code == top(code) else entry.hs),
        "wordings": _wordings(code, policy),
        "points_to": pointed if pointed != code else "",
        "pointed_from": sorted(item for item, target in policy.pointers.items() if within(target, code)),
        "pointers": {item: target for item, target in policy.pointers.items() if item != code and within(item, code)},
        "also": list(entry.also),
        "twins": _twins(entry, policy, on),
        "for_goods": [_for(item) for item in policy.knowledge.relations if within(code, item.code)],
        "software": [_for(item) for item in policy.knowledge.relations if _is_for(item, code)],
        "authorisations": [] if pointed != code else grounds.authorisations(code, entry, policy, on=on),
        "rules": rules,
        "principles": grounds.principles(rules, policy),
    }


def status(rows: Sequence[Entry], on: date) -> str:
    """`in_force`, `future` or `retired`, by all rows of a code."""
    if any(in_force(row.valid_from, row.valid_to, on) for row in rows):
        return "in_force"
    return "future" if any(row.valid_from and row.valid_from > on for row in rows) else "retired"


def brief(entry: Entry, on: date) -> dict[str, Any]:
    """An entry in a list of results."""
    return {
        "code": entry.code,
        "heading": entry.heading,
        "list": entry.list,
        "family": entry.family,
        "regime": entry.regime,
        "valid_from": _day(entry.valid_from),
        "valid_to": _day(entry.valid_to),
        "status": status((entry,), on),
    }


def _row(code: str, entry: Entry, tree: Tree) -> dict[str, Any]:
    return {
        "code": code,
        "heading": tree.heading(code) or entry.heading,
        "entry": {"code": entry.code, "heading": entry.heading},
        "list": entry.list,
        "family": entry.family,
        "regime": entry.regime,
        "category": entry.code[0] if entry.family == "annex_i" else "",
        "group": entry.group,
        "state": entry.state,
        "annex": entry.annex,
        "intangible": entry.intangible or (entry.family == "annex_i" and entry.group in ("D", "E")),
        "annex_iv": _part(entry.annex_iv, entry.annex_iv_codes),
        "section_i": _part(entry.section_i, entry.section_i_codes),
        "least": [{"name": name, "value": value} for name, value in entry.least],
        "confidence": entry.confidence,
        "note": entry.note,
    }


def _part(whole: str, codes: Sequence[str]) -> dict[str, Any]:
    return {"whole": whole, "codes": list(codes)}


def _edition(entry: Entry) -> dict[str, Any]:
    return {
        "heading": entry.heading,
        "valid_from": _day(entry.valid_from),
        "valid_to": _day(entry.valid_to),
        "list_version": entry.version,
        "confidence": entry.confidence,
    }


def _short(node: Node) -> dict[str, str]:
    return {"code": node.code, "heading": node.heading}


def _thresholds(code: str, policy: Policy) -> Iterable[Threshold]:
    """Those of the code, of what stands below it, and of what stands above it and so counts for it too."""
    of_top = policy.goods.book.thresholds.of(top(code))
    names = [(item, [part.strip() for part in item.code.split("/")]) for item in of_top]
    return [item for item, codes in names if any(within(one, code) or within(code, one) for one in codes)]


def _threshold(item: Threshold) -> dict[str, Any]:
    return {
        "code": item.code,
        "case": item.case,
        "name": item.name,
        "operator": item.operator,
        "value": item.value,
        "unit": item.unit,
        "role": item.role,
        "also_called": list(item.also_called),
        "question": item.question,
        "note": item.note,
    }


def _substance(item: Chemical, terms: Sequence[Term]) -> dict[str, Any]:
    others = [term.term for term in terms if term.says == CHEMICAL and term.code == item.code] if item.cas else []
    return {
        "code": item.code,
        "name": item.name,
        "cas": item.cas,
        "schedule": item.schedule,
        "role": item.role,
        "hs": item.hs,
        "threshold_cwc_party": item.threshold_party,
        "threshold_other": item.threshold_non_party,
        "other_names": others,
        "confidence": item.confidence,
    }


def _wordings(code: str, policy: Policy) -> dict[str, list[dict[str, str]]]:
    """The wordings of the code and of what stands below it by language; those that name goods for certain first."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for term in policy.knowledge.terms:
        if term.says in SAYS and within(term.code, code):
            row = {"code": term.code, "term": term.term, "says": term.says}
            found[term.language].setdefault(term.term.lower(), row)
    return {
        language: sorted(rows.values(), key=lambda row: (SAYS.index(row["says"]), row["term"].lower()))
        for language, rows in sorted(found.items(), key=lambda item: ("en", "lv", "ru", "de").index(item[0]))
    }


def _twins(entry: Entry, policy: Policy, on: date) -> list[dict[str, str]]:
    """Entries of other regimes for the same kind of goods: 2B201 of 2B001."""
    if entry.family != "annex_i":
        return []
    rows = {item.code: item for item in policy.entries if item.code != entry.code and related(item.code, entry.code)}
    return [{"code": item.code, "heading": item.heading} for item in rows.values() if item.list == entry.list]


def _for(item: Relation) -> dict[str, Any]:
    return {"code": item.code, "kind": item.kind, "of": list(item.of), "phase": item.phase}


def _is_for(item: Relation, code: str) -> bool:
    return any(
        code.startswith(of) if len(of) < len("0A001") else within(code, of) or within(of, code) for of in item.of
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
