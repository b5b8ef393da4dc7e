"""The officers' search: one party against the lists in force, with the reasons for each hit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from screening import lookup, permissions
from screening.forms.search import REVIEW, WIDE, SearchForm
from screening.lookup import SHOWN, WIDER, Lists, NoPolicy
from screening.templatetags.ui import percent
from screening.views import hits
from screening.views.access import actor, page


@require_safe
@page(permissions.check_search_parties)
def search(request: HttpRequest) -> HttpResponse:
    try:
        lists = lookup.in_force()
    except NoPolicy as error:
        context = {"area": "search", "form": SearchForm(), "problem": str(error)}
        return render(request, "queue/search.html", context, status=503)
    asked = any(request.GET.get(name, "").strip() for name in SearchForm.base_fields if name not in ("look", "type"))
    form = SearchForm(request.GET if asked or "name" in request.GET else None)
    review = lists.policy.setting.match_review
    form.fields["look"].widget.choices = _looks(review)
    context = {"area": "search", "form": form, "lists": lists, "review": review}
    if form.is_bound and not form.is_valid():
        return render(request, "queue/search.html", context, status=422)
    if form.is_bound:
        context |= _found(request, form, lists, review)
    return render(request, "queue/search.html", context)


def _looks(review: float) -> list[tuple[str, Any]]:
    return [
        (REVIEW, _("As screening does: score %(score)s and more") % {"score": percent(review)}),
        (WIDE, _("A wider look: score %(score)s and more") % {"score": percent(min(WIDER, review))}),
    ]


def _found(request: HttpRequest, form: SearchForm, lists: Lists, review: float) -> dict[str, Any]:
    """What was found, best first. A hit of another type is set aside, one whose list gives no type is not."""
    wide = form.cleaned_data.get("look") == WIDE
    threshold = min(WIDER, review) if wide else review
    found = lookup.search(form.party, lists, threshold=threshold, by=actor(request))
    kind = form.party.get("type", "")
    wanted = [hit for hit in found if not kind or hit["kind"] in ("", kind)]
    sources = hits.sources_of(wanted[:SHOWN])
    return {
        "asked": form.party,
        "threshold": threshold,
        "wide": wide,
        "total": len(wanted),
        "set_aside": len(found) - len(wanted),
        "most": SHOWN if len(wanted) > SHOWN else 0,
        "hits": [
            hits.shown(hit, sources) | {"open": not place, "below_review": _below(hit, review)}
            for place, hit in enumerate(wanted[:SHOWN])
        ],
    }


def _below(hit: dict[str, Any], review: float) -> bool:
    return bool(hit["match"] == "similar" and hit["score"] < review)
