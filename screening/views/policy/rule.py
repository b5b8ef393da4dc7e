"""One rule: write, copy, check, test, save. A check stores nothing; a conflict shows both versions, no text is lost."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from policies import rulebook
from policies.models import ListSource
from policies.rulebook import Row
from screening import permissions
from screening.editorial import rules
from screening.forms.rule import MAX_CLAUSES, RetireForm, RuleForm, data_of
from screening.views.access import actor, page
from screening.views.policy import field_reference, remarks, rule_context
from screening.views.policy.workbench import state_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@page(permissions.check_edit_policy)
def new(request: HttpRequest) -> HttpResponse:
    """An empty form; POST checks or stores it."""
    if request.method != "POST":
        return _show(request, _form(data_of({}, list_id=request.GET.get("list", "")), new=True))
    return _posted(request, _form(request.POST, new=True))


@require_safe
@page(permissions.check_edit_policy)
def copy(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The form of a new rule, filled with the values of another."""
    _found(rule_id)
    data = data_of(rulebook.copied(rule_id), list_id=rulebook.list_of(rule_id))
    return _show(request, _form(data, new=True), copy_of=rule_id)


@FORM
@page(permissions.check_see_policy)
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The form for editors, the rule to read for everybody else."""
    row = _found(rule_id)
    if request.method == "POST":
        permissions.check_edit_policy(actor(request))
        return _posted(request, _form(request.POST, new=False), rule_id=rule_id)
    if not permissions.can_edit_policy(actor(request)):
        return render(request, "policies/rule_read.html", rule_context.to_read(row))
    data = data_of(row, list_id=rulebook.list_of(rule_id), base=rulebook.row_digest(row))
    return _show(request, _form(data, new=False), rule_id=rule_id)


@FORM
@page(permissions.check_edit_policy)
def retire(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Give a rule its last day, or take one out that was never published."""
    row = _found(rule_id)
    start = {"on": timezone.localdate().isoformat(), "base": rulebook.row_digest(row)}
    form = RetireForm(request.POST if request.method == "POST" else None, initial=start)
    problem, status = "", 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        try:
            return _ended(request, rule_id, form.cleaned_data)
        except rulebook.RuleRefused as error:
            problem = " ".join(one.message for one in error.problems)
        except rulebook.RuleConflict as error:
            problem, status = str(error), 409
    context = {
        "area": "policy",
        "part": "rules",
        "rule_id": rule_id,
        "row": row,
        "form": form,
        "problem": problem,
        "was_law": rulebook.was_published(rule_id),
    }
    return render(request, "policies/rule_retire.html", context, status=status)


def _ended(request: HttpRequest, rule_id: str, given: dict[str, Any]) -> HttpResponse:
    by, base, reason = actor(request), given["base"], given["reason"]
    if "take_out" in request.POST:
        rules.remove(rule_id, by=by, base=base, reason=reason)
        messages.success(request, _("The rule %(rule)s is taken out.") % {"rule": rule_id})
        return redirect("screening:workbench")
    rules.retire(rule_id, on=given["on"], by=by, base=base, reason=reason)
    messages.success(request, _("The rule is given its last day. A second person publishes the change."))
    return redirect("screening:rule", rule_id=rule_id)


def _posted(request: HttpRequest, form: RuleForm, *, rule_id: str = "") -> HttpResponse:
    """One of the buttons: add or remove a clause, check, save."""
    if "add" in request.POST:
        form.clauses = [*form.clauses, ""][:MAX_CLAUSES]
        return _show(request, form, rule_id=rule_id, focus=len(form.clauses))
    number = request.POST.get("without", "")
    if number.isascii() and number.isdigit():
        kept = [text for place, text in enumerate(form.clauses, start=1) if place != int(number)]
        form.clauses = kept or [""]
        return _show(request, form, rule_id=rule_id, focus=min(int(number), len(form.clauses)))
    row = form.row()
    if rule_id:
        row["id"] = rule_id
    if request.POST.get("do") == "save" and not form.problems:
        return _save(request, form, row, rule_id)
    form.place(rulebook.check(row, list_id=_list_id(form, rule_id), new=form.new))
    return _show(request, form, rule_id=rule_id, row=row, status=422 if request.POST.get("do") == "save" else 200)


def _save(request: HttpRequest, form: RuleForm, row: dict[str, Any], rule_id: str) -> HttpResponse:
    given = {"list_id": _list_id(form, rule_id), "base": form.value("base"), "reason": form.value("why")}
    try:
        rules.save(row, by=actor(request), **given)
    except rulebook.RuleRefused as error:
        form.place(error.problems)
        return _show(request, form, rule_id=rule_id, row=row, status=422)
    except rulebook.RuleConflict as error:
        data = request.POST.copy()
        data["base"] = rulebook.row_digest(error.theirs) if error.theirs else ""
        return _show(
            request,
            _form(data, new=form.new),
            rule_id=rule_id,
            row=row,
            status=409,
            conflict=rule_context.both(error.theirs, row),
        )
    failed = [one for one in rulebook.trial(row) if not one.ok]
    if failed:
        said = _("The rule is stored, but an example does not hold; the policy cannot be published before it does.")
        messages.warning(request, said)
    else:
        messages.success(request, _("The rule is stored. It comes into force when a second person publishes it."))
    return redirect("screening:rule", rule_id=row["id"])


def _show(
    request: HttpRequest,
    form: RuleForm,
    *,
    status: int = 200,
    rule_id: str = "",
    row: Row | None = None,
    focus: int = 0,
    **more: Any,
) -> HttpResponse:
    """The page of the form. With `row` its examples have been asked for, and are run when nothing is wrong with it."""
    tried = [] if row is None or form.problems else rulebook.trial(row)
    stored = rulebook.find(rule_id) if rule_id else None
    context = {
        "area": "policy",
        "part": "rules",
        "form": form,
        "rule_id": rule_id,
        "stored": stored,
        "state": state_of(stored, timezone.localdate()) if stored else "",
        "address": reverse("screening:rule", args=[rule_id]) if rule_id else reverse("screening:rule_new"),
        "checked": row is not None,
        "tried": tried,
        "failed": sum(not one.ok for one in tried),
        "focus": focus,
        "badges": remarks.badges((remarks.known() or {}).get(rule_id, ())),
        **rule_context.choices(chosen=form.row_principles()),
        **field_reference.context_of(form.value("scope"), flag=form.value("effect") == "flag"),
        **more,
    }
    return render(request, "policies/rule.html", context, status=status)


def _form(data: Any, *, new: bool) -> RuleForm:
    given = data if isinstance(data, MultiValueDict) else MultiValueDict(data)
    return RuleForm(given, lists=_lists(), reasons=rule_context.reasons(), new=new)


def _lists() -> Iterable[tuple[str, str]]:
    return ListSource.objects.filter(kind="rules").order_by("id").values_list("id", "title")


def _list_id(form: RuleForm, rule_id: str) -> str:
    return rulebook.list_of(rule_id) if rule_id else form.value("list_id")


def _found(rule_id: str) -> Row:
    row = rulebook.find(rule_id)
    if row is None:
        raise Http404(_("There is no such rule."))
    return row
