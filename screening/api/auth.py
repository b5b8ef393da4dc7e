"""Who calls: an organisation's token, and for control lists a web session. Without permission a view answers nobody."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from screening import tokens
from screening.models import ApiToken

if TYPE_CHECKING:  # rest_framework.views imports this module through the settings
    from rest_framework.views import APIView

LAST_USED_STEP = timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>`. The actor is the token, at `request.auth`; there is no user."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        digest = tokens.digest(secret.decode("latin-1").strip())
        token = ApiToken.objects.select_related("organisation").filter(digest=digest).first()
        now = timezone.now()
        if token is None or not token.is_active:
            raise AuthenticationFailed("This token is not known or was withdrawn.")
        if token.expires_at <= now:
            raise AuthenticationFailed(
                f"This token expired on {timezone.localdate(token.expires_at)}; ask for another."
            )
        if token.last_used_at is None or token.last_used_at < now - LAST_USED_STEP:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        bind_contextvars(token=token.prefix)
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Sargs"'


class Nobody(BasePermission):
    """The default of every endpoint: a view that forgets to say who may call it answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class TokenHolder(BasePermission):
    """A known token. What it may do, the verbs ask `screening.permissions`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.auth, ApiToken)


class Reader(BasePermission):
    """A known token, or a person who is signed in; for what everybody may read who says who they are."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.auth, ApiToken) or bool(request.user and request.user.is_authenticated)


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "screening.api.auth.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of your organisation."}
