"""Issue and withdraw the keys with which other systems speak for an organisation."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from screening import audit, permissions
from screening.models import ApiToken, Organisation, Scope, User


@transaction.atomic
def issue(
    organisation: Organisation, *, name: str, scopes: Sequence[str], expires_at: datetime, by: User | None
) -> tuple[ApiToken, str]:
    """Make a token; its secret is shown this once and not kept. `by=None` is the command line."""
    if by is not None:
        permissions.check_administer(by)
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        raise ValueError(f"Scopes are {', '.join(Scope.values)}; {', '.join(sorted(unknown)) or 'none'} was asked for.")
    if expires_at <= timezone.now():
        raise ValueError("The expiry lies in the past.")
    secret = f"sargs_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        name=name,
        organisation=organisation,
        prefix=secret[6:14],
        digest=digest(secret),
        scopes=sorted(scopes),
        created_by=by,
        expires_at=expires_at,
    )
    details = {"organisation": organisation.name, "name": name, "scopes": token.scopes, "expires_at": expires_at}
    audit.record("token.issued", by=by, of=token, details=details)
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """Withdraw a token at once. Repeating it changes nothing."""
    permissions.check_administer(by)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record("token.revoked", by=by, of=token, details={"prefix": token.prefix})


def digest(secret: str) -> str:
    """SHA-256 (hex): enough for a secret of 256 random bits, which no dictionary holds."""
    return hashlib.sha256(secret.encode()).hexdigest()
