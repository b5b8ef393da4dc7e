"""What officers do with a case: assign, propose, confirm, send back, reopen.

Every verb takes the `version` that the officer had on the screen. If the case has moved on since, `CaseChanged` tells
them what happened instead of doing something they did not see.
"""

import calendar
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening import audit, differences, notices, permissions, queries
from screening.models import TRANSITIONS, Case, CaseState, CaseStep, Decision, DecisionKind, Outcome, Shipment, User


class CaseChanged(Exception):
    """Somebody else was quicker. The sentence says who did what and when."""


class Incomplete(Exception):
    """A field is missing or wrong. `errors` maps its name to a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


# What a changed result does to a case in this state, in words.
UNDONE: dict[str, Any] = {
    CaseState.PROPOSED: gettext_lazy("The proposal was taken back."),
    CaseState.DECIDED: gettext_lazy("The decision no longer counts; the case is open again."),
}


@transaction.atomic(savepoint=False)
def open_or_update(
    shipment: Shipment, *, outcome: str, priority: bool, changes: Mapping[str, Any] | None = None
) -> Case | None:
    """Called by a run that ended. A shipment that was never other than clear needs no case (`None`).

    `changes` is what `differences.between` says of the run before this one. Whatever changed, for better or worse,
    reopens a decided case and takes a proposal back: nobody's decision stands on findings that they have not seen. A
    result that is better closes nothing by itself. Who answers for the case is told.
    """
    case = Case.objects.select_for_update().filter(shipment=shipment).first()
    if case is None and outcome == Outcome.CLEAR:
        return None
    if case is None:
        case = Case(shipment=shipment, outcome=outcome, priority=priority, due_at=due(shipment.received_at), version=0)
        return _changed(case, "open", changes or {}, answering=[])
    if case.outcome == outcome and case.priority == priority and not changes:
        return case
    case.outcome, case.priority = outcome, priority
    standing = case.decisions.filter(sent_back_at=None, superseded_at=None)
    answering = [case.assigned_to]
    answering += [who for decision in standing for who in (decision.proposed_by, decision.confirmed_by)]
    undone = str(UNDONE.get(case.state, ""))
    if undone:
        standing.update(superseded_at=timezone.now())
        case.state = CaseState.IN_REVIEW
    told = [who for who in answering if who and who.is_active]
    return _changed(case, "rescreen", changes or {}, answering=told, undone=undone)


@transaction.atomic
def assign(case: Case, *, by: User, version: int, to: User | None = None) -> Case:
    """Take the case (`to` left out), or give it to another officer."""
    case = _locked(case, version=version)
    permissions.check_assign(by, case, to)
    case.assigned_to = to or by
    if case.assigned_to == by:
        return _move(case, "assign", by=by)
    return _move(case, "assign", by=by, step="give", detail=str(to), facts={"to": case.assigned_to.username})


@transaction.atomic
def propose(
    case: Case, *, by: User, version: int, kind: str, legal_basis: str, reason: str, conditions: str = ""
) -> Decision:
    """Propose a decision for a second officer. Legal basis and reason are mandatory, at times conditions too."""
    case = _locked(case, version=version)
    permissions.check_propose(by, case)
    texts = {"legal_basis": legal_basis.strip(), "reason": reason.strip(), "conditions": conditions.strip()}
    _check_grounds(kind, texts)
    decision = Decision.objects.create(case=case, kind=kind, proposed_by=by, proposed_at=timezone.now(), **texts)
    case.assigned_to = by
    _move(case, "propose", by=by, detail=kind, facts={"decision": decision.pk, **texts})
    return decision


@transaction.atomic
def confirm(case: Case, *, by: User, version: int) -> Decision:
    """The second pair of eyes: the proposed decision becomes the decision."""
    case = _locked(case, version=version)
    permissions.check_confirm(by, case)
    decision = case.decisions.get(confirmed_at=None, sent_back_at=None, superseded_at=None)
    decision.confirmed_by, decision.confirmed_at = by, timezone.now()
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    _move(case, "confirm", by=by, detail=decision.kind, facts={"decision": decision.pk})
    return decision


@transaction.atomic
def send_back(case: Case, *, by: User, version: int, reason: str) -> Decision:
    """The proposal goes back to the officer with a reason."""
    case = _locked(case, version=version)
    permissions.check_send_back(by, case)
    if not reason.strip():
        raise Incomplete({"reason": _("Say why the proposal goes back.")})
    decision = case.decisions.get(confirmed_at=None, sent_back_at=None, superseded_at=None)
    decision.sent_back_by, decision.sent_back_at, decision.sent_back_reason = by, timezone.now(), reason.strip()
    decision.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_reason"])
    _move(case, "send_back", by=by, detail=decision.kind, note=reason.strip(), facts={"decision": decision.pk})
    return decision


@transaction.atomic
def reopen(case: Case, *, by: User, version: int, reason: str) -> Case:
    """Take a decided case up again. The old decision stays on record, marked as superseded."""
    case = _locked(case, version=version)
    permissions.check_reopen(by, case)
    if not reason.strip():
        raise Incomplete({"reason": _("Say why the case is reopened.")})
    case.decisions.filter(sent_back_at=None, superseded_at=None).update(superseded_at=timezone.now())
    return _move(case, "reopen", by=by, note=reason.strip())


def note(case: Case, move: str, *, by: User, detail: str, said: str) -> None:
    """Write into the history what was done about a case that stays where it is. The caller holds it and audits."""
    _step(case, move, by=by, detail=detail[:200], note=said)


def due(received: datetime) -> datetime:
    """One month after receipt (Cabinet Regulation 657): the same day of the next month, or that month's last day.

    >>> due(datetime(2026, 1, 31, 9)).isoformat()
    '2026-02-28T09:00:00'
    """
    year, month = (received.year + 1, 1) if received.month == 12 else (received.year, received.month + 1)
    return received.replace(year=year, month=month, day=min(received.day, calendar.monthrange(year, month)[1]))


def _changed(case: Case, move: str, changes: Mapping[str, Any], *, answering: list[User], undone: str = "") -> Case:
    """Write down what a run changed, and tell who answers for the case: the senior officers while nobody does."""
    said = differences.sentence(changes)
    step = _step(
        case, move, detail=case.outcome, note=" ".join(filter(None, (undone, differences.in_findings(changes))))
    )
    if said:
        text = _("The shipment %(reference)s was screened again. %(changes)s")
        about = {"reference": case.shipment.reference, "changes": " ".join(filter(None, (undone, said)))}
        notices.tell(answering or queries.senior_officers(), text % about, shipment=case.shipment)
    _record(case, step, by=None, facts={"changes": changes} if changes else None)
    return case


def _check_grounds(kind: str, texts: dict[str, str]) -> None:
    errors = {field: _("This is required.") for field in ("legal_basis", "reason") if not texts[field]}
    if kind not in DecisionKind.values:
        errors["kind"] = _("Choose one of the decisions.")
    if kind == DecisionKind.APPROVE_WITH_CONDITIONS and not texts["conditions"]:
        errors["conditions"] = _("Write the conditions, or approve without.")
    if errors:
        raise Incomplete(errors)


def _locked(case: Case, *, version: int) -> Case:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.version == version:
        return locked
    step = CaseStep.objects.select_related("by").get(case=locked, version=locked.version)
    when = timezone.localtime(step.at).strftime("%d.%m.%Y %H:%M")
    raise CaseChanged(
        _("%(who)s %(what)s (%(when)s) while you were working. Look at the case again.")
        % {"who": step.by or _("The system"), "what": step.text, "when": when}
    )


def _move(
    case: Case, move: str, *, by: User, step: str = "", detail: str = "", note: str = "", facts: Any = None
) -> Case:
    case.state = TRANSITIONS[move][case.state]
    _record(case, _step(case, step or move, by=by, detail=detail, note=note), by=by, facts=facts)
    return case


def _step(case: Case, move: str, *, by: User | None = None, detail: str = "", note: str = "") -> CaseStep:
    case.version += 1
    case.save()
    return CaseStep.objects.create(
        case=case,
        version=case.version,
        at=timezone.now(),
        by=by,
        move=move,
        state=case.state,
        detail=detail,
        note=note,
    )


def _record(case: Case, step: CaseStep, *, by: User | None, facts: Any = None) -> None:
    details = {
        "shipment": case.shipment.public_id,
        "outcome": case.outcome,
        "state": case.state,
        "version": case.version,
        "detail": step.detail,
        "note": step.note,
    }
    audit.record(f"case.{step.move}", by=by, of=case, details=details | (facts or {}))
