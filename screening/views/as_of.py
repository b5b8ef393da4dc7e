"""Proof of a result: replay a run on its own facts and policy, or ask what the law of another day would say."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policies.snapshots import SnapshotError
from screening import as_of as replayed
from screening import permissions, runs
from screening.models import Case
from screening.views import findings
from screening.views.access import page
from screening.views.queue import found


@require_POST
@page(permissions.check_see_queue)
def replay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same facts under the same policy once more: identical, or every difference."""
    case = found(request, public_id)
    run = case.shipment.latest_run
    problem, differences = "", []
    if run is None:
        problem = _("This shipment has not been screened yet.")
    else:
        try:
            differences = runs.replay(run)
        except SnapshotError as error:
            problem = str(error)
    context = {"case": case, "run": run, "problem": problem, "differences": differences, "at": timezone.now()}
    return render(request, "case/replay.html", _about(case) | context)


@require_safe
@page(permissions.check_see_queue)
def as_of(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Then and today, side by side."""
    case = found(request, public_id)
    given = request.GET.get("day", "").strip()
    context: dict[str, Any] = {"day": given, "today": timezone.localdate()}
    status = 200
    if given:
        try:
            context |= _sides(replayed.as_of(case.shipment, date.fromisoformat(given)))
        except ValueError:
            context["problem"], status = _("Give the day as YYYY-MM-DD, such as 2025-12-01."), 422
        except (replayed.AsOfError, SnapshotError) as error:
            context["problem"], status = str(error), 422
    return render(request, "case/as_of.html", _about(case) | context, status=status)


def _sides(answer: replayed.AsOf) -> dict[str, Any]:
    before, after = answer.differences["outcome"] if answer.differences else (answer.then.outcome,) * 2
    parts = (("added", _("Only today")), ("removed", _("Only then")), ("changed", _("Otherwise today")))
    return {
        "answer": answer,
        "same": not answer.differences
        or (before == after and not any(answer.differences.get(kind) for kind, _word in parts)),
        "sides": [
            {
                "key": "then",
                "day": answer.day,
                "snapshot": answer.snapshot,
                "outcome": answer.then.outcome,
                "findings": _shown(answer.then, answer.snapshot.hash, 1),
            },
            {
                "key": "today",
                "day": timezone.localdate(),
                "snapshot": answer.in_force,
                "outcome": answer.today.outcome,
                "findings": _shown(answer.today, answer.in_force.hash, 10_001),
            },
        ],
        "differing": [
            {**row, "word": word, "kind": kind, "about": findings.about(row.get("subject", ""))}
            for kind, word in parts
            for row in answer.differences.get(kind, ())
        ],
    }


def _shown(screening: Any, hash: str, start: int) -> list[dict[str, Any]]:
    return findings.of_screening([one.as_dict() for one in screening.findings], hash, start=start)


def _about(case: Case) -> dict[str, Any]:
    return {"area": "queue", "shipment": case.shipment}
