"""The body of a submission as OpenAPI shows it; its words come from `screening.payload`, which does the checking."""

from typing import Any

from screening import line_queries, party_queries, payload

Schema = dict[str, Any]


def _text(limit: int) -> Schema:
    return {"type": "string", "maxLength": limit}


def _label(limit: int) -> Schema:
    """Text that people also write as a bare number."""
    return {"type": ["string", "integer"], "maxLength": limit}


def _words(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _list(items: Schema, limit: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": limit}


def _object(properties: dict[str, Schema], *required: str) -> Schema:
    """An object that takes no other fields. A field that is not required may be null, which counts as left out."""
    fields = {name: schema if name in required else _or_null(schema) for name, schema in properties.items()}
    schema: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    return schema | ({"required": list(required)} if required else {})


def _or_null(schema: Schema) -> Schema:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in kinds:
        return schema
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [*kinds, "null"]} | values


COUNTRY: Schema = {"type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2", "example": "LV"}
DAY: Schema = {"type": "string", "format": "date"}
YES_NO: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
AMOUNT: Schema = {"type": "number", "minimum": 0, "maximum": 1e15}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}

OWNER = _object({"name": _text(500), "country": COUNTRY, "percent": PERCENT}, "name")
PARTY = _object(
    {
        "role": _words(payload.ROLES),
        "name": _text(500) | {"minLength": 1},
        "aliases": _list(_text(500), 50),
        "country": COUNTRY,
        "address": _text(1000),
        "type": {"type": "string", "examples": list(payload.PARTY_TYPES)},
        "identifiers": _object({kind: _label(200) for kind in payload.IDENTIFIERS}),
        "registered_on": DAY,
        "in_free_zone": YES_NO,
        "wholly_owned_by_exporter": YES_NO,
        "owners": _list(OWNER, 50),
        "date_of_birth": _label(40),
    },
    "role",
    "name",
)
QUERY = _object(
    {
        "id": _label(100) | {"description": "Your own; it comes back with the answer."},
        **{name: PARTY["properties"][name] for name in party_queries.SOUGHT},
    },
    "name",
)
_OPTIONS: dict[str, Schema] = {
    "threshold": {
        "type": "number",
        "minimum": party_queries.LEAST_SCORE,
        "maximum": 1,
        "description": "The score from which likeness counts; left out, the review threshold of the policy.",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": party_queries.MAX_HITS,
        "description": f"Hits for each party, best first; {party_queries.USUAL_HITS} unless said.",
    },
}
_ONE = _object({**QUERY["properties"], **_OPTIONS}, "name")
_MANY = _object(
    {"queries": _list(QUERY, party_queries.MAX_QUERIES) | {"minItems": 1}, **_OPTIONS},
    "queries",
)
MATCH: Schema = {"oneOf": [_ONE, _MANY]}
LINE = _object(
    {
        "number": WHOLE,
        "description": _text(10_000),
        "control_code": _text(60) | {"description": "As declared, such as 3A001.a.7 or ML10.c; may be absent."},
        "hs_code": {"type": "string", "pattern": "^[0-9]{4,10}$"},
        "cas_number": {"type": "string", "pattern": "^[0-9]{2,7}-[0-9]{2}-[0-9]$"},
        "concentration_percent": PERCENT,
        "quantity": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e15},
        "unit": _words(payload.UNITS),
        "value": AMOUNT,
        "currency": _text(3),
        "intangible": YES_NO,
        "attributes": {
            "type": "object",
            "description": "Technical parameters by name.",
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
    }
)
_ASKED = _object({**LINE["properties"], "description": _text(line_queries.MAX_DESCRIPTION)})
_LINES = _object({"lines": _list(_ASKED, line_queries.MAX_LINES) | {"minItems": 1}}, "lines")
CLASSIFY: Schema = {"oneOf": [_ASKED, _LINES]}
_DECLARATION_FIELDS: dict[str, Schema] = {
    "exporter_informed": _list(_words(payload.CONCERNS), 4),
    "exporter_aware": _list(_words(payload.CONCERNS), 4),
    "general_authorisations": _list(_text(40), 20),
    "first_use_notified_days": WHOLE,
    "licence": _label(100),
    "return_within_days": WHOLE,
    "initial_licence": _label(100),
    "exemption_claimed": _text(300),
}
DECLARATIONS = _object({name: _DECLARATION_FIELDS.get(name, YES_NO) for name in payload.DECLARATIONS})
SHIPMENT = _object(
    {
        "reference": _label(100) | {"description": "Your own, used once. Left out, one is made."},
        "direction": _words(payload.DIRECTIONS),
        "origin": COUNTRY,
        "destination": COUNTRY,
        "final_destination": COUNTRY,
        "transit_countries": _list(COUNTRY, 30),
        "shipment_date": DAY,
        "parties": _list(PARTY, payload.MAX_PARTIES),
        "lines": _list(LINE, payload.MAX_LINES),
        "end_use": _text(5000),
        "declarations": DECLARATIONS,
    },
    "direction",
)
