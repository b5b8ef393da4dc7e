"""The form with which an exporter submits a shipment. Submit buttons add and remove rows, so no script is needed.

“Check goods” classifies the lines as they are typed, stores nothing, and asks what would decide.
"""

from collections.abc import Iterable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening import intake, payload, permissions
from screening.forms.answers import taken_in
from screening.forms.submission import ROWS, Data, Submission, add, blank, remove
from screening.forms.transcript import misread, payload_of, place, place_answers
from screening.models import Organisation, User
from screening.payload import FieldError, PayloadError
from screening.views import goods_check
from screening.views.access import actor, page
from screening.views.goods_check import Check


def check(by: User) -> None:
    permissions.check_submit(by, by.organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@page(check)
def new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    organisation = cast(Organisation, by.organisation)
    if request.method != "POST":
        return _show(request, Submission(blank(organisation.name, organisation.country)))
    form = Submission(taken_in(_rearranged(request.POST)))
    checked = goods_check.look(form, wanted="check" in request.POST or "checked" in request.POST)
    if "add" in request.POST or "remove" in request.POST:
        return _show(request, form, checked, added=request.POST.get("add", ""))
    if "check" in request.POST:
        return _looked_at(request, form, checked)
    if form.unread or misread(form):
        return _refused(request, form, checked, [*misread(form), *_mistakes(form)])
    try:
        shipment = intake.submit(payload_of(form), by=by, organisation=organisation)
    except PayloadError as error:
        return _refused(request, form, checked, error.errors)
    except intake.DuplicateReference as error:
        address = reverse("screening:shipment", args=[error.existing.public_id])
        form.route.add_error("reference", format_html('{} <a href="{}">{}</a>', error, address, _("Open it")))
        form.problems.append((form.route["reference"].auto_id, _("Your reference"), str(error)))
        return _show(request, form, checked, status=409)
    messages.success(request, _("The shipment is received and safe. Its screening takes a few seconds."))
    return redirect("screening:shipment", public_id=shipment.public_id)


def _rearranged(data: Data) -> Data:
    """With a party or a line more or less, when a button asks for it, and with everything that was typed."""
    if (added := str(data.get("add", ""))) in ROWS:
        return add(data, added)
    name, _dash, number = str(data.get("remove", "")).partition("-")
    return remove(data, name, int(number)) if name in ROWS and number.isascii() and number.isdigit() else data


def _looked_at(request: HttpRequest, form: Submission, checked: Check) -> HttpResponse:
    """The form with what was found. A mistake in a line is no failure when script asks: htmx shows successes only."""
    place(form, [*misread(form), *checked.errors])
    place_answers(form)
    wrong = form.problems and not request.headers.get("HX-Request")
    return _show(request, form, checked, status=422 if wrong else 200)


def _mistakes(form: Submission) -> list[FieldError]:
    """What else is wrong, so that everything is told at once."""
    try:
        payload.clean(payload_of(form))
    except PayloadError as error:
        return error.errors
    return []


def _refused(request: HttpRequest, form: Submission, checked: Check, errors: Iterable[FieldError]) -> HttpResponse:
    place(form, errors)
    place_answers(form)
    return _show(request, form, checked, status=422)


def _show(
    request: HttpRequest, form: Submission, checked: Check | None = None, *, status: int = 200, added: str = ""
) -> HttpResponse:
    if added in ROWS:
        rows = form.parties if added == "parties" else form.lines
        first = rows[-1].fields["role" if added == "parties" else "description"]
        first.widget.attrs["autofocus"] = True
    context = {"area": "shipments", "form": form, "added": added, "checked": checked}
    return render(request, "shipment/form.html", context, status=status)
