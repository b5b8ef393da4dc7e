"""The rules of a snapshot, as a finding's rule id leads to them: read-only, also for a snapshot long since retired."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policies.models import Snapshot
from screening import permissions
from screening.views import principles as texts
from screening.views.access import page


@require_safe
@page(permissions.check_see_policy)
def rules(request: HttpRequest, snapshot: str) -> HttpResponse:
    pinned = Snapshot.objects.filter(hash=snapshot).first()
    if pinned is None:
        raise Http404
    quotes = texts.principles_of(pinned.hash)
    shown = [
        {**rule, "serves": [quotes.get(one, {"id": one, "title": one}) for one in rule.get("principles") or ()]}
        for rule in texts.rules_of(pinned.hash)
    ]
    return render(
        request, "policies/rules.html", {"area": "policy", "part": "rules", "snapshot": pinned, "rules": shown}
    )
