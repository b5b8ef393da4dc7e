"""One edition: what its import reported, what it changes, its rows; and to activate or reject it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policies import diffs, editions, queries
from policies.content import ContentError
from policies.editions import EditionRefused
from policies.models import Edition, EditionState
from policies.snapshots import current
from screening import permissions
from screening.editorial import lists as editorial
from screening.forms.lists import ReasonForm
from screening.views.access import actor, page
from screening.views.policy import rows

VIEWS = ("changes", "rows", "report")
KINDS_OF_CHANGE = ("added", "changed", "removed")
REASONABLE = (EditionState.STAGED, EditionState.SUPERSEDED)  # where a reason can still make a difference


@require_safe
@page(permissions.check_see_policy)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(pk))


@require_POST
@page(permissions.check_edit_policy)
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    edition, form = _found(pk), ReasonForm(request.POST, auto_id="id_activate_%s")
    form.full_clean()
    try:
        editorial.activate(edition, by=actor(request), override=form.cleaned_data.get("reason", "").strip())
    except (EditionRefused, ContentError, PermissionDenied) as error:
        return _refused(request, edition.pk, error, activate=form)
    messages.success(
        request, _("The edition is active. It comes into force when a second person publishes a snapshot.")
    )
    return redirect("screening:edition", pk=edition.pk)


@require_POST
@page(permissions.check_edit_policy)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    edition, form = _found(pk), ReasonForm(request.POST, auto_id="id_reject_%s")
    form.full_clean()
    try:
        editorial.reject(edition, by=actor(request), reason=form.cleaned_data.get("reason", "").strip())
    except (EditionRefused, ContentError, PermissionDenied) as error:
        return _refused(request, edition.pk, error, reject=form)
    messages.success(request, _("The edition is rejected; the one before stays active."))
    return redirect("screening:edition", pk=edition.pk)


def _refused(request: HttpRequest, pk: int, error: Exception, **forms: ReasonForm) -> HttpResponse:
    """The page as it is now, with the sentence and with what was typed."""
    now = _found(pk)
    for form in forms.values():
        if now.state in REASONABLE and not form.cleaned_data.get("reason", "").strip():
            form.add_error("reason", _("Give the reason here."))
    status = 403 if isinstance(error, PermissionDenied) else 409
    return _show(request, now, status=status, problem=str(error), **forms)


def _found(pk: int) -> Edition:
    return get_object_or_404(
        Edition.objects.defer("content").select_related("source", "imported_by", "activated_by"), pk=pk
    )


def _show(
    request: HttpRequest, edition: Edition, *, status: int = 200, problem: str = "", **forms: ReasonForm
) -> HttpResponse:
    others = list(queries.editions_of(edition.source).exclude(pk=edition.pk))
    against = _against(request, edition, others)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "changes" if against else "rows"
    in_force = current()
    context = {
        "area": "policy",
        "part": "lists",
        "edition": edition,
        "others": others,
        "against": against,
        "view": view,
        "tabs": [("changes", _("Changes")), ("rows", _("Rows")), ("report", _("Import report"))],
        "q": request.GET.get("q", "").replace("\0", "").strip()[:100],
        "what": request.GET.get("what", "") if request.GET.get("what") in KINDS_OF_CHANGE else "",
        "in_force": bool(in_force and in_force.manifest.get(edition.source_id) == edition.digest),
        "problem": problem,
        "deeds": _deeds(request, edition, forms),
    }
    try:
        context |= _part(request, context)
    except ContentError as error:
        context["damaged"] = str(error)
    return render(request, "policies/edition.html", context, status=status)


def _against(request: HttpRequest, edition: Edition, others: Sequence[Edition]) -> Edition | None:
    """What the edition is compared with: what was asked for, else the active one, else the one before it."""
    asked = request.GET.get("against", "")
    chosen = next((one for one in others if str(one.pk) == asked), None)
    active = next((one for one in others if one.state == EditionState.ACTIVE), None)
    before = next((one for one in others if one.pk < edition.pk and one.state != EditionState.REJECTED), None)
    return chosen or (before if edition.state == EditionState.SUPERSEDED else active) or before


def _part(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the chosen view needs, and nothing else: rows are read once a request."""
    edition, against, number = context["edition"], context["against"], request.GET.get("page")
    if context["view"] == "report":
        return {"report": edition.report}
    if context["view"] == "rows" or against is None:
        found = Paginator(rows.search(editions.rows(edition), context["q"]), rows.PAGE).get_page(number)
        return {"view": "rows", "found": found, "shown": [rows.shown(row) for row in found]}
    difference = diffs.difference(editions.rows(against), editions.rows(edition), kind=edition.kind)
    changes = Paginator(diffs.search(difference, context["q"], context["what"]), rows.PAGE).get_page(number)
    return {
        "counts": [(what, difference.counts[what]) for what in KINDS_OF_CHANGE],
        "found": changes,
        "shown": [rows.shown_change(*entry) for entry in changes],
    }


def _deeds(request: HttpRequest, edition: Edition, forms: dict[str, ReasonForm]) -> dict[str, Any]:
    """The forms that the state and the reader's role leave open."""
    if not permissions.can_edit_policy(actor(request)):
        return {}
    staged = edition.state == EditionState.STAGED
    open_now = {"activate": staged or edition.state == EditionState.SUPERSEDED, "reject": staged}
    return {
        name: forms.get(name) or ReasonForm(auto_id=f"id_{name}_%s")
        for name, is_open in open_now.items()
        if is_open or name in forms
    }
