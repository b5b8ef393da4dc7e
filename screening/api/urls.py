"""REST API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from screening.api import matching, views

app_name = "api"
urlpatterns = [
    path("shipments/", views.ShipmentList.as_view(), name="shipments"),
    path("shipments/<uuid:public_id>/", views.ShipmentDetail.as_view(), name="shipment"),
    path("match/", matching.Match.as_view(), name="match"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("schema/ui/", views.Documentation.as_view(url_name="api:schema"), name="documentation"),
    re_path("", views.NoSuchAddress.as_view()),
]
