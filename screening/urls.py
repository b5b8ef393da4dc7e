"""Pages of the web interface."""

from django.urls import URLPattern, URLResolver, path

from screening.views import (
    as_of,
    cases,
    classify,
    control_lists,
    dismissals,
    notices,
    precedents,
    public,
    queue,
    search,
    shipments,
    submission,
    what_if,
)
from screening.views.policy import urls as policy

app_name = "screening"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.start, name="start"),
    path("principles/", public.principles, name="principles"),
    path("control-lists/", control_lists.browse, name="control_lists"),
    path("control-lists/<str:code>/", control_lists.entry, name="control_entry"),
    path("classify/", classify.classify, name="classify"),
    path("queue/", queue.queue, name="queue"),
    path("queue/search/", search.search, name="search"),
    path("queue/dismissals/", dismissals.listing, name="dismissals"),
    path("dismissals/<int:pk>/confirm/", dismissals.confirm, name="dismissal_confirm"),
    path("dismissals/<int:pk>/reopen/", dismissals.reopen, name="dismissal_reopen"),
    path("queue/precedents/", precedents.listing, name="precedents"),
    path("precedents/<uuid:public_id>/withdraw/", precedents.withdraw, name="precedent_withdraw"),
    path("cases/<uuid:public_id>/", queue.case, name="case"),
    path("cases/<uuid:public_id>/assign/", cases.assign, name="assign"),
    path("cases/<uuid:public_id>/propose/", cases.propose, name="propose"),
    path("cases/<uuid:public_id>/confirm/", cases.confirm, name="confirm"),
    path("cases/<uuid:public_id>/send-back/", cases.send_back, name="send_back"),
    path("cases/<uuid:public_id>/reopen/", cases.reopen, name="reopen"),
    path("cases/<uuid:public_id>/dismiss/", dismissals.dismiss, name="dismiss"),
    path("cases/<uuid:public_id>/classification/", precedents.classification, name="classification"),
    path("cases/<uuid:public_id>/replay/", as_of.replay, name="replay"),
    path("cases/<uuid:public_id>/as-of/", as_of.as_of, name="as_of"),
    path("cases/<uuid:public_id>/what-if/", what_if.what_if, name="what_if"),
    path("notices/", notices.listing, name="notices"),
    path("notices/read/", notices.read, name="notices_read"),
    path("shipments/", shipments.listing, name="shipments"),
    path("shipments/new/", submission.new, name="submit"),
    path("shipments/<uuid:public_id>/", shipments.status, name="shipment"),
    path("style/", public.style, name="style"),
    *policy.urlpatterns,
]
