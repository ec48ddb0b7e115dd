"""Verification of the declarations: a field cannot be forgotten, a name cannot be misspelt."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist

from krug.kernel.attributes.catalogue import declared_only
from krug.kernel.entity import Board, Entity
from krug.kernel.errors import BadRequest
from krug.kernel.registry import entities


@register("krug")
def check_entities(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every declaration names real fields, and places, protects or hides every editable one."""
    found: list[CheckMessage] = []
    with declared_only():
        for entity in entities():
            found += [*_placed(entity), *_known(entity), *_verbs(entity)]
    return found


def _placed(entity: Entity) -> list[CheckMessage]:
    placed = {name for section in entity.form for name in section.fields} | set(entity.protected) | set(entity.hidden)
    columns = [field for field in entity.model._meta.get_fields() if getattr(field, "concrete", False)]
    return [
        Error(
            f"The field {entity.code}.{column.name} is neither placed in a section, nor protected, nor hidden.",
            hint="Name it in one of `form`, `protected` or `hidden` of the declaration.",
            obj=entity.model,
            id="krug.E002",
        )
        for column in columns
        if getattr(column, "editable", False)
        and not column.auto_created
        and column.name not in placed
        and column.name != "is_archived"
    ]


def _known(entity: Entity) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    extra = {item.name for item in entity.extra}
    placed = [name for section in entity.form for name in section.fields]
    for name in [*placed, *entity.protected, *entity.hidden, *entity.stands_with]:
        try:
            if name not in extra:
                entity.model._meta.get_field(name)
        except FieldDoesNotExist:
            found.append(Error(f"{entity.code} has no field {name}.", obj=entity.model, id="krug.E003"))
    boards = [path for view in entity.views if isinstance(view, Board) for path in (view.by, view.total) if path]
    for path in [*entity.columns, *entity.filters, *entity.sorts, entity.order.lstrip("-"), *entity.quick, *boards]:
        try:
            entity.field(path)
        except BadRequest:
            found.append(
                Error(f"{entity.code} names {path}, which no surface knows.", obj=entity.model, id="krug.E004")
            )
    return found


def _verbs(entity: Entity) -> list[CheckMessage]:
    names = [verb.name for verb in entity.verbs]
    found: list[CheckMessage] = [
        Error(f"{entity.code} has two verbs {name}.", obj=entity.model, id="krug.E005")
        for name in set(names)
        if names.count(name) > 1
    ]
    for verb in entity.verbs:
        if verb.when and not hasattr(entity.model, verb.when):
            found.append(
                Error(
                    f"{entity.code}.{verb.name} waits for {verb.when}, which {entity.model.__name__} lacks.",
                    id="krug.E006",
                )
            )
    return found
