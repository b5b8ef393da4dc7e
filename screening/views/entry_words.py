"""Control-list entries in words: groups, statuses, thresholds, authorisations and rules as their page shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.engine.browse.tree import Branch, Group, Node
from policies.engine.lists import Entry
from screening.control_lists import Shelf, status_of
from screening.forms import vocabulary
from screening.forms.control_lists import FAMILIES

CATEGORIES: dict[str, Any] = {
    "0": gettext_lazy("Nuclear materials, facilities and equipment"),
    "1": gettext_lazy("Special materials and related equipment"),
    "2": gettext_lazy("Materials processing"),
    "3": gettext_lazy("Electronics"),
    "4": gettext_lazy("Computers"),
    "5": gettext_lazy("Telecommunications and information security"),
    "6": gettext_lazy("Sensors and lasers"),
    "7": gettext_lazy("Navigation and avionics"),
    "8": gettext_lazy("Marine"),
    "9": gettext_lazy("Aerospace and propulsion"),
}
GROUPS: dict[str, Any] = {
    "A": gettext_lazy("Systems, equipment and components"),
    "B": gettext_lazy("Test, inspection and production equipment"),
    "C": gettext_lazy("Materials"),
    "D": gettext_lazy("Software"),
    "E": gettext_lazy("Technology"),
}
ANNEXES: dict[str, Any] = {
    "II": gettext_lazy("Annex II: prohibited"),
    "III": gettext_lazy("Annex III: export authorisation"),
    "IV": gettext_lazy("Annex IV: goods for capital punishment"),
}
FIREARMS: dict[str, Any] = {"AMMO": gettext_lazy("Ammunition"), "PART": gettext_lazy("Essential components")}
STATES: dict[str, tuple[Any, str, str]] = {
    "in_force": (gettext_lazy("In force"), "check-circle", "clear"),
    "future": (gettext_lazy("Not in force yet"), "clock", "licence_required"),
    "retired": (gettext_lazy("No longer listed"), "archive-box", "waiting"),
}
KINDS: dict[str, Any] = {
    "heading": gettext_lazy("heading"),
    "keyword": gettext_lazy("keyword"),
    "chemical": gettext_lazy("substance"),
    "is": gettext_lazy("such goods"),
    "often": gettext_lazy("often such goods"),
    "may": gettext_lazy("may be such goods"),
}
LANGUAGES: dict[str, Any] = {
    "en": gettext_lazy("English"),
    "lv": gettext_lazy("Latvian"),
    "ru": gettext_lazy("Russian"),
    "de": gettext_lazy("German"),
}
OPERATORS = {">": ">", ">=": "≥", "<": "<", "<=": "≤"}
WHOLE: dict[str, Any] = {
    "no": gettext_lazy("no"),
    "full": gettext_lazy("yes"),
    "partial": gettext_lazy("in part"),
}


def row(entry: Entry, shelf: Shelf) -> dict[str, Any]:
    """An entry among results: its list and whether it is in force."""
    return {
        "entry": entry,
        "list_title": shelf.title(entry.list),
        "family": FAMILIES.get(entry.family, entry.family),
        "state": STATES[status_of(entry, shelf)],
        "in_force": status_of(entry, shelf) == "in_force",
    }


def groups(branch: Branch) -> list[dict[str, Any]]:
    """The groups of a list; those of one category of Annex I together."""
    categories: dict[str, list[Group]] = {}
    for group in branch.groups:
        categories.setdefault(group.category, []).append(group)
    return [
        {
            "title": f"{category} {CATEGORIES.get(category, '')}".strip(),
            "count": sum(len(group.nodes) for group in held),
            "groups": [{"title": _group_title(branch, group), "nodes": _flat(group.nodes)} for group in held],
        }
        for category, held in categories.items()
    ]


def told(about: dict[str, Any], shelf: Shelf) -> dict[str, Any]:
    """What the page of an entry shows, in the order in which it does."""
    return {
        "about": about,
        "list_title": shelf.title(about["list"]),
        "family": FAMILIES.get(about["family"], about["family"]),
        "state": STATES[about["status"]],
        "category": CATEGORIES.get(about["category"], ""),
        "group": GROUPS.get(about["group"], "") if about["family"] == "annex_i" else "",
        "annex": ANNEXES.get(about["annex"], about["annex"]) if about["family"] == "anti_torture" else "",
        "annex_iv": WHOLE.get(about["annex_iv"]["whole"], ""),
        "section_i": WHOLE.get(about["section_i"]["whole"], ""),
        "cases": cases(about["thresholds"]),
        "wordings": [
            {"language": LANGUAGES.get(code, code), "code": code, "rows": _by_kind(rows), "count": len(rows)}
            for code, rows in about["wordings"].items()
        ],
        "authorisations": [
            {**item, "places": [vocabulary.country_name(code) for code in item["destinations"]]}
            for item in about["authorisations"]
        ],
        "for_codes": _links(about["for_goods"]),
    }


def cases(thresholds: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Thresholds by code and case: those of a case hold together, cases are alternatives."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for place, item in enumerate(thresholds):
        slot = (item["code"], item["case"] or f"#{place}", item["role"])
        found.setdefault(slot, []).append({**item, "words": condition(item)})
    return [{"code": code, "release": role == "release", "rows": rows} for (code, _case, role), rows in found.items()]


def condition(item: dict[str, Any]) -> str:
    """A threshold in words: “positioning accuracy ≤ 6 um”."""
    name, value = item["name"].replace("_", " "), item["value"]
    if item["operator"] == "is":
        words = _(" or ").join(value.split("|"))
        return f"{name}: {words}"
    if item["operator"] == "between":
        return f"{name} {value.replace('..', '–')} {item['unit']}".strip()
    return f"{name} {OPERATORS[item['operator']]} {value} {item['unit']}".strip()


def _group_title(branch: Branch, group: Group) -> str:
    if branch.family == "annex_i":
        return f"{group.category}{group.key} {GROUPS.get(group.key, '')}".strip()
    if branch.family == "anti_torture":
        return str(ANNEXES.get(group.key, group.key))
    if branch.family == "firearm":
        return str(FIREARMS.get(group.key) or _("Category %(letter)s") % {"letter": group.key})
    if branch.family == "national":
        return _("Examples, not law") if group.key == "EX" else vocabulary.country_name(group.key)
    return ""


def _flat(nodes: Sequence[Node]) -> Sequence[Node]:
    """A group that is one entry with its parts (an anti-torture annex) shows them side by side."""
    if len(nodes) == 1 and nodes[0].below:
        return (replace(nodes[0], below=()), *nodes[0].below)
    return nodes


def _by_kind(rows: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    kinds = dict.fromkeys(item["says"] for item in rows)
    return [{"kind": KINDS[kind], "rows": [item for item in rows if item["says"] == kind]} for kind in kinds]


def _links(relations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Codes that software or technology is for; a beginning such as 2A stands for all entries that begin so."""
    return [
        {**item, "codes": [{"code": code, "many": len(code) < len("0A001")} for code in item["of"]]}
        for item in relations
    ]
