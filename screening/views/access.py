"""The two locks of every page: somebody is signed in, and `permissions` lets them in. Public pages carry neither."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from screening.models import User

View = Callable[..., HttpResponseBase]


def page(check: Callable[[User], None]) -> Callable[[View], View]:
    """Let in whom `check` lets in; it raises `NotAllowed` with the sentence for the 403 page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check(actor(request))
            return view(request, *args, **kwargs)

        return never_cache(login_required(guarded))

    return guard


def actor(request: HttpRequest) -> User:
    """The signed-in user. Only for views behind `page`."""
    return cast(User, request.user)
