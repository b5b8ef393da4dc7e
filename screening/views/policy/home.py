"""The overview of the policy workspace: what is in force, what waits, what needs a hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies import queries, snapshots
from policies.models import Snapshot, SnapshotState
from screening import permissions
from screening.views.access import actor, page
from screening.views.policy.feed_standing import described

RECENT = 5


@require_safe
@page(permissions.check_see_policy)
def home(request: HttpRequest) -> HttpResponse:
    by, in_force = actor(request), snapshots.current()
    standings = queries.standings(timezone.localdate())
    published = Snapshot.objects.filter(published_at__isnull=False).select_related("published_by")
    context: dict[str, Any] = {
        "area": "policy",
        "part": "overview",
        "in_force": in_force,
        "scheduled": snapshots.waiting(SnapshotState.SCHEDULED),
        "draft": snapshots.waiting(SnapshotState.DRAFT),
        "ageing": [one for one in standings if one.state in ("stale", "old")],
        "staged": queries.waiting_editions(),
        "feeds": [one for one in described() if one["state"] == "failing" or _unapproved(one["feed"])],
        "recent": published.order_by("-in_force_from", "-id")[:RECENT],
        "may_edit": permissions.can_edit_policy(by),
        "changed": len(queries.unpublished(in_force.manifest if in_force else {})),
    }
    return render(request, "policies/home.html", context)


def _unapproved(feed: Any) -> bool:
    return bool(feed.automatic and feed.approved_at is None)
