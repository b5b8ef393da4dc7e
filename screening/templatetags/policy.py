"""Small pieces of the policy pages: their navigation, and the states of lists, editions, feeds and snapshots."""

from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

register = template.Library()

# Key (what a page passes as `part`), word, name of its address.
AREAS: tuple[tuple[str, Any, str], ...] = (
    ("overview", gettext_lazy("Overview"), "policy"),
    ("lists", gettext_lazy("Lists"), "lists"),
    ("feeds", gettext_lazy("Feeds"), "feeds"),
    ("rules", gettext_lazy("Rules"), "workbench"),
    ("backtests", gettext_lazy("Backtests"), "backtests"),
    ("coverage", gettext_lazy("Coverage"), "coverage"),
    ("draft", gettext_lazy("Draft"), "draft"),
    ("snapshots", gettext_lazy("Snapshots"), "snapshots"),
)

# State -> word, icon, tone. Word, icon and colour always stand together.
STATES: dict[str, tuple[Any, str, str]] = {
    "fresh": (gettext_lazy("Fresh"), "check-circle", "clear"),
    "old": (gettext_lazy("Old"), "clock", "licence_required"),
    "stale": (gettext_lazy("Stale"), "exclamation-triangle", "prohibited"),
    "ageless": (gettext_lazy("Does not age"), "minus-circle", "waiting"),
    "empty": (gettext_lazy("Never imported"), "minus-circle", "licence_required"),
    "staged": (gettext_lazy("Waits"), "eye", "review"),
    "active": (gettext_lazy("Active"), "check-circle", "clear"),
    "superseded": (gettext_lazy("Superseded"), "archive-box", "waiting"),
    "rejected": (gettext_lazy("Rejected"), "no-symbol", "prohibited"),
    "draft": (gettext_lazy("Draft"), "pencil-square", "review"),
    "scheduled": (gettext_lazy("Scheduled"), "clock", "licence_required"),
    "published": (gettext_lazy("In force"), "check-circle", "clear"),
    "retired": (gettext_lazy("Retired"), "archive-box", "waiting"),
    "added": (gettext_lazy("Added"), "plus-circle", "clear"),
    "removed": (gettext_lazy("Removed"), "minus-circle", "prohibited"),
    "changed": (gettext_lazy("Changed"), "pencil-square", "review"),
    "well": (gettext_lazy("Well"), "check-circle", "clear"),
    "failing": (gettext_lazy("Failing"), "exclamation-triangle", "prohibited"),
    "off": (gettext_lazy("Switched off"), "pause-circle", "waiting"),
    "new": (gettext_lazy("Not fetched yet"), "clock", "waiting"),
    "doubts": (gettext_lazy("Doubts"), "exclamation-triangle", "licence_required"),
    "done": (gettext_lazy("Done"), "check-circle", "clear"),
    "missing": (gettext_lazy("Missing"), "x-circle", "licence_required"),
}
KINDS: dict[str, Any] = {
    "goods": gettext_lazy("Goods"),
    "parameters": gettext_lazy("Technical thresholds"),
    "chemicals": gettext_lazy("Chemicals"),
    "agents": gettext_lazy("Biological agents"),
    "pointers": gettext_lazy("References between lists"),
    "hs_groups": gettext_lazy("HS code groups"),
    "destinations": gettext_lazy("Destinations"),
    "embargoes": gettext_lazy("Embargoes"),
    "authorisations": gettext_lazy("General authorisations"),
    "terms": gettext_lazy("Terms"),
    "phrases": gettext_lazy("Phrases"),
    "goods_terms": gettext_lazy("Wordings of goods"),
    "chemical_names": gettext_lazy("Names of substances"),
    "ordinary_goods": gettext_lazy("Ordinary goods"),
    "glossary": gettext_lazy("Glossary"),
    "synonyms": gettext_lazy("Synonyms"),
    "designations": gettext_lazy("Grades and types"),
    "units": gettext_lazy("Units"),
    "relations": gettext_lazy("Software and technology for goods"),
    "legal_forms": gettext_lazy("Legal forms"),
    "name_words": gettext_lazy("Words of names"),
    "principles": gettext_lazy("Principles"),
    "reasons": gettext_lazy("Reason codes"),
    "settings": gettext_lazy("Settings"),
    "rules": gettext_lazy("Rules"),
    "reference": gettext_lazy("Reference"),
    "parties": gettext_lazy("Parties"),
    "ownership": gettext_lazy("Ownership"),
    "denials": gettext_lazy("Denials"),
}


@register.simple_tag
def policy_areas(part: str) -> list[tuple[str, Any, bool]]:
    """Address, word and whether it is the current one, of every area of the policy pages."""
    return [(reverse(f"screening:{name}"), word, key == part) for key, word, name in AREAS]


@register.inclusion_tag("ui/badge.html")
def state_badge(state: str, word: str = "", count: int | None = None) -> dict[str, Any]:
    """A state as word, icon and colour. `word` says it in other words."""
    usual, icon, tone = STATES[state]
    return {"tone": tone, "word": word or usual, "icon": icon, "count": count}


@register.filter
def kind_word(kind: str) -> str:
    """A kind of list in words."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


@register.filter
def state_word(state: str) -> str:
    return str(STATES[state][0]) if state in STATES else state


@register.filter
def short(digest: str) -> str:
    """The first characters of a hash: enough to tell it apart."""
    return str(digest)[:12]


@register.filter
def days_until(day: date | None) -> str:
    """How far a day is, in words; empty without a day."""
    if day is None:
        return ""
    days = (day - timezone.localdate()).days
    if days < 0:
        return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}
    if days == 0:
        return _("today")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
