"""The draft: what it changes, what is still missing, and its publication by a second person."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policies import changelog, queries, snapshots
from policies.content import ContentError
from policies.models import Snapshot, SnapshotState
from policies.snapshots import SnapshotError
from screening import permissions
from screening.editorial import publication
from screening.forms.publication import PublishForm
from screening.views.access import actor, page
from screening.views.policy.rows import field_changes


@require_safe
@page(permissions.check_see_policy)
def draft(request: HttpRequest) -> HttpResponse:
    return _show(request, PublishForm())


@require_safe
@page(permissions.check_see_policy)
def steps(request: HttpRequest) -> HttpResponse:
    """What is missing before the draft is published, for the overview: to load a policy takes seconds, once."""
    waiting = snapshots.waiting(SnapshotState.DRAFT)
    found = publication.readiness(waiting, by=actor(request)) if waiting else []
    context = {"steps": found, "tried": publication.tried_by(waiting) if waiting else None}
    return render(request, "policies/steps.html", context)


@require_POST
@page(permissions.check_edit_policy)
def make(request: HttpRequest) -> HttpResponse:
    try:
        publication.draft(by=actor(request))
    except (SnapshotError, ContentError) as error:
        messages.warning(request, str(error))
    except PermissionDenied as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The draft holds the lists and rules as they stand now. Nothing is in force yet."))
    return redirect("screening:draft")


@require_POST
@page(permissions.check_edit_policy)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft that was on the screen; another one that took its place is not published by mistake."""
    snapshot, form = get_object_or_404(Snapshot, pk=pk), PublishForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    given = form.cleaned_data
    try:
        published = publication.publish(
            snapshot,
            by=actor(request),
            reason=given["reason"],
            at=form.chosen_moment,
            without_backtest=given["without_backtest"],
        )
    except publication.NotReady as error:
        return _show(request, form, status=409, problem=str(error))
    except (SnapshotError, ContentError, PermissionDenied) as error:
        refused = isinstance(error, PermissionDenied) and snapshot.state == SnapshotState.DRAFT
        return _show(request, form, status=403 if refused else 409, problem=str(error))
    if published.state == SnapshotState.SCHEDULED and published.in_force_from:
        when = date_format(timezone.localtime(published.in_force_from), "j M Y H:i")
        messages.success(request, _("The snapshot is published and comes into force on %(when)s.") % {"when": when})
    else:
        messages.success(request, _("The snapshot is in force. What it can affect is screened again."))
    return redirect("screening:snapshot", pk=published.pk)


def shown_changes(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changes as `policies.changelog` gives them, with the fields of each row as before and after."""
    return [
        {
            **one,
            "counts": [(what, one["counts"].get(what, 0)) for what in ("added", "changed", "removed")],
            "rows": [{**row, "fields": field_changes(row["fields"])} for row in one["rows"]],
        }
        for one in changes
    ]


def changes_of(snapshot: Snapshot, before: Snapshot | None) -> list[dict[str, Any]]:
    return shown_changes(changelog.between(before.manifest if before else {}, snapshot.manifest))


def _show(request: HttpRequest, form: PublishForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    by, waiting, in_force = actor(request), snapshots.waiting(SnapshotState.DRAFT), snapshots.current()
    context: dict[str, Any] = {
        "area": "policy",
        "part": "draft",
        "draft": waiting,
        "in_force": in_force,
        "scheduled": snapshots.waiting(SnapshotState.SCHEDULED),
        "form": form,
        "problem": problem,
        "may_edit": permissions.can_edit_policy(by),
        "changed": queries.unpublished(in_force.manifest if in_force else {}),
    }
    if waiting:
        context |= _of_draft(waiting, in_force, request)
    return render(request, "policies/draft.html", context, status=status)


def _of_draft(waiting: Snapshot, in_force: Snapshot | None, request: HttpRequest) -> dict[str, Any]:
    try:
        changes = changes_of(waiting, in_force)
    except ContentError as error:
        return {"damaged": str(error)}
    steps = publication.readiness(waiting, by=actor(request))
    missing = {step.name for step in steps if not step.done}
    return {
        "changes": changes,
        "steps": steps,
        "missing": missing,
        "tried": publication.tried_by(waiting),
        "publishable": not missing - {"backtest"},
        "outdated": "current" in missing,
    }
