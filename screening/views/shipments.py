"""Shipments as their submitter sees them: own ones for exporters, all for officers. No internal note appears here."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening import permissions, queries
from screening.models import CaseState, Outcome, Shipment, ShipmentStatus
from screening.precedents import disclosed
from screening.views import dossier
from screening.views.access import actor, page

PAGE = 25


@require_safe
@page(permissions.check_read_shipments)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    search, outcome = request.GET.get("q", "").strip()[:200], request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    rows = Paginator(queries.shipments(by, search=search, outcome=outcome), PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "shipments",
        "rows": rows,
        "search": search,
        "outcome": outcome,
        "outcomes": Outcome.choices,
        "counts": queries.outcome_counts(by),
    }
    return render(request, "shipment/list.html", context)


@require_safe
@page(permissions.check_read_shipments)
def status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        shipment = queries.shipment_detail(actor(request), public_id)
    except Shipment.DoesNotExist as error:
        raise Http404 from error
    case = getattr(shipment, "case", None)
    shown = dossier.of_shipment(shipment)
    waiting = shipment.status != ShipmentStatus.SCREENED
    context = shown | {
        "area": "shipments",
        "open_questions": [line for line in shown["goods"] if line["judged"].get("questions")],
        "waiting": waiting,
        "confirmed": {} if waiting else disclosed.of_shipment(shipment),
        "steps": _steps(shipment),
        "decision": queries.decision_in_force(shipment),
        "has_case": case is not None,
        "undecided": case is not None and case.state != CaseState.DECIDED,
    }
    return render(request, "shipment/status.html", context)


def _steps(shipment: Shipment) -> list[tuple[str, bool, bool]]:
    """Word, whether it is behind us, whether we are there."""
    order = list(ShipmentStatus)
    here = order.index(ShipmentStatus(shipment.status))
    ended = shipment.status == ShipmentStatus.SCREENED
    return [(str(step.label), place < here or ended, place == here and not ended) for place, step in enumerate(order)]
