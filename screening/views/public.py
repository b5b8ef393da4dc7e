"""Pages for everybody: what the service is, and the principles it works by. And, in DEBUG, the style page."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from screening import permissions
from screening.views import principles as texts
from screening.views import samples


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What Sargs is; who is signed in goes where their work is."""
    user: Any = request.user
    if permissions.can_see_queue(user):
        return redirect("screening:queue")
    if permissions.can_read_shipments(user):
        return redirect("screening:shipments")
    if permissions.can_see_policy(user):
        return redirect("screening:policy")
    return render(request, "public/start.html", {"snapshot": texts.in_force()})


@login_not_required
@require_safe
def principles(request: HttpRequest) -> HttpResponse:
    snapshot = texts.in_force()
    rows, rules = {}, {}
    if snapshot:
        rows, rules = texts.principles_of(snapshot.hash), texts.implementing(snapshot.hash)
    shown = [{**row, "rules": rules.get(row["id"], [])} for row in rows.values()]
    return render(
        request, "policies/principles.html", {"area": "principles", "snapshot": snapshot, "principles": shown}
    )


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every partial in every state, for whoever changes the look. Only in DEBUG."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "public/style.html", samples.everything())
