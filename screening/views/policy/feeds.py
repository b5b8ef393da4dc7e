"""Where lists are fetched from: how each feed stands, what is set, who approved it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policies import feeds, queries
from policies.feeds import FeedRefused
from policies.models import ListFeed
from policies.permissions import check_approve_feed
from screening import permissions
from screening.editorial import lists as editorial
from screening.forms.feeds import FeedForm
from screening.models import User
from screening.views.access import actor, page
from screening.views.policy.feed_standing import described, state

FIELDS = (*feeds.FIELDS, "version")


@require_safe
@page(permissions.check_see_policy)
def listing(request: HttpRequest) -> HttpResponse:
    context = {
        "area": "policy",
        "part": "feeds",
        "feeds": described(),
        "may_edit": permissions.can_edit_policy(actor(request)),
    }
    return render(request, "policies/feeds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(permissions.check_edit_policy)
def new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, None, FeedForm())
    return _save(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(permissions.check_see_policy)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    feed = _found(pk)
    if request.method != "POST":
        return _show(request, feed, _form(feed))
    permissions.check_edit_policy(actor(request))
    return _save(request, feed)


@require_POST
@page(permissions.check_edit_policy)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The version in the form is the one that was on the screen."""
    feed, version = _found(pk), request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    return _do(
        request,
        feed,
        lambda: editorial.approve_feed(feed, by=actor(request), version=number),
        _("The feed is approved as it stands. A change of it needs a new approval."),
    )


@require_POST
@page(permissions.check_edit_policy)
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    feed = _found(pk)
    return _do(
        request,
        feed,
        lambda: editorial.fetch_soon(feed, by=actor(request)),
        _("The files are fetched in the background. Look at this page again in a minute."),
    )


def _do(request: HttpRequest, feed: ListFeed, verb: Callable[[], object], done: str) -> HttpResponse:
    try:
        verb()
    except (FeedRefused, PermissionDenied) as error:
        now = _found(feed.pk)
        status = 403 if isinstance(error, PermissionDenied) else 409
        return _show(request, now, _form(now), status=status, problem=str(error))
    messages.success(request, done)
    return redirect("screening:feed", pk=feed.pk)


def _save(request: HttpRequest, feed: ListFeed | None) -> HttpResponse:
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _show(request, feed, form, status=422)
    try:
        saved = editorial.save_feed(form.cleaned_data, feed=feed, by=actor(request))
    except (FeedRefused, ValueError, PermissionDenied) as error:
        form.add_error(None, str(error))
        return _show(request, feed, form, status=422)
    messages.success(request, _("The feed is saved. A second person approves what it may do by itself."))
    return redirect("screening:feed", pk=saved.pk)


def _why_not(feed: ListFeed, by: User) -> str:
    """Why this person may not approve the feed; empty when they may."""
    try:
        check_approve_feed(feed, by=by)
    except PermissionDenied as error:
        return str(error)
    return ""


def _found(pk: int) -> ListFeed:
    return get_object_or_404(queries.feeds(), pk=pk)


def _form(feed: ListFeed) -> FeedForm:
    return FeedForm(initial={name: getattr(feed, name) for name in FIELDS})


def _show(
    request: HttpRequest, feed: ListFeed | None, form: FeedForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    by = actor(request)
    context: dict[str, Any] = {
        "area": "policy",
        "part": "feeds",
        "feed": feed,
        "form": form,
        "problem": problem,
        "hosts": settings.LIST_HOSTS,
        "may_edit": permissions.can_edit_policy(by),
    }
    if feed is not None:
        lists = queries.lists_of(feed)
        context |= {
            "state": state(feed),
            "lists": [one for one in queries.standings(timezone.localdate()) if one.source.pk in lists],
            "waiting": [one for one in queries.waiting_editions() if one.source_id in lists],
            "why_not": _why_not(feed, by),
        }
    return render(request, "policies/feed.html", context, status=status)
