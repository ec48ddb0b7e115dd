"""The published shape of types with the fields that the company has added, as they are at this moment."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from krug.kernel.api.schemas import field_schema
from krug.kernel.entity import Entity
from krug.kernel.registry import entities


def with_attributes(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with every attribute in what is read and in what is written."""
    added = {entity.code: entity for entity in entities() if any(map(_is_added, entity.fields.values()))}
    if not added:
        return document
    document = deepcopy(document)
    for path in document.get("paths", {}).values():
        for call in path.values():
            _read(call.get("responses", {}), added)
            verb, _line, code = str(call.get("operationId", "")).partition("_")
            if code in added and verb in ("create", "change"):
                _written(call, added[code], whole=verb == "create")
    return document


def _is_added(field: Any) -> bool:
    return bool(field.is_attribute)


def _read(part: Any, added: dict[str, Entity]) -> None:
    """Every record in an answer gets its attributes, however deep it stands."""
    if isinstance(part, list):
        for inner in part:
            _read(inner, added)
    elif isinstance(part, dict):
        entity = added.get(part["title"]) if isinstance(part.get("title"), str) else None
        if entity is not None and isinstance(part.get("properties"), dict):
            fields = {name: field for name, field in entity.fields.items() if field.is_attribute}
            part["properties"] |= {name: field_schema(field, reading=True) for name, field in fields.items()}
        for inner in part.values():
            _read(inner, added)


def _written(call: dict[str, Any], entity: Entity, *, whole: bool) -> None:
    for body in call.get("requestBody", {}).get("content", {}).values():
        schema = body.get("schema", {})
        fields = {name: entity.fields[name] for name in entity.editable if entity.fields[name].is_attribute}
        schema.setdefault("properties", {}).update(
            {name: field_schema(field, reading=False) for name, field in fields.items()}
        )
        required = [name for name, field in fields.items() if field.required]
        if whole and required:
            schema["required"] = [*schema.get("required", []), *required]
