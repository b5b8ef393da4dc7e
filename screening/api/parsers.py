"""Read a JSON body and say exactly what is wrong with it: too large, not UTF-8, not JSON, or ambiguous."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body-too-large"


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no field twice in one object."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.API_MAX_BODY_BYTES
        headers = parser_context["request"].META if parser_context else {}
        declared = str(headers.get("CONTENT_LENGTH") or "0")
        # The declared length first: a body that is refused need not be read.
        body = b"" if declared.isdigit() and int(declared) > limit else stream.read(limit + 1)
        if not body and declared != "0" or len(body) > limit:
            raise BodyTooLarge(f"The body is larger than {limit:,} bytes; split the shipment or shorten its texts.")
        return loads(body)


def loads(body: bytes) -> Any:
    """Parse strictly. Raises `ParseError` with byte, or line and column, of the first mistake."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8: byte {error.start} is {body[error.start]:#04x}.") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"Malformed JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise ParseError("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise ParseError(f"Malformed JSON: {error}.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice[:80]!r} stands twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")
