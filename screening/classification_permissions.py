"""Who may confirm how goods are classified, and withdraw that. Actors and refusal are those of `screening.permissions`.

As there, `check_x` raises a sentence for people and `can_x` says the same as a boolean.
"""

from django.utils.translation import gettext as _

from screening.models import Case, Precedent, User
from screening.permissions import OFFICERS, Actor, NotAllowed


def check_classify_lines(by: Actor) -> None:
    """Whether somebody classifies goods of cases at all."""
    if not isinstance(by, User) or not by.is_active or by.role not in OFFICERS:
        raise NotAllowed(_("Goods are classified by licensing officers."))


def check_confirm_classification(by: Actor, case: Case) -> None:
    """Any licensing officer, in whatever state the case is: it changes nothing of its result or its decision."""
    check_classify_lines(by)
    if by.organisation_id is not None and by.organisation_id == case.shipment.organisation_id:
        raise NotAllowed(_("This is a shipment of your own organisation; another officer has to classify its goods."))


def check_withdraw_classification(by: Actor, precedent: Precedent) -> None:
    """Any licensing officer: evidence that is missing does no harm, wrong evidence does."""
    check_classify_lines(by)
    if precedent.withdrawn_at is not None:
        raise NotAllowed(_("This classification was withdrawn before; there is nothing to withdraw."))
    if by.organisation_id is not None and by.organisation_id == precedent.organisation_id:
        raise NotAllowed(_("This is a shipment of your own organisation; another officer has to withdraw it."))


def can_confirm_classification(by: Actor, case: Case) -> bool:
    """Whether `check_confirm_classification` lets them."""
    try:
        check_confirm_classification(by, case)
    except NotAllowed:
        return False
    return True


def can_withdraw_classification(by: Actor, precedent: Precedent) -> bool:
    """Whether `check_withdraw_classification` lets them."""
    try:
        check_withdraw_classification(by, precedent)
    except NotAllowed:
        return False
    return True
