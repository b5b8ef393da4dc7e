"""The public pre-check: one line of goods against the control lists in force. Nothing of it is stored."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies.engine.screen import ENGINE_VERSION
from screening import control_lists
from screening.forms.control_lists import ANSWER, ClassifyForm
from screening.line_queries import MAX_DESCRIPTION
from screening.lookup import NoPolicy
from screening.views import entry_words

LARGEST_BODY = 256 * 1024  # the longest description, percent-encoded, with room for attributes and answers
# Least chance -> how the page says it, and the tone that goes with it.
CHANCES: tuple[tuple[float, Any, str], ...] = (
    (0.8, gettext_lazy("very likely"), "prohibited"),
    (0.5, gettext_lazy("likely"), "licence_required"),
    (0.0, gettext_lazy("possible"), "review"),
)
SOURCES: dict[str, Any] = {
    "declared": gettext_lazy("Code"),
    "description": gettext_lazy("Description"),
    "hs": gettext_lazy("HS code"),
    "cas": gettext_lazy("CAS number"),
    "parameters": gettext_lazy("Parameters"),
    "precedents": gettext_lazy("Earlier decisions"),
}
VERDICTS: dict[str, tuple[Any, str, str]] = {
    "agree": (gettext_lazy("agree"), "check-circle", "clear"),
    "disagree": (gettext_lazy("do not agree"), "exclamation-triangle", "prohibited"),
    "open": (gettext_lazy("cannot be compared for certain"), "minus-circle", "waiting"),
}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def classify(request: HttpRequest) -> HttpResponse:
    try:
        shelf = control_lists.in_force()
    except NoPolicy as error:
        closed = {"area": "classify", "problem": str(error)}
        return render(request, "control_lists/classify.html", closed, status=503)
    context: dict[str, Any] = {"area": "classify", "shelf": shelf, "engine": ENGINE_VERSION, "form": ClassifyForm()}
    if request.method != "POST":
        return render(request, "control_lists/classify.html", context)
    if _length(request) > LARGEST_BODY:
        words = _("That is too large. Describe the goods in at most %(most)s characters, what they are first.")
        context["too_large"] = words % {"most": f"{MAX_DESCRIPTION:,}"}
        return render(request, "control_lists/classify.html", context, status=413)
    form = ClassifyForm.answered(request.POST.dict())
    context["form"] = form
    if not form.is_valid():
        return render(request, "control_lists/classify.html", context, status=422)
    (answer,) = control_lists.precheck([form.line], shelf)
    return render(request, "control_lists/classify.html", context | _told(answer))


def _length(request: HttpRequest) -> int:
    declared = str(request.headers.get("Content-Length") or "")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the page shows it."""
    candidates = [_candidate(item) for item in answer["candidates"]]
    return {
        "answer": answer,
        "candidates": candidates,
        "sources": [{**item, "name": SOURCES.get(item["kind"], item["kind"])} for item in answer["card"]["sources"]],
        "pairs": [_pair(item) for item in answer["card"]["pairs"]],
        "questions": [_question(item) for item in answer["questions"]],
    }


def _candidate(item: dict[str, Any]) -> dict[str, Any]:
    word, tone = next((word, tone) for least, word, tone in CHANCES if item["score"] >= least)
    evidence = sorted(item["evidence"], key=lambda one: -one["points"])
    return {**item, "word": word, "tone": tone, "evidence": [{**one, "speaks": _speaks(one)} for one in evidence]}


def _speaks(evidence: dict[str, Any]) -> str:
    return "for" if evidence["points"] > 0 else "against"


def _pair(item: dict[str, Any]) -> dict[str, Any]:
    word, icon, tone = VERDICTS[item["verdict"]]
    names = {"left": SOURCES.get(item["left"], item["left"]), "right": SOURCES.get(item["right"], item["right"])}
    return {**names, "word": word, "icon": icon, "tone": tone}


def _question(item: dict[str, Any]) -> dict[str, Any]:
    """A question with its field: a choice where listed words answer it, else a number in the unit of the threshold."""
    choices = []
    if item["accepts"] == ["yes"]:
        choices = [("yes", _("yes")), ("no", _("no"))]
    elif item["accepts"]:
        choices = [*((word, word) for word in item["accepts"]), ("none of these", _("none of these"))]
    return {
        **item,
        "field": f"{ANSWER}{item['name']}",
        "choices": choices,
        "limit": "" if choices else entry_words.condition(item),
    }
