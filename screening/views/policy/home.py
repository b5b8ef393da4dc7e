"""The overview of the policy workspace: what is in force, what waits, what needs a hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening import permissions
from screening.views.access import page


@require_safe
@page(permissions.check_see_policy)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "policies/home.html", {"area": "policy", "part": "overview"})
