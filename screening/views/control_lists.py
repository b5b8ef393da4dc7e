"""The control lists for everybody: their tree, the search in them, and the page of each entry."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from screening import control_lists
from screening.control_lists import Shelf
from screening.forms.control_lists import FAMILIES, BrowseForm
from screening.lookup import NoPolicy
from screening.views import entry_words

PAGE = 25


@login_not_required
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """The tree of all entries, or what a search found in them."""
    try:
        shelf = control_lists.in_force()
    except NoPolicy as error:
        return _closed(request, str(error))
    titles = {branch.list: shelf.title(branch.list) for branch in shelf.branches}
    form = BrowseForm(request.GET if request.GET else None, lists=titles.items())
    context: dict[str, Any] = {"area": "control_lists", "form": form, "shelf": shelf}
    if form.is_bound and not form.is_valid():
        return render(request, "control_lists/browse.html", context, status=422)
    asked = form.cleaned_data if form.is_bound else {"q": "", "list": "", "family": ""}
    context |= _found(request, asked, shelf) if asked["q"] else {"branches": _branches(asked, shelf)}
    return render(request, "control_lists/browse.html", context)


@login_not_required
@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One code. Whatever way it is written, its page has one address."""
    try:
        shelf = control_lists.in_force()
    except NoPolicy as error:
        return _closed(request, str(error))
    about = control_lists.entry(code, shelf)
    if about is None:
        context = {
            "area": "control_lists",
            "shelf": shelf,
            "code": code[:60],
            "foreign": control_lists.foreign(code),
            "suggestions": control_lists.suggestions(code, shelf),
        }
        return render(request, "control_lists/missing.html", context, status=404)
    if about["code"] != code:
        return redirect("screening:control_entry", about["code"])
    context = {"area": "control_lists", "shelf": shelf, "edition": shelf.editions.get(about["list"])}
    return render(request, "control_lists/entry.html", {**context, **entry_words.told(about, shelf)})


def _found(request: HttpRequest, asked: dict[str, str], shelf: Shelf) -> dict[str, Any]:
    lists = (asked["list"],) if asked["list"] else ()
    found = control_lists.search(asked["q"], shelf, lists=lists, family=asked["family"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return {
        "query": asked["q"],
        "total": len(found),
        "page": page,
        "some_words": bool(found) and not found[0].all_words,
        "results": [{"found": item, **entry_words.row(item.entry, shelf)} for item in page.object_list],
    }


def _branches(asked: dict[str, str], shelf: Shelf) -> list[dict[str, Any]]:
    wanted = [
        branch
        for branch in shelf.branches
        if asked["list"] in ("", branch.list) and asked["family"] in ("", branch.family)
    ]
    return [
        {
            "title": shelf.title(branch.list),
            "branch": branch,
            "edition": shelf.editions.get(branch.list),
            "family": FAMILIES.get(branch.family, branch.family),
            "groups": entry_words.groups(branch),
            "open": len(wanted) == 1,
        }
        for branch in wanted
    ]


def _closed(request: HttpRequest, problem: str) -> HttpResponse:
    context = {"area": "control_lists", "problem": problem or _("There are no control lists to read.")}
    return render(request, "control_lists/browse.html", context, status=503)
