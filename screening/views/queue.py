"""The officers' workspace: the queue on the left, a case on the right. Each row is also the address of a full page."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from screening import permissions, queries
from screening.classification_permissions import can_confirm_classification
from screening.forms.dismissal import DismissForm
from screening.models import Case
from screening.views import case_forms, dismissal_forms, dossier, findings
from screening.views.access import actor, page

PAGE = 25
TABS = {
    "open": _("Open"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "second_review": _("Second review"),
    "overdue": _("Overdue"),
    "decided": _("Decided"),
}
COLUMNS = (
    ("reference", _("Case")),
    ("", _("Exporter and end user")),
    ("destination", _("Destination")),
    ("", _("Findings")),
    ("due", _("Due")),
)


@require_safe
@page(permissions.check_see_queue)
@vary_on_headers("HX-Request", "HX-Target")
def queue(request: HttpRequest) -> HttpResponse:
    template = "queue/list.html" if _swaps(request, "queue-list") else "queue/page.html"
    return render(request, template, listing(request))


@require_safe
@page(permissions.check_see_queue)
@vary_on_headers("HX-Request", "HX-Target")
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return case_page(request, found(request, public_id))


def found(request: HttpRequest, public_id: UUID) -> Case:
    """The case of a shipment, or 404."""
    try:
        return queries.case_detail(actor(request), public_id)
    except Case.DoesNotExist as error:
        raise Http404 from error


def case_page(request: HttpRequest, case: Case, *, status: int = 200, problem: str = "", **bound: Any) -> HttpResponse:
    """The case, in its pane or as a page. `bound` replaces a form by the one that could not be accepted.

    That of a hit is `dismissing`: the form, or `None` when a dismissal was refused and nothing of it can be kept.
    """
    by, about_hit = actor(request), "dismissing" in bound
    form: DismissForm | None = bound.pop("dismissing", None)
    context = dossier.of_case(case) | case_forms.panel(by, case, bound) | {"problem": problem}
    context["kept_at"] = (form.anchor if form else "") if about_hit else "decision"
    context |= {"shows_precedents": True, "classifies": can_confirm_classification(by, case)}
    dismissal_forms.put(context["findings"], by, case, like=request.GET.get("like", ""), bound=form)
    if _swaps(request, "case-pane"):
        return render(request, "case/pane.html", context, status=status)
    return render(request, "queue/page.html", listing(request) | context, status=status)


def listing(request: HttpRequest) -> dict[str, Any]:
    """One page of one tab. Tab, search, sort and page stand in the address, so that it can be kept and shared."""
    by = actor(request)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    search, sort = request.GET.get("q", "").strip()[:200], request.GET.get("sort", "due")
    counted = queries.tab_counts(by, search=search)
    cases = Paginator(queries.queue(by, tab=tab, search=search, sort=sort), PAGE).get_page(request.GET.get("page"))
    for row in cases:
        run = row.shipment.latest_run
        row.effects = findings.counts(run.findings.all()) if run else []  # type: ignore[attr-defined]
        codes = [line.control_code for line in row.shipment.lines.all() if line.control_code]
        row.codes = list(dict.fromkeys(codes))  # type: ignore[attr-defined]
    return {
        "area": "queue",
        "tabs": [(key, word, counted[key], key == tab) for key, word in TABS.items()],
        "tab": tab,
        "search": search,
        "sort": sort,
        "columns": [_column(name, word, sort) for name, word in COLUMNS],
        "cases": cases,
    }


def _column(name: str, word: Any, sort: str) -> dict[str, Any]:
    current = sort.lstrip("-") == name if name else False
    down = sort.startswith("-")
    return {
        "word": word,
        "sort": (f"-{name}" if current and not down else name) if name else "",
        "state": ("descending" if down else "ascending") if current else "",
    }


def _swaps(request: HttpRequest, target: str) -> bool:
    # Back and forward ask for the whole page again.
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == target and not htmx.history_restore_request
