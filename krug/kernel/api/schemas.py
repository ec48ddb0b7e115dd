"""The published shape of each entity type and call, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Verb
from krug.kernel.fields import Field, MoneyField, ReferenceField
from krug.kernel.screens.verb import asked_by

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer"}
NUMBER: Shape = {"type": "integer", "minimum": 1}
TYPES: dict[str, Shape] = {
    "integer": WHOLE,
    "decimal": {"type": "string", "description": _("A decimal number as a string.")},
    "money": {"type": "string", "description": _("An amount as a string; its currency stands beside it.")},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "yes_no": {"type": "boolean"},
    "choices": {"type": "array", "items": {"type": "integer"}},
}
PROBLEM_DETAILS: Shape = {
    "type": "object",
    "properties": {
        "status": WHOLE,
        "code": {
            **TEXT,
            "description": _(
                "The code of what is wrong; INVALID when several fields are, each with a code of its own."
            ),
        },
        "title": TEXT,
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": TEXT, "message": TEXT, "code": TEXT}},
        },
    },
    "required": ["status", "code", "title", "detail"],
}
PROBLEM: Shape = {"$ref": "#/components/schemas/Problem"}
REFUSED = {
    400: _("A parameter or field is not known, or can not be read"),
    401: _("No credentials, or a token that is not valid"),
    403: _("Your rights do not allow this"),
    404: _("There is no such record, or it is not open to you"),
    405: _("This address does not take this method"),
    409: _("Somebody else was first, or the first request with this key still runs"),
    412: _("The record is no longer at the version in If-Match"),
    413: _("Larger than 1 MB"),
    422: _("A rule says no"),
    429: _("Too many requests; Retry-After says when to come again"),
    503: _("Overloaded; Retry-After says when to come again"),
}
LONG = 50
READING = (400, 401, 403, 404, 429, 503)
WRITING = (*READING, 409, 413, 422)
CHANGING = (*WRITING, 412)
AFTER = {"type": ["integer", "string"]}
RETRY: Shape = {"Retry-After": {"description": _("Seconds to wait"), "schema": {"type": "integer", "minimum": 1}}}


def parameter(name: str, shape: Mapping[str, Any], *, place: str = "query", required: bool = False) -> Shape:
    """One parameter; what it means and an example stand beside its shape."""
    schema = {key: value for key, value in shape.items() if key not in ("description", "example")}
    said: Shape = {"name": name, "in": place, "required": required, "schema": schema}
    return said | {key: shape[key] for key in ("description", "example") if key in shape}


ONCE_KEY = parameter(
    "Idempotency-Key",
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 120,
        "pattern": "^[!-~]+$",
        "description": _("The same key with the same request is answered with the first answer for seven days."),
        "example": "4f1c2f9e-order-17",
    },
    place="header",
)
IF_MATCH = parameter(
    "If-Match",
    {
        "type": "string",
        "description": _("The ETag that you read; another version is answered with 412."),
        "example": '"v3"',
    },
    place="header",
)
CAREFUL = (ONCE_KEY, IF_MATCH)
QUERY: dict[str, Shape] = {
    "filter": {
        "type": "string",
        "description": _("A condition tree in JSON, the same as in lists and saved views."),
        "example": '{"all":[{"field":"created_at","operator":"gte","value":"2026-01-01"}]}',
    },
    "q": {"type": "string", "maxLength": 200, "description": _("Words to look for.")},
    "sort": {
        "type": "string",
        "description": _("A field, with a minus before it for the other way."),
        "example": "-id",
    },
    "fields": {"type": "string", "description": _("Only these fields, parted by commas."), "example": "id,created_at"},
    "expand": {
        "type": "string",
        "description": _("References whose whole record is wanted, as far as you may see it."),
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "after": {"type": "string", "description": _("A cursor out of “next”.")},
    "before": {"type": "string", "description": _("A cursor, to read backwards.")},
    "as_of": {"type": "string", "description": _("A moment or day of the past."), "example": "2026-11-21"},
    "own": {"type": "string", "enum": ["1"], "description": _("Do not follow a record to the one it became part of.")},
    "by": {"type": "string", "description": _("The field to group by."), "example": "created_by"},
    "sum": {"type": "string", "description": _("The field to add up.")},
}


def asked(*names: str, required: str = "") -> Shape:
    """The parameters of a call that reads."""
    return {"parameters": [parameter(name, QUERY[name], required=name == required) for name in names]}


def field_schema(field: Field, *, reading: bool) -> Shape:
    """One field: as it is read, or as it is written."""
    said: Shape = dict(TYPES.get(field.kind, TEXT))
    if isinstance(field, ReferenceField) or (reading and field.is_attribute and field.kind in ("reference", "person")):
        named = {
            "type": "object",
            "properties": {"id": WHOLE, "name": {"type": ["string", "null"]}},
            "required": ["id"],
        }
        said = named if reading else {**NUMBER, "description": _("The number of the record.")}
    choices = getattr(field, "choices", ())
    if field.is_attribute and choices:
        said["description"] = "; ".join(f"{value}: {label}" for value, label in choices[:200])
        said["type"] = "array" if field.kind == "choices" else "integer"
    elif choices and not (reading and len(choices) > LONG):
        kind = "integer" if all(isinstance(value, int) for value, _label in choices) else "string"
        said = {
            "type": kind,
            "enum": [value for value, _x in choices] + ([""] if reading or not field.required else []),
        }
    elif not reading and getattr(field, "max_length", None) and said["type"] == "string":
        said["maxLength"] = field.max_length  # type: ignore[attr-defined]  # asked for in the line above
    if getattr(field, "several", False):
        said = {"type": "array", "items": said}
    said["title"] = field.label
    if (reading or not field.required) and isinstance(said.get("type"), str):
        said["type"] = [said["type"], "null"]
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
    return said


def output_schema(entity: Entity) -> Shape:
    """A record as it is read."""
    properties: Shape = {"id": WHOLE, "version": {"type": ["integer", "null"]}}
    for name, field in entity.fields.items():
        if name != "id":
            properties[name] = field_schema(field, reading=True)
        if isinstance(field, MoneyField):
            properties[field.currency_at] = {"type": ["string", "null"], "description": "ISO 4217 alpha-3."}
    return {"type": "object", "title": entity.code, "properties": properties, "required": ["id"]}


def input_schema(entity: Entity, *, whole: bool) -> Shape:
    """A record as it is written; unknown keys are refused."""
    properties = {
        name: field_schema(entity.fields[name], reading=False) for name in entity.editable if name in entity.fields
    }
    said: Shape = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name in properties if entity.fields[name].required and name != entity.owner]
    return {**said, "required": required} if whole and required else said


def verb_schema(entity: Entity, verb: Verb) -> Shape:
    """What a verb asks."""
    fields = asked_by(entity, verb)
    properties = {field.name: field_schema(field, reading=False) for field in fields}
    said: Shape = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [field.name for field in fields if field.required]
    return {**said, "required": required} if required else said


def results(item: Shape, **more: Shape) -> Shape:
    """A list of things under “results”."""
    return {
        "type": "object",
        "properties": {"results": {"type": "array", "items": item}, **more},
        "required": ["results", *more],
    }


def list_schema(entity: Entity) -> Shape:
    """A page of records."""
    return results(output_schema(entity), next={"type": ["string", "null"]})


TOTALS = results(
    {
        "type": "object",
        "properties": {"value": {}, "label": TEXT, "count": WHOLE, "sum": TEXT, "currency": TEXT},
        "required": ["value", "label", "count"],
    }
)
COUNT: Shape = {
    "type": "object",
    "properties": {"count": WHOLE, "exact": {"type": "boolean"}},
    "required": ["count", "exact"],
}
HISTORY = results(
    {
        "type": "object",
        "properties": {
            "at": {"type": "string", "format": "date-time"},
            "actor": {"type": ["integer", "null"]},
            "act": TEXT,
            "kind": {"type": "string", "enum": ["created", "changed", "deleted"]},
            "changes": {
                "type": "array",
                "items": {"type": "object", "properties": {"field": TEXT, "old": {}, "new": {}}, "required": ["field"]},
            },
        },
        "required": ["at", "actor", "act", "kind", "changes"],
    }
)
FOUND = results(
    {
        "type": "object",
        "properties": {"entity": TEXT, "id": WHOLE, "name": TEXT, "note": TEXT, "url": TEXT},
        "required": ["entity", "id", "name"],
    },
    reading={"type": ["string", "null"]},
    text=TEXT,
)


def body(schema: Mapping[str, Any]) -> Shape:
    """The request body of an operation."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": dict(schema)}}}}


def answers(
    schema: Mapping[str, Any], *, status: int = 200, refusals: tuple[int, ...] = READING, tagged: bool = False
) -> Shape:
    """The answers of an operation: the good one, and problem documents."""
    good: Shape = {"description": "OK", "content": {"application/json": {"schema": dict(schema)}}}
    if tagged:
        good["headers"] = {"ETag": {"description": _("The version, for If-Match."), "schema": TEXT}}
    told: Shape = {str(status): good}
    for code in sorted(refusals):
        told[str(code)] = {
            "description": REFUSED[code],
            "content": {"application/problem+json": {"schema": PROBLEM}},
            **({"headers": RETRY} if code in (429, 503) else {}),
        }
    return {"responses": told}
