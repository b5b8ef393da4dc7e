"""Lists and one list: where it comes from, how fresh it is, its editions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from policies import list_changes, queries
from policies.editions import EditionRefused
from policies.importers import SOURCES
from policies.models import EditionState, ListSource
from policies.snapshots import current
from screening import permissions
from screening.editorial import lists as editorial
from screening.forms.lists import AgeForm, ChangedFileForm
from screening.views.access import actor, page

PAGE = 25
STATES = ("fresh", "old", "stale", "ageless", "empty")


@require_safe
@page(permissions.check_see_policy)
def listing(request: HttpRequest) -> HttpResponse:
    """All lists; kind, state and search stand in the address."""
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("kind", "state", "q")}
    found = queries.standings(timezone.localdate(), kind=given["kind"], search=given["q"])
    if given["state"] == "staged":
        found = [one for one in found if one.staged]
    elif given["state"] in STATES:
        found = [one for one in found if one.state == given["state"]]
    context = {
        "area": "policy",
        "part": "lists",
        "lists": found,
        "kinds": queries.kinds(),
        "states": (*STATES, "staged"),
        "unpublished": queries.unpublished(_pinned()),
        "may_edit": permissions.can_edit_policy(actor(request)),
        **given,
    }
    return render(request, "policies/lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(permissions.check_see_policy)
def one(request: HttpRequest, list_id: str) -> HttpResponse:
    """A list with its editions; a POST sets its greatest age."""
    source = get_object_or_404(ListSource, pk=list_id.replace("\0", ""))
    if request.method != "POST":
        return show(request, source)
    permissions.check_edit_policy(actor(request))
    form = AgeForm(request.POST)
    if not form.is_valid():
        return show(request, source, form, status=422)
    try:
        given = form.cleaned_data
        editorial.set_max_age(source, by=actor(request), days=given["max_age_days"], reason=given["reason"])
    except (EditionRefused, PermissionDenied) as error:
        form.add_error(None, str(error))
        return show(request, source, form, status=403 if isinstance(error, PermissionDenied) else 409)
    messages.success(request, _("The greatest age is set. It counts from now on, for screening too."))
    return redirect("screening:list", list_id=source.pk)


def show(
    request: HttpRequest,
    source: ListSource,
    form: AgeForm | None = None,
    *,
    upload: ChangedFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a list, with what was typed into one of its forms."""
    editions = Paginator(queries.editions_of(source), PAGE).get_page(request.GET.get("page"))
    active = queries.light().filter(source=source, state=EditionState.ACTIVE).first()
    context: dict[str, Any] = {
        "area": "policy",
        "part": "lists",
        "source": source,
        "standing": queries.standing(source, active, timezone.localdate()),
        "editions": editions,
        "pinned": _pinned().get(source.pk, ""),
        "feeds": queries.feeds_of(source),
        "format": next((key for key, found in SOURCES.items() if source.pk in {one.list_id for one in found}), ""),
        "form": form or AgeForm(initial={"max_age_days": source.max_age_days}),
        "upload": upload or ChangedFileForm(),
        "of_publisher": source.pk in list_changes.publishers_lists(),
        "may_edit": permissions.can_edit_policy(actor(request)),
    }
    return render(request, "policies/list.html", context, status=status)


def _pinned() -> dict[str, str]:
    """What the snapshot in force pins: `{list id: digest}`."""
    in_force = current()
    return in_force.manifest if in_force else {}
