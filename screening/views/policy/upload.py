"""Import the files of a list: they are staged, and the edition's page shows what they would change."""

from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from policies.content import ContentError
from policies.editions import EditionRefused
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState
from screening import permissions
from screening.editorial import lists as editorial
from screening.forms.lists import UploadForm, formats
from screening.views.access import actor, page


@require_http_methods(["GET", "HEAD", "POST"])
@page(permissions.check_edit_policy)
def upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, UploadForm(initial={"source": request.GET.get("source", "")}))
    form = UploadForm(request.POST, request.FILES)
    if getattr(request, "upload_too_large", False):
        form.full_clean()
        form.errors.pop("list_files", None)
        form.add_error("list_files", too_large())
        return _show(request, form, status=413)
    if not form.is_valid():
        return _show(request, form, status=422)
    given = form.cleaned_data
    try:
        with ExitStack() as stack:
            files = [_opened(file, stack) for file in given["list_files"]]
            staged = editorial.stage(
                given["source"], files, by=actor(request), as_of=given["as_of"], name=given["name"]
            )
    except ListFileError as error:
        form.add_error("list_files", str(error))
    except (EditionRefused, ContentError, ValueError, PermissionDenied) as error:
        form.add_error(None, str(error))
    else:
        return _done(request, staged)
    return _show(request, form, status=422)


def _done(request: HttpRequest, staged: list[Edition]) -> HttpResponse:
    """To the edition when there is one, else to the lists."""
    waiting = [edition for edition in staged if edition.state == EditionState.STAGED]
    for edition in staged:
        if edition not in waiting:
            messages.info(
                request,
                _("%(list)s: no change. The active edition has exactly these rows and is confirmed for today.")
                % {"list": edition.source_id},
            )
    if waiting:
        text = _("The files are read and wait as an edition. Look at what changes, then activate or reject it.")
        messages.success(request, text)
    if len(waiting) > 1:
        return redirect("/policy/lists/?state=staged")
    return redirect("screening:edition", pk=(waiting or staged)[0].pk)


def _opened(file: TemporaryUploadedFile, stack: ExitStack) -> ListFile:
    """The uploaded file where it lies on disk."""
    return ListFile(str(file.name), stack.enter_context(open(file.temporary_file_path(), "rb")))


def too_large() -> str:
    return _(
        "The files are larger than %(size)s together and were not taken. Check that they are the list; "
        "a larger one can be imported on the server with manage.py import_list."
    ) % {"size": filesizeformat(settings.LIST_UPLOAD_MAX_BYTES)}


def _show(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "area": "policy",
        "part": "lists",
        "form": form,
        "formats": formats(),
        "most": settings.LIST_UPLOAD_MAX_BYTES,
    }
    return render(request, "policies/upload.html", context, status=status)
