"""Every error of the API as an RFC 9457 problem: a type, a sentence, and for a payload each field with its mistake."""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.urls import reverse
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response

from screening.intake import DuplicateReference
from screening.lookup import NoPolicy
from screening.payload import PayloadError

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"


def as_problem(exc: Exception, context: dict[str, Any]) -> Response:
    """REST framework's exception handler."""
    match exc:
        case PayloadError():
            errors = [{"field": error.path, "message": error.message} for error in exc.errors]
            return problem(400, "invalid-payload", _count(len(errors)), errors=errors)
        case DuplicateReference():
            found = str(exc.existing.public_id)
            url = reverse("api:shipment", args=[found])
            return problem(
                409, "duplicate-reference", str(exc), id=found, url=context["request"].build_absolute_uri(url)
            )
        case ValidationError():
            errors = _fields(exc.detail)
            return problem(400, "invalid-query", _count(len(errors)), errors=errors)
        case APIException():
            return _framework(exc)
        case PermissionDenied():
            return problem(403, "not-allowed", str(exc) or "You may not do this.")
        case Http404():
            return problem(404, "not-found", "There is no such shipment, or it is not yours to see.")
        case NoPolicy():
            return problem(503, "no-policy", str(exc))
        case OperationalError():
            log.exception("database_away")
            return problem(503, "database-away", "The database does not answer. Nothing was stored; try again shortly.")
    log.exception("api_error")
    return problem(500, "error", "Something went wrong on our side. Nothing was stored; the error was logged.")


def problem(status: int, kind: str, detail: str, **members: Any) -> Response:
    body = {
        "type": f"urn:sargs:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return Response(_encodable(body), status=status, content_type=MEDIA_TYPE)


def _framework(exc: APIException) -> Response:
    code = getattr(exc.detail, "code", None) or exc.default_code
    response = problem(exc.status_code, str(code).replace("_", "-"), str(exc.detail))
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _fields(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in _fields(value, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list):
        return [row for value in detail for row in _fields(value, path)]
    return [{"field": path, "message": str(detail) if isinstance(detail, ErrorDetail) else repr(detail)}]


def _count(errors: int) -> str:
    return "One field is wrong; see errors." if errors == 1 else f"{errors} fields are wrong; see errors."


def _encodable(value: Any) -> Any:
    """A mistake may quote what was sent, and half a surrogate pair cannot be sent back as it came."""
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
