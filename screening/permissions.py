"""Who may do what. `check_x` raises `NotAllowed` with a sentence for people, `can_x` says the same as a boolean.

Buttons, forms, pages and the API ask these functions and no others. What is not granted here is refused. Roles decide
on deeds; `visible_shipments` decides on rows: what a person may not see does not exist for them (404, not 403).
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from policies.permissions import EDITORS
from screening.models import (
    TRANSITIONS,
    ApiToken,
    Case,
    CaseState,
    Decision,
    Dismissal,
    Organisation,
    Role,
    Scope,
    Shipment,
    User,
)

Actor = User | ApiToken
OFFICERS = frozenset({Role.OFFICER, Role.SENIOR_OFFICER})
READERS = OFFICERS | {Role.AUDITOR}
P = ParamSpec("P")


class NotAllowed(PermissionDenied):
    """The sentence says what is missing; it is fit to be shown."""


def _bool(check: Callable[Concatenate[Actor, P], None]) -> Callable[Concatenate[Actor | AnonymousUser, P], bool]:
    def can(by: Actor | AnonymousUser, /, *args: P.args, **kwargs: P.kwargs) -> bool:
        if isinstance(by, AnonymousUser):
            return False
        try:
            check(by, *args, **kwargs)
        except NotAllowed:
            return False
        return True

    return can


# Shipments


def visible_shipments(by: Actor | AnonymousUser) -> QuerySet[Shipment]:
    """The shipments that exist for this actor: their organisation's own, all for officers and auditors, else none."""
    shipments = Shipment.objects.all()
    if isinstance(by, AnonymousUser) or not by.is_active:
        return shipments.none()
    if isinstance(by, ApiToken):
        return shipments.filter(organisation=by.organisation_id) if Scope.READ in by.scopes else shipments.none()
    if by.role in READERS:
        return shipments
    return shipments.filter(organisation=by.organisation_id) if by.role == Role.EXPORTER else shipments.none()


def check_submit(by: Actor, organisation: Organisation | None) -> None:
    if not by.is_active:
        raise NotAllowed(_("This account is closed."))
    if isinstance(by, ApiToken) and Scope.WRITE not in by.scopes:
        raise NotAllowed(_("This token may not submit shipments; ask for one with the scope shipments:write."))
    if isinstance(by, User) and by.role != Role.EXPORTER:
        raise NotAllowed(_("Only exporters submit shipments."))
    if organisation is None or by.organisation_id != organisation.pk:
        raise NotAllowed(_("You can submit shipments for your own organisation only."))


def check_read_shipments(by: Actor) -> None:
    """Whether there is any shipment list for this actor; which rows are in it, `visible_shipments` decides."""
    if isinstance(by, ApiToken) and Scope.READ not in by.scopes:
        raise NotAllowed(_("This token may not read shipments; ask for one with the scope shipments:read."))
    if not by.is_active or (isinstance(by, User) and by.role not in READERS | {Role.EXPORTER}):
        raise NotAllowed(_("Your role does not read shipments."))


# Cases


def check_see_queue(by: Actor) -> None:
    if not isinstance(by, User) or not by.is_active or by.role not in READERS:
        raise NotAllowed(_("Cases are for licensing officers and auditors."))


def check_assign(by: Actor, case: Case, to: User | None = None) -> None:
    """Officers take a case themselves (`to` left out); a senior officer also gives it to another."""
    _check_officer(by)
    _check_move(case, "assign")
    if to is None or to == by:
        return
    if not isinstance(by, User) or by.role != Role.SENIOR_OFFICER:
        raise NotAllowed(_("Only a senior officer gives a case to somebody else."))
    if not to.is_active or to.role not in OFFICERS:
        raise NotAllowed(_("A case can be given to a licensing officer only."))


def check_propose(by: Actor, case: Case) -> None:
    _check_officer(by)
    _check_move(case, "propose")
    if case.assigned_to_id is not None and case.assigned_to_id != by.pk:
        raise NotAllowed(_("%(officer)s holds this case; take it over first.") % {"officer": case.assigned_to})


def check_confirm(by: Actor, case: Case) -> None:
    """Four eyes: a senior officer who did not propose the decision."""
    _check_officer(by)
    _check_move(case, "confirm")
    if not isinstance(by, User) or by.role != Role.SENIOR_OFFICER:
        raise NotAllowed(_("Only a senior officer confirms a decision."))
    decision = pending(case)
    if decision is None:
        raise NotAllowed(_("There is no proposed decision to confirm."))
    if decision.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed this decision; another senior officer must confirm it."))


def check_send_back(by: Actor, case: Case) -> None:
    """A senior officer sends a proposal back; whoever proposed it may take it back."""
    _check_officer(by)
    _check_move(case, "send_back")
    decision = pending(case)
    if decision is None:
        raise NotAllowed(_("There is no proposed decision to send back."))
    if not isinstance(by, User) or (by.role != Role.SENIOR_OFFICER and decision.proposed_by_id != by.pk):
        raise NotAllowed(_("Only a senior officer, or the officer who proposed it, sends a decision back."))


def check_reopen(by: Actor, case: Case) -> None:
    _check_officer(by)
    _check_move(case, "reopen")
    if not isinstance(by, User) or by.role != Role.SENIOR_OFFICER:
        raise NotAllowed(_("Only a senior officer reopens a decided case."))


def check_dismiss(by: Actor, case: Case) -> None:
    _check_officer(by)
    _check_undecided(case)


def check_confirm_dismissal(by: Actor, dismissal: Dismissal) -> None:
    """Four eyes: a senior officer who did not give the dismissal."""
    _check_officer(by)
    if not dismissal.waits:
        raise NotAllowed(_("This dismissal does not wait for a second person."))
    if not isinstance(by, User) or by.role != Role.SENIOR_OFFICER:
        raise NotAllowed(_("Only a senior officer confirms a dismissal."))
    if dismissal.by_id == by.pk:
        raise NotAllowed(_("You dismissed this match; another senior officer must confirm it."))
    _check_undecided(dismissal.shipment.case)


def check_reopen_dismissal(by: Actor, dismissal: Dismissal) -> None:
    """Any officer: a match that is looked at once too often does no harm."""
    _check_officer(by)
    if dismissal.ended:
        raise NotAllowed(_("This dismissal counts no more; there is nothing to reopen."))


def pending(case: Case) -> Decision | None:
    """The proposed decision that waits for a second officer. Uses prefetched `decisions` when they are there."""
    return next(
        (
            decision
            for decision in case.decisions.all()
            if decision.confirmed_at is None and decision.sent_back_at is None and decision.superseded_at is None
        ),
        None,
    )


# Parties against the lists, without a shipment


def check_search_parties(by: Actor) -> None:
    """The search page, which shows every list, the authority's own ones too."""
    if not isinstance(by, User) or not by.is_active or by.role not in READERS | EDITORS:
        raise NotAllowed(_("The search in the lists is for officers, auditors and policy editors."))


def check_match_parties(by: Actor) -> None:
    """The same question by another system, which is shown the published lists only."""
    if not by.is_active or not isinstance(by, ApiToken) or Scope.MATCH not in by.scopes:
        raise NotAllowed(_("This token may not match parties; ask for one with the scope parties:match."))


# Policy


def check_see_policy(by: Actor) -> None:
    """Lists, rules, snapshots and backtests: editors work on them, officers and auditors read."""
    if not isinstance(by, User) or not by.is_active or by.role not in READERS | EDITORS:
        raise NotAllowed(_("Lists and rules are for policy editors, officers and auditors."))


def check_edit_policy(by: Actor) -> None:
    """Import lists, write rules, run backtests and draft snapshots."""
    if not isinstance(by, User) or not by.is_active or by.role not in EDITORS:
        raise NotAllowed(_("Only a policy editor or an administrator may change lists and policies."))


# Administration


def check_read_audit(by: Actor) -> None:
    if not isinstance(by, User) or not by.is_active or by.role != Role.AUDITOR:
        raise NotAllowed(_("The audit log is for auditors."))


def check_administer(by: Actor) -> None:
    if not isinstance(by, User) or not by.is_active or by.role != Role.ADMINISTRATOR:
        raise NotAllowed(_("People and tokens are managed by administrators."))


def _check_officer(by: Actor) -> None:
    if not isinstance(by, User) or not by.is_active or by.role not in OFFICERS:
        raise NotAllowed(_("Cases are worked on by licensing officers."))


def _check_undecided(case: Case) -> None:
    if case.state == CaseState.DECIDED:
        raise NotAllowed(_("The case is decided; a senior officer has to reopen it first."))


def _check_move(case: Case, move: str) -> None:
    if case.state not in TRANSITIONS[move]:
        raise NotAllowed(_("This is not possible now: the case is “%(state)s”.") % {"state": case.get_state_display()})


can_submit = _bool(check_submit)
can_read_shipments = _bool(check_read_shipments)
can_see_queue = _bool(check_see_queue)
can_assign = _bool(check_assign)
can_propose = _bool(check_propose)
can_confirm = _bool(check_confirm)
can_send_back = _bool(check_send_back)
can_reopen = _bool(check_reopen)
can_search_parties = _bool(check_search_parties)
can_match_parties = _bool(check_match_parties)
can_dismiss = _bool(check_dismiss)
can_confirm_dismissal = _bool(check_confirm_dismissal)
can_reopen_dismissal = _bool(check_reopen_dismissal)
can_see_policy = _bool(check_see_policy)
can_edit_policy = _bool(check_edit_policy)
can_read_audit = _bool(check_read_audit)
can_administer = _bool(check_administer)
