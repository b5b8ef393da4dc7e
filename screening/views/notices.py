"""What a person has been told: unread first, marked as read by themselves."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from screening import notices, permissions
from screening.models import Case, Notice, User
from screening.views.access import actor, page

PAGE = 30


def anybody(by: User) -> None:
    """Whoever is signed in has notices of their own, and sees no others."""


@require_safe
@page(anybody)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    kept = notices.of(by).order_by(is_read, "-id")
    unread = notices.unread(by).count()
    rows = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    context = {"area": "notices", "rows": rows, "shown": _shown(list(rows), by), "unread": unread}
    return render(request, "notices.html", context)


@require_POST
@page(anybody)
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice (`notice`), or all, as read."""
    given = request.POST.get("notice", "")
    wanted = [int(given)] if given.isascii() and given.isdigit() and len(given) < 19 else None
    count = notices.read(actor(request), wanted) if wanted or request.POST.get("all") else 0
    said = ngettext("%(count)d notice is marked as read.", "%(count)d notices are marked as read.", count)
    messages.success(request, said % {"count": count})
    return redirect("screening:notices")


def _shown(rows: list[Notice], by: User) -> list[dict[str, Any]]:
    """Notices with the address of what they are about, as far as this person may open it."""
    ids = [notice.shipment_id for notice in rows if notice.shipment_id]
    visible = set(permissions.visible_shipments(by).filter(pk__in=ids).values_list("pk", flat=True))
    cases: set[int] = set()
    if permissions.can_see_queue(by):
        cases = set(Case.objects.filter(shipment__in=ids).values_list("shipment_id", flat=True))
    return [{"notice": notice, "address": _address(notice, visible, cases)} for notice in rows]


def _address(notice: Notice, visible: set[int], cases: set[int]) -> str:
    if notice.shipment is None or notice.shipment_id not in visible:
        return ""
    door = "case" if notice.shipment_id in cases else "shipment"
    return reverse(f"screening:{door}", args=[notice.shipment.public_id])
