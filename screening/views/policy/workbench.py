"""Every rule as the next snapshot would have it: search, filters, what has changed, and what the analysis remarks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from policies import rulebook, snapshots
from policies.models import ListSource
from policies.rulebook import Row
from screening import permissions
from screening.forms.rule import EFFECTS
from screening.models import Direction
from screening.views import principles as texts
from screening.views.access import page
from screening.views.policy import remarks

PAGE = 60
STATES = {"in_force": _("In force"), "not_yet": _("Not yet"), "retired": _("Retired")}
CHANGES = {"new": _("New"), "changed": _("Changed")}
SEARCHED = ("id", "title", "legal_basis", "reason", "remedy", "note", "category")


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of the working lists: its row, where it stands, and how it differs from the snapshot in force."""

    row: Row
    list_id: str
    state: str
    change: str  # new, changed, or empty

    @property
    def state_word(self) -> Any:
        return STATES[self.state]

    @property
    def change_word(self) -> Any:
        return CHANGES.get(self.change, "")


@require_safe
@page(permissions.check_see_policy)
def workbench(request: HttpRequest) -> HttpResponse:
    every = entries(timezone.localdate())
    chosen = {name: request.GET.get(name, "") for name in ("q", "list", "reason", "effect", "principle", "direction")}
    chosen |= {name: request.GET.get(name, "") for name in ("state", "change")}
    found = [entry for entry in every if _matches(entry, chosen)]
    wanted, missing = "remarks" in request.GET, ""
    said = remarks.known()
    if said is None and wanted:
        said, missing = remarks.by_rule()
    rows = Paginator(found, PAGE).get_page(request.GET.get("page"))
    known = {entry.row["id"] for entry in every}
    context = {
        "area": "policy",
        "part": "rules",
        "rows": rows,
        "shown": [(entry, remarks.badges((said or {}).get(entry.row["id"], ()))) for entry in rows],
        "total": len(every),
        "changed": sum(bool(entry.change) for entry in every),
        "gone": [row for row in _in_force().values() if row["id"] not in known],
        "filters": _filters(every, chosen),
        "search": chosen["q"],
        "filtered": any(chosen.values()),
        "no_analysis": missing,
        "to_analyse": said is None,
    }
    return render(request, "policies/workbench.html", context)


def entries(on: date) -> list[Entry]:
    """All rules of the working lists, by list and id."""
    pinned = _in_force()
    return [
        Entry(row, list_id, state_of(row, on), _change(row, pinned))
        for list_id, rows in rulebook.working().items()
        for row in rows
    ]


def state_of(row: Row, on: date) -> str:
    """Whether a rule is law on a day.

    >>> state_of({"valid_to": "2025-12-31"}, date(2026, 1, 1)), state_of({}, date(2026, 1, 1))
    ('retired', 'in_force')
    """
    day = on.isoformat()
    if row.get("valid_to") and str(row["valid_to"]) < day:
        return "retired"
    return "not_yet" if row.get("valid_from") and str(row["valid_from"]) > day else "in_force"


def _in_force() -> dict[str, Row]:
    snapshot = snapshots.current()
    return {row["id"]: row for row in texts.rules_of(snapshot.hash)} if snapshot else {}


def _change(row: Row, pinned: Mapping[str, Row]) -> str:
    before = pinned.get(row["id"])
    return "new" if before is None else "changed" if dict(before) != dict(row) else ""


def _matches(entry: Entry, chosen: Mapping[str, str]) -> bool:
    row = entry.row
    text = " ".join([*(str(row.get(name, "")) for name in SEARCHED), *row.get("clauses", ())]).lower()
    directions = row.get("directions") or Direction.values  # none named: the rule is for every direction
    return (
        all(word in text for word in chosen["q"].lower().split()[:8])
        and chosen["list"] in ("", entry.list_id)
        and chosen["reason"] in ("", row.get("reason"))
        and chosen["effect"] in ("", row.get("effect"))
        and (not chosen["principle"] or chosen["principle"] in row.get("principles", ()))
        and (not chosen["direction"] or chosen["direction"] in directions)
        and chosen["state"] in ("", entry.state)
        and (not chosen["change"] or bool(entry.change))
    )


def _filters(every: Iterable[Entry], chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """The select boxes: name, label, choices, what is chosen."""
    titles = dict(ListSource.objects.filter(kind="rules").values_list("id", "title"))
    lists = dict.fromkeys(entry.list_id for entry in every)
    reasons = sorted({entry.row["reason"] for entry in every if entry.row.get("reason")})
    principles = sorted({one for entry in every for one in entry.row.get("principles", ())})
    choices: list[tuple[str, Any, Iterable[tuple[str, Any]]]] = [
        ("list", _("List"), [(one, titles.get(one, one)) for one in lists]),
        ("effect", _("Effect"), EFFECTS),
        ("reason", _("Reason"), [(one, one) for one in reasons]),
        ("principle", _("Principle"), [(one, one) for one in principles]),
        ("direction", _("Direction"), Direction.choices),
        ("state", _("State"), STATES.items()),
        ("change", _("Changes"), [("yes", _("since the snapshot in force"))]),
    ]
    return [{"name": name, "label": label, "choices": given, "chosen": chosen[name]} for name, label, given in choices]
