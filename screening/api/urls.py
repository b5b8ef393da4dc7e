"""REST API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from screening.api import control_lists, matching, views

app_name = "api"
urlpatterns = [
    path("shipments/", views.ShipmentList.as_view(), name="shipments"),
    path("shipments/<uuid:public_id>/", views.ShipmentDetail.as_view(), name="shipment"),
    path("match/", matching.Match.as_view(), name="match"),
    path("control-entries/", control_lists.ControlEntries.as_view(), name="control_entries"),
    path("control-entries/<str:code>/", control_lists.ControlEntry.as_view(), name="control_entry"),
    path("classify/", control_lists.Classify.as_view(), name="classify"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("schema/ui/", views.Documentation.as_view(url_name="api:schema"), name="documentation"),
    re_path("", views.NoSuchAddress.as_view()),
]
