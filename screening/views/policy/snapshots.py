"""What was in force when, why and by whom; one snapshot with its changes and lists; and the way back to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policies import queries, snapshots
from policies.content import ContentError
from policies.models import Snapshot, SnapshotState
from policies.snapshots import SnapshotError
from screening import permissions
from screening.editorial import publication
from screening.forms.lists import ReasonForm
from screening.forms.publication import RollBackForm
from screening.views.access import actor, page
from screening.views.policy.draft import shown_changes

PAGE = 25


@require_safe
@page(permissions.check_see_policy)
def history(request: HttpRequest) -> HttpResponse:
    published = Snapshot.objects.filter(published_at__isnull=False).select_related("published_by", "created_by")
    found = Paginator(published.order_by("-in_force_from", "-id"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "policies/snapshots.html",
        {"area": "policy", "part": "snapshots", "found": found, "current": snapshots.current()},
    )


@require_safe
@page(permissions.check_see_policy)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(pk))


@require_POST
@page(permissions.check_edit_policy)
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    snapshot, form = _found(pk), RollBackForm(request.POST)
    if not form.is_valid():
        return _show(request, snapshot, status=422, roll_back=form)
    given = form.cleaned_data
    refused = _refusal(
        lambda: publication.roll_back(
            snapshot, by=actor(request), reason=given["reason"], keep_party_lists=given["keep_party_lists"]
        )
    )
    if refused:
        return _show(request, snapshot, status=409, problem=refused, roll_back=form)
    messages.success(request, _("The earlier lists and rules are drafted again. A second person publishes them."))
    return redirect("screening:draft")


@require_POST
@page(permissions.check_edit_policy)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    snapshot, form = _found(pk), ReasonForm(request.POST, auto_id="id_withdraw_%s")
    form.full_clean()
    reason = form.cleaned_data.get("reason", "")
    refused = _refusal(lambda: publication.withdraw(snapshot, by=actor(request), reason=reason))
    if refused:
        return _show(request, _found(pk), status=409, problem=refused, withdraw=form)
    messages.success(request, _("The snapshot is withdrawn; what is in force stays in force."))
    return redirect("screening:snapshot", pk=pk)


def _refusal(verb: Callable[[], object]) -> str:
    """Why the verb was refused; empty when it was done."""
    try:
        verb()
    except (SnapshotError, ContentError, PermissionDenied) as error:
        return str(error)
    return ""


def _found(pk: int) -> Snapshot:
    return get_object_or_404(Snapshot.objects.select_related("published_by", "created_by", "restores"), pk=pk)


def _show(
    request: HttpRequest, snapshot: Snapshot, *, status: int = 200, problem: str = "", **forms: Any
) -> HttpResponse:
    current, may_edit = snapshots.current(), permissions.can_edit_policy(actor(request))
    is_current = current is not None and current.pk == snapshot.pk
    pinned = queries.of_manifest(snapshot.manifest)
    context = {
        "area": "policy",
        "part": "snapshots",
        "snapshot": snapshot,
        "is_current": is_current,
        "changes": shown_changes(snapshot.changes),
        "lists": [pinned[list_id] for list_id in sorted(pinned)],
        "missing": sorted(set(snapshot.manifest) - set(pinned)),
        "problem": problem,
        "may_edit": may_edit,
        "roll_back": (forms.get("roll_back") or RollBackForm())
        if may_edit and _restorable(snapshot, current)
        else None,
        "withdraw": (forms.get("withdraw") or ReasonForm(auto_id="id_withdraw_%s"))
        if may_edit and snapshot.state == SnapshotState.SCHEDULED
        else None,
    }
    return render(request, "policies/snapshot.html", context, status=status)


def _restorable(snapshot: Snapshot, current: Snapshot | None) -> bool:
    earlier = snapshot.published_at is not None and snapshot.state != SnapshotState.SCHEDULED
    return earlier and (current is None or current.hash != snapshot.hash)
