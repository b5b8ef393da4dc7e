"""Small pieces of the policy pages: their navigation, and the states of lists, editions, feeds and snapshots."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Key (what a page passes as `part`), word, name of its address.
AREAS: tuple[tuple[str, Any, str], ...] = (
    ("overview", _("Overview"), "policy"),
    ("lists", _("Lists"), "lists"),
    ("feeds", _("Feeds"), "feeds"),
    ("rules", _("Rules"), "workbench"),
    ("backtests", _("Backtests"), "backtests"),
    ("coverage", _("Coverage"), "coverage"),
    ("draft", _("Draft"), "draft"),
    ("snapshots", _("Snapshots"), "snapshots"),
)

# State -> word, icon, tone. Word, icon and colour always stand together.
STATES: dict[str, tuple[Any, str, str]] = {
    "fresh": (_("Fresh"), "check-circle", "clear"),
    "old": (_("Old"), "clock", "licence_required"),
    "stale": (_("Stale"), "exclamation-triangle", "prohibited"),
    "ageless": (_("Does not age"), "minus-circle", "waiting"),
    "empty": (_("Never imported"), "minus-circle", "licence_required"),
    "staged": (_("Waits"), "eye", "review"),
    "active": (_("Active"), "check-circle", "clear"),
    "superseded": (_("Superseded"), "archive-box", "waiting"),
    "rejected": (_("Rejected"), "no-symbol", "prohibited"),
    "draft": (_("Draft"), "pencil-square", "review"),
    "scheduled": (_("Scheduled"), "clock", "licence_required"),
    "published": (_("In force"), "check-circle", "clear"),
    "retired": (_("Retired"), "archive-box", "waiting"),
    "added": (_("Added"), "plus-circle", "clear"),
    "removed": (_("Removed"), "minus-circle", "prohibited"),
    "changed": (_("Changed"), "pencil-square", "review"),
    "well": (_("Well"), "check-circle", "clear"),
    "failing": (_("Failing"), "exclamation-triangle", "prohibited"),
    "off": (_("Switched off"), "pause-circle", "waiting"),
    "new": (_("Not fetched yet"), "clock", "waiting"),
    "doubts": (_("Doubts"), "exclamation-triangle", "licence_required"),
    "done": (_("Done"), "check-circle", "clear"),
    "missing": (_("Missing"), "x-circle", "licence_required"),
}


@register.simple_tag
def policy_areas(part: str) -> list[tuple[str, Any, bool]]:
    """Address, word and whether it is the current one, of every area of the policy pages."""
    found = []
    for key, word, name in AREAS:
        try:
            found.append((reverse(f"screening:{name}"), word, key == part))
        except NoReverseMatch:
            continue
    return found


@register.inclusion_tag("ui/badge.html")
def state_badge(state: str, word: str = "", count: int | None = None) -> dict[str, Any]:
    """A state as word, icon and colour. `word` says it in other words."""
    usual, icon, tone = STATES[state]
    return {"tone": tone, "word": word or usual, "icon": icon, "count": count}
