"""Shipments in, answers out. The verbs decide; these views parse, call and shape."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening import intake, permissions, queries
from screening.api.auth import TokenHolder
from screening.api.errors import MEDIA_TYPE, problem
from screening.api.schema import SHIPMENT
from screening.api.serializers import (
    AcceptedSerializer,
    ListQuerySerializer,
    ProblemSerializer,
    ShipmentPageSerializer,
    ShipmentSerializer,
    ShipmentSummarySerializer,
)
from screening.models import ApiToken, Shipment

SWAGGER_CSP = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


def problems(*codes: int) -> dict[tuple[int, str], Any]:
    """Problem documents as OpenAPI shows them, for the answers of an endpoint."""
    return {(code, MEDIA_TYPE): OpenApiResponse(ProblemSerializer) for code in codes}


class ShipmentPages(CursorPagination):
    ordering = ("-received_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ShipmentList(APIView):
    permission_classes = (TokenHolder,)

    @extend_schema(
        operation_id="submit_shipment",
        request={"application/json": SHIPMENT},
        responses={202: AcceptedSerializer, **problems(400, 401, 403, 409, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Submit a shipment. It is stored before the answer 202 and screened after it; follow `url`."""
        token = token_of(request)
        shipment = intake.submit(request.data, by=token, organisation=token.organisation)
        accepted = AcceptedSerializer(shipment, context={"request": request}).data
        # A plain str: REST framework's link is a subclass, which wsgiref (the development server) refuses in a header.
        return Response(accepted, status=202, headers={"Location": "".join(accepted["url"])})

    @extend_schema(
        operation_id="list_shipments",
        parameters=[ListQuerySerializer],
        responses={200: ShipmentPageSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Your organisation's shipments, newest first, by page."""
        permissions.check_read_shipments(token_of(request))
        query = ListQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        filters = {name: query.validated_data.get(name, "") for name in ("reference", "outcome", "status")}
        shipments = queries.shipments(token_of(request), **filters)
        pages = ShipmentPages()
        page = pages.paginate_queryset(shipments, request, view=self)
        rows = ShipmentSummarySerializer(page, many=True, context={"request": request}).data
        return pages.get_paginated_response(rows)


class ShipmentDetail(APIView):
    permission_classes = (TokenHolder,)

    @extend_schema(
        operation_id="get_shipment",
        responses={200: ShipmentSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """One shipment: status, outcome, findings, how each line was classified, and the run that can be replayed."""
        permissions.check_read_shipments(token_of(request))
        try:
            shipment = queries.shipment_detail(token_of(request), public_id)
        except Shipment.DoesNotExist as error:
            raise Http404 from error
        return Response(ShipmentSerializer(shipment, context={"request": request}).data)


@extend_schema(exclude=True)
class NoSuchAddress(APIView):
    """Whatever else is asked for under /api/v1/: a problem document instead of a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.headers: dict[str, str] = {}
        given = self.initialize_request(request)
        hint = " Addresses end with a slash." if not request.path.endswith("/") else ""
        answer = problem(404, "not-found", f"There is nothing at {request.path}.{hint}")
        return self.finalize_response(given, answer)


@extend_schema(exclude=True)
class Documentation(SpectacularSwaggerSplitView):
    """Swagger UI from our own disk. It sets styles and data: images from its script, which the site's CSP forbids."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Content-Security-Policy"] = SWAGGER_CSP
        return response


def token_of(request: Request) -> ApiToken:
    """The actor of a request that `TokenHolder` let in."""
    return cast(ApiToken, request.auth)
