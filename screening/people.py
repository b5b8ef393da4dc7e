"""Open accounts. Nobody signs up: an administrator, or whoever runs the service, does this."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from screening import audit, permissions
from screening.models import Organisation, Role, User


@transaction.atomic
def open_account(
    username: str, *, role: str, by: User | None, email: str = "", name: str = "", organisation: str = ""
) -> tuple[User, str]:
    """Make a user and give them with a password that is shown this once. `by=None` is the command line.

    An exporter's organisation is made when it is new. Raises `ValidationError` with a sentence per field.
    """
    if by is not None:
        permissions.check_administer(by)
    if bool(organisation) != (role == Role.EXPORTER):
        raise ValidationError({"organisation": _("An exporter belongs to an organisation; nobody else does.")})
    owner = Organisation.objects.get_or_create(name=organisation)[0] if organisation else None
    first, _space, last = name.partition(" ")
    user = User(username=username, email=email, role=role, organisation=owner, first_name=first, last_name=last)
    password = secrets.token_urlsafe(15)
    user.set_password(password)
    user.full_clean()
    user.save()
    details = {"username": username, "role": role, "organisation": organisation}
    audit.record("user.created", by=by, of=user, details=details)
    return user, password


@transaction.atomic
def close_account(user: User, *, by: User | None) -> None:
    """An account is never deleted: what its owner did keeps their name. Closing it again changes nothing."""
    if by is not None:
        permissions.check_administer(by)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        audit.record("user.closed", by=by, of=user, details={"username": user.username})
