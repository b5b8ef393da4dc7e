"""What the analysis remarks about the rules of the working lists, kept until a list or the newest backtest changes."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from policies import rulebook
from policies.engine import analysis
from policies.engine.analysis import Remark
from screening import backtests, permissions
from screening.models import Backtest, BacktestState
from screening.views.access import page

# Kind -> word for the badge, tone, and what it means.
KINDS: dict[str, tuple[Any, str, Any]] = {
    "never_fires": (_("Can never fire"), "prohibited", _("Its clauses contradict each other or themselves.")),
    "unknown_name": (
        _("Unknown name"),
        "prohibited",
        _("It asks for a code, term or group that no list of the policy has; perhaps it is misspelt."),
    ),
    "shadowed": (_("Shadowed"), "licence_required", _("Another rule always fires with it and is at least as strict.")),
    "overlaps": (_("Overlaps"), "review", _("Another rule raises the same reason code on its examples.")),
    "no_example": (_("No example"), "licence_required", _("It needs one example that fires and one that must not.")),
    "never_fired": (_("Never fired"), "waiting", _("No shipment of the newest backtest made it fire.")),
}

KEPT = 4
Found = Mapping[str, tuple[Remark, ...]]
_kept: dict[tuple[str, int | None, date], Found] = {}


@require_safe
@page(permissions.check_see_policy)
def analysis_page(request: HttpRequest) -> HttpResponse:
    backtest = newest()
    said, problem = by_rule()
    every = [remark for found in said.values() for remark in found]
    groups = [
        {
            "kind": kind,
            "word": word,
            "tone": tone,
            "meaning": meaning,
            "remarks": [remark for remark in every if remark.kind == kind],
            "asked": kind != "never_fired" or backtest is not None,
        }
        for kind, (word, tone, meaning) in KINDS.items()
    ]
    context = {
        "area": "policy",
        "part": "rules",
        "groups": groups,
        "total": len(every),
        "backtest": backtest,
        "problem": problem,
    }
    return render(request, "policies/analysis.html", context)


def by_rule() -> tuple[Found, str]:
    """Rule id -> its remarks; and, when the working lists cannot be analysed, the sentence that says why.

    It reads every example under every rule, which takes a second or two after each change.
    """
    try:
        key = _key()
    except rulebook.RulebookError as error:
        return {}, str(error)
    if key not in _kept:
        found: dict[str, tuple[Remark, ...]] = {}
        _hash, backtest, on = key
        for remark in analysis.analyse(rulebook.policy(), fired=fired(backtest) if backtest else None, on=on):
            found[remark.rule] = (*found.get(remark.rule, ()), remark)
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = found
    return _kept[key], ""


def known() -> Found | None:
    """The remarks if this process has them already; `None` when they would have to be made first."""
    try:
        return _kept.get(_key())
    except rulebook.RulebookError:
        return {}


def badges(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """One badge for each kind of remark on a rule, with the sentences."""
    kinds: dict[str, list[str]] = {}
    for remark in remarks:
        kinds.setdefault(remark.kind, []).append(remark.sentence)
    return [
        {"word": KINDS[kind][0], "tone": KINDS[kind][1], "sentences": said}
        for kind, said in sorted(kinds.items(), key=lambda item: list(KINDS).index(item[0]))
    ]


def newest() -> Backtest | None:
    """The newest finished backtest."""
    return Backtest.objects.filter(state=BacktestState.FINISHED).select_related("snapshot").first()


@lru_cache(maxsize=8)
def fired(backtest: int) -> dict[str, int]:
    """On how many shipments each rule fired in a finished backtest."""
    return backtests.report(Backtest.objects.get(pk=backtest)).fired


def _key() -> tuple[str, int | None, date]:
    # A hash names its rules and a finished backtest does not change, so neither does what is kept under both.
    backtest = newest()
    return rulebook.policy().hash, backtest.pk if backtest else None, timezone.localdate()
