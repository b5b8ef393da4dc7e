"""Dismiss a hit, confirm that, take it up again; and the page on which dismissals are found."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from screening import cases, dismissals, permissions, queries
from screening.forms.dismissal import DismissForm
from screening.models import Dismissal
from screening.views.access import actor, page
from screening.views.queue import case_page, found

PAGE = 25
STATES = {
    "active": gettext_lazy("In force"),
    "waiting": gettext_lazy("Waiting for a second person"),
    "expired": gettext_lazy("Expired or replaced"),
    "reopened": gettext_lazy("Reopened"),
}


@require_safe
@page(permissions.check_see_queue)
def listing(request: HttpRequest) -> HttpResponse:
    return _listing(request)


@require_POST
@page(permissions.check_see_queue)
def dismiss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    case = found(request, public_id)
    form = DismissForm(request.POST, auto_id="id_dismissed_%s")
    form.is_valid()
    if not form.names_a_hit:
        told = _("The page was incomplete; look at the case and try again.")
        return case_page(request, case, status=409, problem=told, dismissing=None)
    try:
        permissions.check_dismiss(actor(request), case)
        if form.has_error("expires"):
            raise cases.Incomplete({})
        dismissal = dismissals.dismiss(case, by=actor(request), **form.cleaned_data)
    except cases.Incomplete as error:
        form.take(error.errors)
        return case_page(request, case, status=422, problem=_("Not saved yet."), dismissing=form)
    except (dismissals.HitGone, dismissals.AlreadyDismissed) as error:
        return case_page(request, found(request, public_id), status=409, problem=str(error), dismissing=None)
    except permissions.NotAllowed as error:
        return case_page(request, found(request, public_id), status=403, problem=str(error), dismissing=None)
    done = _("The match is dismissed and the shipment is screened again.")
    if dismissal.needs_second:
        done = _("The match is dismissed once a second officer, a senior one, confirms it.")
    messages.success(request, done)
    return redirect(reverse("screening:case", args=[public_id]) + "#case-heading")


@require_POST
@page(permissions.check_see_queue)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, dismissals.confirm, _("The dismissal is confirmed and the shipment is screened again."))


@require_POST
@page(permissions.check_see_queue)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The match is taken up again; the shipments that showed it are screened again.")
    return _do(request, pk, dismissals.reopen, done, why=request.POST.get("why", ""))


def _do(request: HttpRequest, pk: int, verb: Callable[..., Any], done: str, **given: str) -> HttpResponse:
    """One deed about a dismissal, from the case or from the list; where it came from is where it goes back to."""
    dismissal = get_object_or_404(Dismissal.objects.select_related("shipment__case"), pk=pk)
    case = found(request, dismissal.shipment.public_id)
    from_list = request.POST.get("from") == "list"
    try:
        verb(dismissal, by=actor(request), **given)
    except (permissions.NotAllowed, cases.Incomplete) as error:
        status = 422 if isinstance(error, cases.Incomplete) else 403
        if from_list:
            return _listing(request, problem=str(error), status=status)
        return case_page(request, case, status=status, problem=str(error), dismissing=None)
    messages.success(request, done)
    return redirect(
        reverse("screening:dismissals")
        if from_list
        else reverse("screening:case", args=[dismissal.shipment.public_id]) + "#case-heading"
    )


def _listing(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    by = actor(request)
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    rows = Paginator(queries.dismissals(by, state=state), PAGE).get_page(request.GET.get("page"))
    for row in rows:
        row.may_confirm = permissions.can_confirm_dismissal(by, row)  # type: ignore[attr-defined]
        row.may_reopen = permissions.can_reopen_dismissal(by, row)  # type: ignore[attr-defined]
    context = {
        "area": "queue",
        "rows": rows,
        "state": state,
        "states": [(key, word, queries.dismissals(by, state=key).count()) for key, word in STATES.items()],
        "today": timezone.localdate(),
        "problem": problem,
    }
    return render(request, "queue/dismissals.html", context, status=status)
