"""The control lists, and lines classified against them, for other systems. `screening.control_lists` answers."""

from typing import Any, cast

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from policies.engine.screen import ENGINE_VERSION
from screening import control_lists, line_queries, scopes
from screening.api.answers import ClassifiedSerializer, EntryPageSerializer, EntrySerializer
from screening.api.auth import BearerToken, Reader, TokenHolder
from screening.api.errors import problem
from screening.api.schema import CLASSIFY
from screening.api.views import problems, token_of
from screening.permissions import Actor

PAGE = 50
ONE = OpenApiExample(
    "One line",
    request_only=True,
    value={"description": "Dilution refrigerator, 10 mK base temperature", "attributes": {"temperature": "10 mK"}},
)
MANY = OpenApiExample(
    "Many lines",
    request_only=True,
    value={
        "lines": [
            {"number": 1, "description": "Thiodiglycol, 98 %", "cas_number": "111-48-8", "concentration_percent": 98},
            {"number": 2, "description": "Wooden chair", "hs_code": "940169"},
        ]
    },
)


class QuerySerializer(serializers.Serializer[Any]):
    """What is looked for, and the page asked for."""

    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="A code in any spelling, words, or a CAS number."
    )
    list = serializers.CharField(required=False, max_length=60, help_text="Such as goods/annex_i.")
    family = serializers.ChoiceField(required=False, choices=control_lists.FAMILIES)
    page = serializers.IntegerField(required=False, min_value=1, max_value=10_000, help_text=f"{PAGE} entries a page.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As in the list of shipments: what is not known is an error, not more than was asked for."""
        if unknown := set(self.initial_data) - set(self.fields):
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "Unknown parameter."))
        return attrs


class ControlEntries(APIView):
    authentication_classes = (BearerToken, SessionAuthentication)
    permission_classes = (Reader,)

    @extend_schema(
        operation_id="search_control_entries",
        parameters=[QuerySerializer],
        responses={200: EntryPageSerializer, **problems(400, 401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        """Entries of all goods lists in force, best first; without `q` all of them, in the order of their codes."""
        scopes.check_read_control_lists(reader_of(request))
        query = QuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked, shelf = query.validated_data, control_lists.in_force()
        if asked.get("list") and asked["list"] not in {branch.list for branch in shelf.branches}:
            raise serializers.ValidationError({"list": f"There is no goods list {asked['list']!r} in force."})
        lists = (asked["list"],) if asked.get("list") else ()
        found = control_lists.search(asked.get("q", ""), shelf, lists=lists, family=asked.get("family", ""))
        pages = Paginator(found, PAGE)
        number = asked.get("page", 1)
        if number > pages.num_pages:
            raise serializers.ValidationError({"page": f"There are {pages.num_pages} pages."})
        return Response(
            {
                "snapshot": shelf.snapshot.hash,
                "count": len(found),
                "page": number,
                "pages": pages.num_pages,
                "results": [control_lists.result(item, shelf) for item in pages.page(number).object_list],
            }
        )


class ControlEntry(APIView):
    authentication_classes = (BearerToken, SessionAuthentication)
    permission_classes = (Reader,)

    @extend_schema(operation_id="get_control_entry", responses={200: EntrySerializer, **problems(401, 403, 404, 503)})
    def get(self, request: Request, code: str) -> Response:
        """Everything known of a code in any spelling: thresholds, substances, authorisations, rules, principles."""
        scopes.check_read_control_lists(reader_of(request))
        shelf = control_lists.in_force()
        about = control_lists.entry(code, shelf)
        if about is None:
            near = [item["code"] for item in control_lists.suggestions(code, shelf)]
            return problem(404, "not-found", f"No list holds the code {code[:60]!r}.", suggestions=near)
        return Response({"snapshot": shelf.snapshot.hash, **about})


class Classify(APIView):
    permission_classes = (TokenHolder,)

    @extend_schema(
        operation_id="classify_goods",
        request={"application/json": CLASSIFY},
        responses={200: ClassifiedSerializer, **problems(400, 401, 403, 413, 415, 503)},
        examples=[ONE, MANY],
    )
    def post(self, request: Request) -> Response:
        """Classify one line, or up to 500, against the control lists in force. Nothing is stored, no shipment is made.

        A help and no decision. No destination is known, so mixtures are measured by the lower threshold.
        """
        scopes.check_classify_goods(token_of(request))
        lines, shelf = line_queries.clean(request.data), control_lists.in_force()
        answers = control_lists.precheck(lines, shelf)
        return Response({"snapshot": shelf.snapshot.hash, "engine": ENGINE_VERSION, "lines": answers})


def reader_of(request: Request) -> Actor:
    """The token or the person that `Reader` let in."""
    return cast(Actor, request.auth or request.user)
