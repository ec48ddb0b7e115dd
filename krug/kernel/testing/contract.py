"""What every registered type must keep, asked by the contract tests of the whole house."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.fields import ChoiceField, Field, LongTextField, ReferenceField, TextField, YesNoField
from krug.kernel.registry import entities, entity_of
from krug.kernel.screens.door import door_of

Make = Callable[..., Any]


def samples() -> dict[str, Make]:
    """One make function per type, gathered from the `testing.py` of every domain."""
    found: dict[str, Make] = {}
    for name in settings.BUILT:
        if name != "kernel" and find_spec(f"krug.{name}.testing"):
            found |= getattr(import_module(f"krug.{name}.testing"), "SAMPLES", {})
    return found


def make(entity: Entity, owner: User) -> Any:
    """A record of that type that the user may see."""
    return samples()[entity.code](**owned_by(samples()[entity.code], owner))


def owned_by(function: Make, owner: User) -> dict[str, User]:
    """How a make function is told whose record it is."""
    taken = inspect.signature(function).parameters
    takes_any = any(item.kind is item.VAR_KEYWORD for item in taken.values())
    named = [name for name in ("owner", "by") if name in taken]
    return dict.fromkeys(named or (["owner"] if takes_any else []), owner)


def codes() -> list[str]:
    """The codes of every type, to run a test once for each."""
    return [entity.code for entity in entities()]


def filter_conditions(entity: Entity, record: Any, owner: User) -> Iterator[dict[str, Any]]:
    """One condition per filter and operator, each with a value that the field can read."""
    for path in entity.filters:
        field = entity.field(path)
        for operator in field.operators:
            condition: dict[str, Any] = {"field": path, "operator": operator}
            if operator not in ("empty", "not_empty"):
                value = usual_value(field, record, owner)
                condition["value"] = [value] if operator in ("in", "not_in", "has_any", "has_all") else value
            yield condition


def usual_value(field: Field, record: Any, owner: User) -> Any:
    """A value of that kind."""
    if isinstance(field, YesNoField):
        return True
    if isinstance(field, ChoiceField):
        return str(field.choices[0][0])
    if isinstance(field, ReferenceField):
        found = field.value_of(record)
        target = entity_of(field.model)
        chosen = found if found is not None or target is None else make(target, owner)
        return owner.pk if field.is_person else chosen.pk
    if isinstance(field, (TextField, LongTextField)):
        return "a"
    return {"date": "2026-11-21", "datetime": "2026-11-21"}.get(field.kind, 1)


def routes() -> Iterator[tuple[str, Any]]:
    """Every address of the house with its view."""
    yield from _walked(get_resolver().url_patterns, "")


def undeclared_routes() -> list[str]:
    """The addresses whose view says nothing of who may come in."""
    return sorted(address for address, view in routes() if not door_of(view))


def _walked(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
    for item in patterns:
        address = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walked(item.url_patterns, address)
        elif isinstance(item, URLPattern):
            yield address, item.callback
