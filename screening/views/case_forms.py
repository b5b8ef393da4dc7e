"""The decision panel: which deeds are open to this officer, why the others are not, and the forms for them."""

from collections.abc import Callable, Mapping
from typing import Any

from screening import permissions, queries
from screening.forms.case import CaseForm, ProposalForm, ReasonForm
from screening.models import Case, CaseState, User

CHECKS: dict[str, Callable[..., None]] = {
    "assign": permissions.check_assign,
    "propose": permissions.check_propose,
    "confirm": permissions.check_confirm,
    "send_back": permissions.check_send_back,
    "reopen": permissions.check_reopen,
}
# What the state of a case puts on the screen; a form that holds unsent text is shown whatever the state.
PLACES: dict[str, tuple[str, ...]] = {
    CaseState.OPEN: ("assign", "propose"),
    CaseState.IN_REVIEW: ("assign", "propose"),
    CaseState.PROPOSED: ("confirm", "send_back", "assign"),
    CaseState.DECIDED: ("reopen",),
}
FORMS: dict[str, type[CaseForm]] = {"propose": ProposalForm, "send_back": ReasonForm, "reopen": ReasonForm}


def panel(by: User, case: Case, bound: Mapping[str, CaseForm]) -> dict[str, Any]:
    """Deeds by name, each with `form`, `why` it is closed (empty when open); and the decisions to show."""
    names = dict.fromkeys([*PLACES[case.state], *bound])
    decisions = list(case.decisions.all())
    return {
        "deeds": {name: _deed(name, by, case, bound.get(name)) for name in names},
        "pending": permissions.pending(case),
        "in_force": next((one for one in decisions if one.confirmed_at and not one.superseded_at), None),
        "sent_back": decisions[0] if decisions and decisions[0].sent_back_at else None,
        "officers": _others(by, case),
        "is_officer": by.role in permissions.OFFICERS,
    }


def _deed(name: str, by: User, case: Case, bound: CaseForm | None) -> dict[str, Any]:
    try:
        CHECKS[name](by, case)
        why = ""
    except permissions.NotAllowed as error:
        why = str(error)
    form = bound or FORMS.get(name, CaseForm)(initial={"version": case.version}, auto_id=f"id_{name}_%s")
    return {"form": form, "why": why, "kept": bound is not None, "version": case.version}


def _others(by: User, case: Case) -> list[User]:
    return [one for one in queries.officers() if one != by and permissions.can_assign(by, case, one)]
