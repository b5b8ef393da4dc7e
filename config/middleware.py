"""Headers that every answer carries. Drop the CSP part when Django 6 brings its own, which reads the same setting."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def csp(policy: dict[str, list[str]]) -> str:
    """The value of the Content-Security-Policy header.

    >>> csp({"default-src": ["'self'"], "object-src": ["'none'"]})
    "default-src 'self'; object-src 'none'"
    """
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add CSP and Permissions-Policy unless the view has set its own."""
    default = csp(settings.SECURE_CSP)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", default)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware
