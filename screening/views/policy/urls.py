"""Pages of the policy workspace, all under /policy/ but the rules of a snapshot."""

from django.urls import URLPattern, path

from screening.views.policy import home, of_snapshot

urlpatterns: list[URLPattern] = [
    path("rules/<slug:snapshot>/", of_snapshot.rules, name="rules"),
    path("policy/", home.home, name="policy"),
]
