"""What officers do with a case: each deed is one POST. A refusal shows the page again with all that was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from screening import cases, permissions, queries
from screening.forms.case import AssignForm, CaseForm, ProposalForm, ReasonForm
from screening.models import Case
from screening.views.access import actor, page
from screening.views.queue import case_page, found

Verb = Callable[..., Any]


@require_POST
@page(permissions.check_see_queue)
def assign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = AssignForm(request.POST, auto_id="id_assign_%s")
    wanted = request.POST.get("to", "")
    to = queries.officers().filter(username=wanted).first() if wanted else None
    if wanted and to is None:
        return case_page(request, found(request, public_id), status=422, problem=_("There is no such officer."))
    return _do(request, public_id, "assign", form, cases.assign, {"to": to}, _("The case is assigned."))


@require_POST
@page(permissions.check_see_queue)
def propose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = ProposalForm(request.POST, auto_id="id_propose_%s")
    texts = {name: request.POST.get(name, "") for name in ("kind", "legal_basis", "reason", "conditions")}
    done = _("The decision is proposed. A second officer, a senior one, confirms it.")
    return _do(request, public_id, "propose", form, cases.propose, texts, done)


@require_POST
@page(permissions.check_see_queue)
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = CaseForm(request.POST, auto_id="id_confirm_%s")
    return _do(request, public_id, "confirm", form, cases.confirm, {}, _("The decision is confirmed."))


@require_POST
@page(permissions.check_see_queue)
def send_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_send_back_%s")
    texts = {"reason": request.POST.get("reason", "")}
    return _do(request, public_id, "send_back", form, cases.send_back, texts, _("The proposal is sent back."))


@require_POST
@page(permissions.check_see_queue)
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_reopen_%s")
    texts = {"reason": request.POST.get("reason", "")}
    return _do(request, public_id, "reopen", form, cases.reopen, texts, _("The case is open again."))


def _do(
    request: HttpRequest, public_id: UUID, name: str, form: CaseForm, verb: Verb, given: dict[str, Any], done: str
) -> HttpResponse:
    case = found(request, public_id)
    form.full_clean()
    version = form.cleaned_data.get("version")
    try:
        if version is None:
            raise cases.CaseChanged(_("The page was incomplete; look at the case and try again."))
        verb(case, by=actor(request), version=version, **given)
    except cases.Incomplete as error:
        form.take(error.errors)
        return case_page(request, case, status=422, problem=_("Not saved yet."), **{name: form})
    except (cases.CaseChanged, permissions.NotAllowed) as error:
        now = found(request, public_id)
        status = 409 if isinstance(error, cases.CaseChanged) else 403
        return case_page(request, now, status=status, problem=str(error), **{name: _renewed(form, now)})
    messages.success(request, done)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("screening:case", args=[public_id]) + query + "#case-heading")


def _renewed(form: CaseForm, case: Case) -> CaseForm:
    """The same text under the version that is on the screen now, so that it can be sent once it was looked at."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(case.version)
    return type(form)(data, auto_id=form.auto_id)
