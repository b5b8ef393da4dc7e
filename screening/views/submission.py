"""The form with which an exporter submits a shipment. Submit buttons add and remove rows, so no script is needed."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening import intake, permissions
from screening.forms.submission import ROWS, Submission, add, blank, remove
from screening.forms.transcript import payload_of, place
from screening.models import Organisation, User
from screening.payload import PayloadError
from screening.views.access import actor, page


def check(by: User) -> None:
    permissions.check_submit(by, by.organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@page(check)
def new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    organisation = cast(Organisation, by.organisation)
    if request.method != "POST":
        return _show(request, Submission(blank(organisation.name, organisation.country)))
    if "add" in request.POST or "remove" in request.POST:
        return _rearranged(request)
    form = Submission(request.POST)
    try:
        shipment = intake.submit(payload_of(form), by=by, organisation=organisation)
    except PayloadError as error:
        place(form, error.errors)
        return _show(request, form, status=422)
    except intake.DuplicateReference as error:
        address = reverse("screening:shipment", args=[error.existing.public_id])
        form.route.add_error("reference", format_html('{} <a href="{}">{}</a>', error, address, _("Open it")))
        form.problems.append((form.route["reference"].auto_id, _("Your reference"), str(error)))
        return _show(request, form, status=409)
    messages.success(request, _("The shipment is received and safe. Its screening takes a few seconds."))
    return redirect("screening:shipment", public_id=shipment.public_id)


def _rearranged(request: HttpRequest) -> HttpResponse:
    """Add or remove a party or a line and show the form again with everything that was typed."""
    added = request.POST.get("add", "")
    if added in ROWS:
        return _show(request, Submission(add(request.POST, added)), added=added)
    name, _dash, number = request.POST.get("remove", "").partition("-")
    if name in ROWS and number.isascii() and number.isdigit():
        return _show(request, Submission(remove(request.POST, name, int(number))))
    return _show(request, Submission(request.POST))


def _show(request: HttpRequest, form: Submission, *, status: int = 200, added: str = "") -> HttpResponse:
    if added:
        rows = form.parties if added == "parties" else form.lines
        first = rows[-1].fields["role" if added == "parties" else "description"]
        first.widget.attrs["autofocus"] = True
    context = {"area": "shipments", "form": form, "added": added}
    return render(request, "shipment/form.html", context, status=status)
