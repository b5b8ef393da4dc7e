"""Where a request goes: health, accounts, REST API, pages."""

from django.urls import include, path

from config import health

handler400 = "screening.views.errors.bad_request"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", include("screening.api.urls")),
    path("", include("screening.urls")),
]
