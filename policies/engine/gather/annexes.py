"""Which part of an entry an annex names: Annex IV, Section I, and the goods of each general authorisation."""

from collections.abc import Sequence
from typing import Any

from policies.engine import facts
from policies.engine.classify.codes import parents, within
from policies.engine.classify.lines import Classification
from policies.engine.classify.parameters import numbers
from policies.engine.lists import Authorisation, Entry
from policies.engine.policy import Policy


def of_line(line: facts.Line, found: Classification, policy: Policy) -> dict[str, Any]:
    """What a line's Annex I entry means for licences: its category, Annex IV, Section I and the authorisations."""
    entry = next((item for item in found.entries if item.family == "annex_i"), None)
    if entry is None:
        return {}
    judged, launch = _judged(found, entry), _launch_class(entry, line)
    section_i = _part(entry.section_i, entry.section_i_codes, judged, launch)
    return {
        "category": entry.code[0],
        "group": entry.group,
        "annex_iv": _part(entry.annex_iv, entry.annex_iv_codes, judged, launch),
        "section_i": section_i,
        "authorisations": _authorisations(entry, judged, section_i, policy),
    }


def top(code: str) -> str:
    """The top entry of a code; an anti-torture item is its own."""
    return code if code.startswith("AT-") else parents(code)[-1]


def _judged(found: Classification, entry: Entry) -> list[str]:
    """The most exact codes that the line has under an entry: the declared sub-entry, the chemical's, or both."""
    under = [code for code in found.codes if within(code, top(entry.code))]
    return [code for code in under if not any(other != code and within(other, code) for other in under)]


def _part(whole: str, codes: Sequence[str], judged: Sequence[str], launch_class: str) -> str:
    """Whether the codes are in the part of an entry that an annex names: yes, no, or unknown if too general."""
    if whole in ("no", "full"):
        return "yes" if whole == "full" else "no"
    if launch_class:
        return launch_class
    if any(within(code, item) for code in judged for item in codes):
        return "yes"
    general = not codes or any(within(item, code) for code in judged for item in codes)
    return "unknown" if general else "no"


def _launch_class(entry: Entry, line: facts.Line) -> str:
    """Yes or no for entries that an annex names by range and payload, once both are given; else nothing."""
    given = numbers(line)
    if not entry.least or not all(name in given for name, _ in entry.least):
        return ""
    return "yes" if all(given[name] >= least for name, least in entry.least) else "no"


def _authorisations(entry: Entry, judged: Sequence[str], section_i: str, policy: Policy) -> list[str]:
    return [
        item.id
        for item in policy.authorisations.values()
        if (section_i == "no" or not item.section_i) and judged and all(_includes(item, entry, code) for code in judged)
    ]


def _includes(item: Authorisation, entry: Entry, code: str) -> bool:
    """A code counts as included only when all of it is: a parent of an excluded sub-entry is not."""
    if item.included_groups and entry.group not in item.included_groups:
        return False
    if any(within(code, other) or within(other, code) for other in item.exclude):
        return False
    return "*" in item.include or any(within(code, other) for other in item.include)
