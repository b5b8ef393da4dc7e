"""Parties against the lists, for other systems. `screening.lookup` answers; here is how it looks from outside."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening import lookup, party_queries
from screening.api.auth import TokenHolder
from screening.api.schema import MATCH
from screening.api.views import problems, token_of

ONE = OpenApiExample(
    "One party",
    request_only=True,
    value={"name": "Zvezdny Ordnanse Works", "country": "RU", "identifiers": {"tax": "7700000001"}},
)
MANY = OpenApiExample(
    "Many parties",
    request_only=True,
    value={
        "queries": [
            {"id": "debtor-1017", "name": "Sarmad Sanaat", "country": "IR"},
            {"id": "debtor-1018", "name": "Ivan Petrov", "type": "person", "date_of_birth": "1968-04-02"},
        ],
        "threshold": 0.8,
        "limit": 5,
    },
)


class OptionsSerializer(serializers.Serializer[Any]):
    """The options as parameters of the address; those of the body count before them."""

    threshold = serializers.FloatField(required=False, min_value=party_queries.LEAST_SCORE, max_value=1)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=party_queries.MAX_HITS)


class PairSerializer(serializers.Serializer[Any]):
    """Which word of the declared name met which of the listed name, and what that adds to the score."""

    declared = serializers.CharField(help_text="Empty for a word that only the listed name has.")
    listed = serializers.CharField(help_text="Empty for a word that only the declared name has.")
    kind = serializers.CharField(help_text="same, typo, sound, missing, extra, ...: see docs/matching.md.")
    points = serializers.FloatField(required=False)


class AlsoSerializer(serializers.Serializer[Any]):
    """What else agrees or contradicts, beside the name."""

    what = serializers.CharField(help_text="country, birth, address, kind, or a kind of identifier.")
    declared = serializers.CharField()
    listed = serializers.CharField()
    agrees = serializers.BooleanField(allow_null=True)
    points = serializers.FloatField(required=False)


class HitSerializer(serializers.Serializer[Any]):
    """A list entry that the party met, and why: the evidence that findings show, too."""

    match = serializers.CharField(help_text="equal, similar, identifier, shared, owned or part_owned.")
    score = serializers.FloatField(help_text="From 0 to 1; no probability.")
    near_certain = serializers.BooleanField(required=False)
    declared = serializers.CharField()
    listed = serializers.CharField(help_text="The listed name or alias that was met.")
    list = serializers.CharField()
    entry = serializers.CharField(help_text="The id of the entry on its list.")
    entry_name = serializers.CharField()
    effect = serializers.CharField(help_text="What a match means: asset_freeze, foreign_listing, ...")
    programme = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(allow_blank=True, help_text="person, organisation, vessel, aircraft or empty.")
    countries = serializers.ListField(child=serializers.CharField())
    births = serializers.ListField(child=serializers.CharField(), required=False)
    note = serializers.CharField(allow_blank=True)
    country_contradicts = serializers.BooleanField()
    pairs = PairSerializer(many=True)
    also = AlsoSerializer(many=True, required=False)
    percent = serializers.FloatField(allow_null=True, help_text="The share that listed parties own.")
    chain = serializers.ListField(child=serializers.CharField(), help_text="Who owns whom.")
    sentence = serializers.CharField(help_text="All of it in one sentence.")


class ResultSerializer(serializers.Serializer[Any]):
    """The answer to one party. With `error` there was nothing to look for, and there are no `hits`: it is not clear."""

    id = serializers.CharField(allow_null=True)
    query = serializers.DictField(help_text="The party as it was understood.")
    hits = HitSerializer(many=True, required=False)
    total = serializers.IntegerField(required=False, help_text="How many there are.")
    truncated = serializers.BooleanField(required=False, help_text="Whether there are more than `limit`.")
    error = serializers.CharField(required=False)


class SearchedSerializer(serializers.Serializer[Any]):
    """A list that was searched. A stale one has not been looked after for longer than it may go without."""

    list = serializers.CharField()
    title = serializers.CharField()
    entries = serializers.IntegerField()
    as_of = serializers.DateField()
    stale = serializers.BooleanField()


class MatchSerializer(serializers.Serializer[Any]):
    snapshot = serializers.CharField()
    engine = serializers.CharField()
    threshold = serializers.FloatField()
    near_certain = serializers.FloatField(help_text="The score from which a hit is called near-certain.")
    lists = SearchedSerializer(many=True)
    results = ResultSerializer(many=True)


class Match(APIView):
    permission_classes = (TokenHolder,)

    @extend_schema(
        operation_id="match_parties",
        parameters=[OptionsSerializer],
        request={"application/json": MATCH},
        responses={200: MatchSerializer, **problems(400, 401, 403, 413, 415, 503)},
        examples=[ONE, MANY],
    )
    def post(self, request: Request) -> Response:
        """Look one party, or up to 500, up in the published lists in force. Nothing is stored, no shipment is made.

        The authority's own lists are not searched here: an answer without hits is not the outcome of a screening.
        """
        return Response(lookup.match(request.data, options=request.query_params.dict(), by=token_of(request)))
