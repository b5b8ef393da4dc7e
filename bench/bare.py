"""The view that stores its body and does nothing else: what DRF and the database cost by themselves."""

import json

from django.db import connection
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Insert(APIView):
    """Cost of a DRF request that stores its body as it is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def post(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (body) VALUES (%s) RETURNING id", [json.dumps(request.data)])
            (number,) = cursor.fetchone()
        return Response({"id": number}, status=202)


urlpatterns = [path("bare/", Insert.as_view())]
