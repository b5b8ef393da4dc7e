"""What other systems may ask of the control lists. The pages are public; a token is asked for its scope.

As in `screening.permissions`, whose actors and refusal they share: a check raises a sentence for people.
"""

from django.utils.translation import gettext as _

from screening.models import ApiToken, Scope
from screening.permissions import Actor, NotAllowed


def check_read_control_lists(by: Actor) -> None:
    """Any person who is signed in, and tokens that have the scope."""
    if not by.is_active or (isinstance(by, ApiToken) and Scope.LISTS not in by.scopes):
        raise NotAllowed(_("This token may not read the control lists; ask for one with the scope lists:read."))


def check_classify_goods(by: Actor) -> None:
    """The public pre-check, asked by another system."""
    if not by.is_active or not isinstance(by, ApiToken) or Scope.CLASSIFY not in by.scopes:
        raise NotAllowed(_("This token may not classify goods; ask for one with the scope goods:classify."))
