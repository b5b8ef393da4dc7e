"""What if a line said more? The answers to its questions, and the classification they would give. Nothing is stored."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening import classifying, permissions
from screening.classifying import NoSuchLine
from screening.forms.answers import AnswersForm
from screening.forms.transcript import number_or_text
from screening.lookup import NoPolicy
from screening.models import Shipment
from screening.views import goods
from screening.views.access import page
from screening.views.queue import found


@require_safe
@page(permissions.check_see_queue)
def what_if(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One line of a case with answers from the address; `line` is its number, the first one when left out."""
    shipment = found(request, public_id).shipment
    context: dict[str, Any] = {"area": "queue", "shipment": shipment}
    try:
        context |= _answered(shipment, request.GET)
    except NoSuchLine as error:
        raise Http404 from error
    except NoPolicy as error:
        return render(request, "case/what_if.html", context | {"problem": str(error)}, status=503)
    wrong = context["form"].errors and not request.headers.get("HX-Request")  # htmx shows successes only
    return render(request, "case/what_if.html", context, status=422 if wrong else 200)


def _answered(shipment: Shipment, given: Mapping[str, Any]) -> dict[str, Any]:
    line = _line(shipment, str(given.get("line", "")))
    before = classifying.what_if(shipment, line["number"], {})
    look: dict[str, Any] = {"data": given, "auto_id": f"what-if-{line['number']}-%s", "limits": True}
    answers = AnswersForm((), **look).answers()
    read = {name: number_or_text(value) for name, value in answers.items()}
    after = classifying.what_if(shipment, line["number"], read)
    judged = goods.shown(after)
    return {
        "line": line,
        "answers": answers,
        "judged": judged,
        "moved": _moved(before["candidates"], after["candidates"]),
        "form": AnswersForm([*goods.shown(before)["questions"], *judged["questions"]], **look),
    }


def _moved(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The candidates with their chance before and after, the likeliest after first."""
    was, now = ({row["code"]: row["score"] for row in rows} for rows in (before, after))
    headings = {row["code"]: row["heading"] for row in (*after, *before)}
    return [
        {"code": code, "heading": heading, "before": was.get(code), "after": now.get(code)}
        for code, heading in headings.items()
    ]


def _line(shipment: Shipment, number: str) -> Mapping[str, Any]:
    lines = shipment.current.payload.get("lines", ()) if shipment.current else ()
    wanted = (line for line in lines if not number or str(line.get("number")) == number)
    if line := next(wanted, None):
        return dict(line)
    raise NoSuchLine
