"""Confirm how the goods of a line are classified, withdraw that; and the page on which precedents are found."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening import cases, classification_permissions, permissions, precedents
from screening.forms.precedent import ClassificationForm, PrecedentSearchForm
from screening.lookup import NoPolicy
from screening.models import Case, Line, Precedent
from screening.precedents import listing as precedent_listing
from screening.precedents.validity import STATES
from screening.views.access import actor, page
from screening.views.queue import case_page, found

PAGE = 25
WORDS = {
    "valid": gettext_lazy("Valid"),
    "expired": gettext_lazy("Expired or entry changed"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@require_safe
@page(permissions.check_see_queue)
def listing(request: HttpRequest) -> HttpResponse:
    return _listing(request)


@require_http_methods(["GET", "HEAD", "POST"])
@page(classification_permissions.check_classify_lines)
def classification(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form for one line, `line` of the address or the first one; and what it sends."""
    case = found(request, public_id)
    classification_permissions.check_confirm_classification(actor(request), case)
    line = _line(case, request.GET.get("line", ""))
    if request.method == "POST":
        return _confirm(request, case, line)
    stands = precedents.standing(line, case=case)
    opened = {"seen": precedents.line_digest(line), "instead_of": str(stands.public_id) if stands else ""}
    return _form(request, case, line, ClassificationForm(initial=opened), stands=stands)


@require_POST
@page(permissions.check_see_queue)
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """From the case in which it was shown, or from the list; where it came from is where it goes back to."""
    precedent = get_object_or_404(Precedent.objects.select_related("case"), public_id=public_id)
    shown_in = _shown_in(request)
    try:
        precedents.withdraw(precedent, why=request.POST.get("why", ""), by=actor(request))
    except (permissions.NotAllowed, cases.Incomplete) as error:
        status = 422 if isinstance(error, cases.Incomplete) else 403
        if shown_in is None:
            return _listing(request, problem=str(error), status=status)
        return case_page(request, shown_in, status=status, problem=str(error), dismissing=None)
    messages.success(request, _("The classification is withdrawn. It speaks for nothing any more."))
    if shown_in is None:
        return redirect("screening:precedents")
    return redirect(reverse("screening:case", args=[shown_in.shipment.public_id]) + "#goods")


def _confirm(request: HttpRequest, case: Case, line: Line) -> HttpResponse:
    form = ClassificationForm(request.POST)
    if not form.is_valid():
        return _form(request, case, line, form, status=422)
    try:
        precedents.confirm(case, line.number, by=actor(request), **form.said)
    except cases.Incomplete as error:
        form.take(error.errors)
        return _form(request, case, line, form, status=422)
    except precedents.AlreadyConfirmed as error:
        return _form(request, case, line, form.after(error.existing), status=409, problem=str(error), conflict=True)
    except precedents.NoSuchLine as error:
        return case_page(request, found(request, case.shipment.public_id), status=409, problem=str(error))
    except NoPolicy as error:
        return _form(request, case, line, form, status=503, problem=str(error))
    messages.success(request, _("The classification is confirmed. It is shown beside like goods from now on."))
    return redirect(reverse("screening:case", args=[case.shipment.public_id]) + "#goods")


def _form(
    request: HttpRequest, case: Case, line: Line, form: ClassificationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"area": "queue", "shipment": case.shipment, "line": line, "form": form, "likely": _likely(case, line)}
    context |= more
    return render(request, "case/confirm_classification.html", context, status=status)


def _line(case: Case, number: str) -> Line:
    lines = {str(line.number): line for line in case.shipment.lines.all()}
    line = lines.get(number) if number else next(iter(lines.values()), None)
    if line is None:
        raise Http404
    return line


def _likely(case: Case, line: Line) -> list[str]:
    """The codes that are offered and never filled in: the declared one and the candidates, the likeliest first."""
    run = case.shipment.latest_run
    rows = run.classifications or [] if run else []
    judged: dict[str, Any] = next((row for row in rows if row.get("line") == line.number), {})
    codes = [judged.get("declared") or line.control_code, *(item["code"] for item in judged.get("candidates", ()))]
    return list(dict.fromkeys(filter(None, codes)))


def _shown_in(request: HttpRequest) -> Case | None:
    try:
        return found(request, UUID(request.POST.get("case", "")))
    except (ValueError, Http404):
        return None


def _listing(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    by, form = actor(request), PrecedentSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    state = request.GET.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    judge = precedent_listing.judge()
    every = precedent_listing.search(
        by, text=asked.get("q", ""), code=asked.get("code", ""), organisation=asked.get("organisation", "")
    )
    of = {key: precedent_listing.in_state(every, key, judge=judge) for key in STATES}
    rows = Paginator(of[state], PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "queue",
        "page": rows,
        "rows": [(row, judge.ended(row) if judge else "", _may_withdraw(request, row)) for row in rows],
        "state": state,
        "states": [(key, WORDS[key], rows_of.count()) for key, rows_of in of.items()],
        "form": form,
        "problem": problem,
    }
    return render(request, "queue/precedents.html", context, status=status)


def _may_withdraw(request: HttpRequest, precedent: Precedent) -> bool:
    return classification_permissions.can_withdraw_classification(actor(request), precedent)
