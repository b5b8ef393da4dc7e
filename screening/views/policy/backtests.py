"""Backtests: start one, watch it, read what a draft would change. Its result is seen when its page is opened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policies import snapshots
from policies.models import Snapshot, SnapshotState
from screening import backtests, permissions
from screening.forms.backtest import BacktestForm
from screening.models import Backtest, BacktestState
from screening.views.access import actor, page
from screening.views.policy.backtest_result import result_of

PAGE = 20


@require_safe
@page(permissions.check_see_policy)
def listing(request: HttpRequest) -> HttpResponse:
    return _list(request, _form(request))


@require_POST
@page(permissions.check_edit_policy)
def start(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return _list(request, form, status=422)
    filters = {name: value for name, value in form.cleaned_data.items() if name != "snapshot"}
    try:
        begun = backtests.start(form.chosen(), by=actor(request), filters=filters)
    except backtests.FilterError as error:
        for name, sentence in error.errors.items():
            form.add_error(name, sentence)
        return _list(request, form, status=422)
    except backtests.BacktestError as error:
        form.add_error(None, str(error))
        return _list(request, form, status=409)
    return redirect("screening:backtest", public_id=begun.public_id)


@require_safe
@page(permissions.check_see_policy)
def backtest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    one, by = _found(public_id), actor(request)
    result = result_of(one, by=by, asked=request.GET)
    backtests.seen(one, by)
    context = {
        "area": "policy",
        "part": "backtests",
        "backtest": one,
        "baseline": Snapshot.objects.filter(hash=one.baseline_hash).exclude(state=SnapshotState.DRAFT).last(),
        "progress": backtests.progress(one),
        "running": one.state == BacktestState.RUNNING,
        "may_go_on": one.state in (BacktestState.CANCELLED, BacktestState.FAILED),
        "outdated": _outdated(one),
        **result,
    }
    return render(request, "policies/backtest.html", context)


@require_POST
@page(permissions.check_edit_policy)
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, backtests.cancel, _("The backtest is cancelled. What was judged so far is kept."))


@require_POST
@page(permissions.check_edit_policy)
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, backtests.resume, _("The backtest goes on where it stopped."))


def _do(request: HttpRequest, public_id: UUID, verb: Any, done: str) -> HttpResponse:
    try:
        verb(_found(public_id), by=actor(request))
    except backtests.BacktestError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("screening:backtest", public_id=public_id)


def _found(public_id: UUID) -> Backtest:
    kept = Backtest.objects.select_related("snapshot", "created_by", "ended_by")
    return get_object_or_404(kept, public_id=public_id)


def _outdated(one: Backtest) -> bool:
    """Whether another policy is in force than the one it compares with; publication asks for a newer backtest then."""
    in_force = snapshots.current()
    return in_force is not None and in_force.hash != one.baseline_hash


def _form(request: HttpRequest) -> BacktestForm:
    return BacktestForm(request.POST if request.method == "POST" else None, snapshots=list(_candidates()))


def _candidates() -> Any:
    """What may be tried: the draft first, then what is scheduled, in force, and was in force lately."""
    order = {SnapshotState.DRAFT: 0, SnapshotState.SCHEDULED: 1, SnapshotState.PUBLISHED: 2, SnapshotState.RETIRED: 3}
    recent = list(Snapshot.objects.exclude(state=SnapshotState.RETIRED))
    recent += Snapshot.objects.filter(state=SnapshotState.RETIRED, published_at__isnull=False)[:5]
    return sorted(recent, key=lambda one: (order[SnapshotState(one.state)], -one.pk))


def _list(request: HttpRequest, form: BacktestForm, *, status: int = 200) -> HttpResponse:
    kept = Backtest.objects.select_related("snapshot", "created_by")
    rows = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "policy",
        "part": "backtests",
        "form": form,
        "rows": rows,
        "shown": [(one, backtests.progress(one), one.changes.count()) for one in rows],
        "has_draft": Snapshot.objects.filter(state=SnapshotState.DRAFT).exists(),
    }
    return render(request, "policies/backtests.html", context, status=status)
