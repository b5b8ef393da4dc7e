"""Each principle with its quote, the rules, checks and screens that carry it out, and what nothing carries out yet."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies import coverage as covered
from policies import rulebook
from screening import permissions
from screening.models import User
from screening.views.access import actor, page
from screening.views.policy import remarks

# Screens outside the policy pages, and who may open them.
DOORS: dict[str, Callable[[User], bool]] = {
    "queue": permissions.can_see_queue,
    "shipments": permissions.can_read_shipments,
    "submit": lambda by: permissions.can_submit(by, by.organisation),
}


@require_safe
@page(permissions.check_see_policy)
def coverage(request: HttpRequest) -> HttpResponse:
    rows, problem = [], ""
    try:
        rows = covered.coverage(rulebook.policy(), on=timezone.localdate())
    except rulebook.RulebookError as error:
        problem = str(error)
    backtest = remarks.newest()
    fired = remarks.fired(backtest.pk) if backtest else {}
    context = {
        "area": "policy",
        "part": "coverage",
        "problem": problem,
        "backtest": backtest,
        "principles": [_shown(row, fired, actor(request)) for row in rows],
        "uncovered": [row.principle["id"] for row in rows if row.open],
        "with_gaps": [row.principle["id"] for row in rows if row.gaps],
    }
    return render(request, "policies/coverage.html", context)


def _shown(row: covered.Covered, fired: dict[str, int], by: User) -> dict[str, Any]:
    return {
        "principle": row.principle,
        "rules": [(rule, fired.get(rule.id)) for rule in row.rules],
        "checks": row.checks,
        "screens": [(screen, _address(screen.url, by)) for screen in row.screens],
        "gaps": row.gaps,
        "open": row.open,
    }


def _address(name: str, by: User) -> str:
    """The address of a screen; empty for one about a record, such as a case, and for one closed to this person."""
    if not DOORS.get(name, permissions.can_see_policy)(by):
        return ""
    try:
        return reverse(f"screening:{name}")
    except NoReverseMatch:
        return ""
