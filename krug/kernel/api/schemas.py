"""The published shape of each entity type, made from its declaration."""

from __future__ import annotations

from typing import Any

from krug.kernel.entity import Entity, Verb
from krug.kernel.fields import Field, MoneyField, ReferenceField
from krug.kernel.screens.verb import asked_by

REFERENCE = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long_text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "description": "A decimal number as a string."},
    "money": {"type": "string", "description": "An amount as a string; its currency stands beside it."},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "yes_no": {"type": "boolean"},
    "choice": {"type": "string"},
    "choices": {"type": "array", "items": {"type": "integer"}},
}
GROUP = {
    "type": "object",
    "properties": {
        "value": {},
        "label": {"type": "string"},
        "count": {"type": "integer"},
        "sum": {"type": "string"},
        "currency": {"type": "string"},
    },
}
TOTALS = {"type": "object", "properties": {"results": {"type": "array", "items": GROUP}}}
COUNT = {"type": "object", "properties": {"count": {"type": "integer"}, "exact": {"type": "boolean"}}}
PROBLEM = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}, "code": {"type": "string"}},
            },
        },
    },
}


def field_schema(field: Field, *, reading: bool) -> dict[str, Any]:
    """One field: as it is read, or as it is written."""
    if isinstance(field, ReferenceField):
        said: dict[str, Any] = (
            dict(REFERENCE) if reading else {"type": "integer", "description": "The number of the record."}
        )
    else:
        said = dict(TYPES.get(field.kind, {"type": "string"}))
    choices = getattr(field, "choices", ())
    if field.is_attribute and choices:
        said["description"] = "; ".join(f"{value}: {label}" for value, label in choices[:200])
        said["type"] = "array" if field.kind == "choices" else "integer"
    elif choices:
        said["enum"] = [value for value, _label in choices] + ([""] if not field.required else [])
        said["type"] = "integer" if all(isinstance(value, int) for value, _label in choices) else "string"
    said["title"] = str(field.label)
    if not field.required and "type" in said and "enum" not in said:
        said["type"] = [said["type"], "null"]
    return said


def output_schema(entity: Entity) -> dict[str, Any]:
    """A record as it is read."""
    properties: dict[str, Any] = {"id": {"type": "integer"}, "version": {"type": "integer"}}
    for name, field in entity.fields.items():
        properties[name] = field_schema(field, reading=True)
        if isinstance(field, MoneyField):
            properties[field.currency_at] = {"type": "string", "description": "ISO 4217 alpha-3."}
    return {"type": "object", "title": entity.code, "properties": properties}


def input_schema(entity: Entity, *, whole: bool) -> dict[str, Any]:
    """A record as it is written; unknown keys are refused."""
    properties = {
        name: field_schema(entity.fields[name], reading=False) for name in entity.editable if name in entity.fields
    }
    said: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name in properties if entity.fields[name].required and name != entity.owner]
    return {**said, "required": required} if whole and required else said


def verb_schema(entity: Entity, verb: Verb) -> dict[str, Any]:
    """What a verb asks."""
    fields = asked_by(entity, verb)
    properties = {field.name: field_schema(field, reading=False) for field in fields}
    said: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [field.name for field in fields if field.required]
    return {**said, "required": required} if required else said


def list_schema(entity: Entity) -> dict[str, Any]:
    """A page of records."""
    return {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": output_schema(entity)},
            "next": {"type": ["string", "null"], "format": "uri"},
        },
    }


def body(schema: dict[str, Any]) -> dict[str, Any]:
    """The request body of an operation."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def answers(schema: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
    """The answers of an operation: the good one, and problem documents."""
    problem = {"content": {"application/problem+json": {"schema": PROBLEM}}}
    words = {
        400: "Bad request",
        401: "No credentials",
        403: "Not allowed",
        404: "Not found",
        409: "Conflict",
        412: "Version differs",
        413: "Too large",
        422: "Refused by a rule",
        429: "Too many requests",
        503: "Overloaded",
    }
    said: dict[str, Any] = {str(status): {"description": "OK", "content": {"application/json": {"schema": schema}}}}
    return {"responses": {**said, **{str(code): {"description": text, **problem} for code, text in words.items()}}}
