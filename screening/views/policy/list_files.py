"""A list as a file: downloaded by whoever may see the policy, and uploaded again, changed, by its editors."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from policies import list_files
from policies.content import ContentError
from policies.editions import EditionRefused
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState, ListSource
from screening import permissions
from screening.editorial import lists as editorial
from screening.forms.lists import ChangedFileForm
from screening.views.access import actor, page
from screening.views.policy.lists import show
from screening.views.policy.upload import too_large


@require_http_methods(["GET", "HEAD", "POST"])
@page(permissions.check_see_policy)
def of_list(request: HttpRequest, list_id: str) -> HttpResponse | StreamingHttpResponse:
    """The active edition as a file; a POST brings the changed one back."""
    source = get_object_or_404(ListSource, pk=list_id.replace("\0", ""))
    if request.method != "POST":
        return _download(request, get_object_or_404(Edition, source=source, state=EditionState.ACTIVE))
    permissions.check_edit_policy(actor(request))
    form = ChangedFileForm(request.POST, request.FILES)
    if getattr(request, "upload_too_large", False):
        form.full_clean()
        form.errors.clear()
        form.add_error("changed_file", too_large())
        return show(request, source, upload=form, status=413)
    if not form.is_valid():
        return show(request, source, upload=form, status=422)
    file = form.cleaned_data["changed_file"]
    try:
        with open(file.temporary_file_path(), "rb") as stream:
            edition = editorial.stage_file(source.pk, ListFile(str(file.name), stream), by=actor(request))
    except (ListFileError, EditionRefused, ContentError, PermissionDenied) as error:
        form.add_error("changed_file", str(error))
        return show(request, source, upload=form, status=422)
    if edition.state == EditionState.STAGED:
        messages.success(
            request, _("The file is read and waits as an edition. Look at what changes, then activate it.")
        )
    else:
        messages.info(request, _("No change: the active edition has exactly these rows."))
    return redirect("screening:edition", pk=edition.pk)


@require_safe
@page(permissions.check_see_policy)
def of_edition(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    return _download(request, get_object_or_404(Edition, pk=pk))


def _download(request: HttpRequest, edition: Edition) -> HttpResponse | StreamingHttpResponse:
    try:
        made = list_files.written(edition)
    except ContentError as error:
        messages.error(request, _("%(problem)s. It cannot be downloaded.") % {"problem": error})
        return redirect("screening:edition", pk=edition.pk)
    kind = list_files.TYPES[made.suffix]
    answer = StreamingHttpResponse((part.encode() for part in made.parts), content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer
