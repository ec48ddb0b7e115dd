"""Boards of every type: by any field whose values make a short list, with a column for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from krug.kernel.attributes.listed import ChoiceAttribute
from krug.kernel.entity import Board
from krug.kernel.fields import ChoiceField, Field, ReferenceField, YesNoField
from krug.kernel.fields.codes import CodeField
from krug.kernel.listing.labels import label_references
from krug.kernel.listing.state import column_at
from krug.kernel.registry import entity_of
from krug.kernel.visibility import everyone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

MOST_COLUMNS = 30
PUT_AWAY = "is_archived"


def board_of(entity: Entity, by: str = "") -> Board | None:
    """The board by that field, or the one that the type begins with; nothing where no field makes a short list."""
    declared = next((view for view in entity.views if isinstance(view, Board)), None)
    if declared and by in ("", declared.by):
        return declared
    names = columns_by(entity)
    if by in names:
        return _by(by, declared)
    return declared or (Board(by=names[0]) if names else None)


def _by(name: str, declared: Board | None) -> Board:
    """The board by another field: its heads add up and its cards show what those of the declared one do."""
    if declared is None:
        return Board(by=name)
    return Board(by=name, total=declared.total, card=tuple(path for path in declared.card if path != name))


def first_board(entity: Entity, usual: Board, reading: Reading) -> Board:
    """What the board begins with where the type declares none: the first field that makes two columns or more."""
    if usual in entity.views:
        return usual
    many = (name for name in columns_by(entity) if len(_listed(entity.fields[name], reading)) > 1)
    return Board(by=next(many, usual.by))


def columns_by(entity: Entity) -> list[str]:
    """The fields that may make the columns: those of the filters first, yes and no last."""
    fields: Mapping[str, Field] = entity.fields
    names = [name for name in dict.fromkeys((*entity.filters, *fields)) if name in fields]
    found = [name for name in names if makes_columns(entity, fields[name])]
    return sorted(found, key=lambda name: isinstance(fields[name], YesNoField))


def makes_columns(entity: Entity, field: Field) -> bool:
    """Whether the field holds one value of a short list: a choice, an entry of an open list, yes or no."""
    if field.kind == "choices" or field.name == PUT_AWAY or not field.operators or isinstance(field, CodeField):
        return False
    if not field.is_attribute and column_at(entity.model, field.at) is None:
        return False
    if isinstance(field, ReferenceField):
        target = entity_of(field.model)
        return bool(target and target.visible is everyone and not field.is_person and target is not entity)
    return isinstance(field, (ChoiceField, YesNoField)) and field.is_column and not _is_array(entity, field)


def values_of(field: Field, reading: Reading) -> list[Any]:
    """Every value that a card may be given, in the order of its list; nothing where there are too many of them."""
    found = _listed(field, reading)
    return found if len(found) <= MOST_COLUMNS else []


def _listed(field: Field, reading: Reading) -> list[Any]:
    if isinstance(field, YesNoField):
        return [True, False]
    if isinstance(field, ChoiceField):
        under = field.under.values() if isinstance(field, ChoiceAttribute) else ()
        deeper = {value for values in under for value in values}
        return [value for value, _label in field.choices if value not in ("", None) and value not in deeper]
    if not isinstance(field, ReferenceField):
        return []
    rows, names = field.rows(reading.user), {column.name for column in field.model._meta.concrete_fields}
    if PUT_AWAY in names:
        rows = rows.filter(**{PUT_AWAY: False})
    order = [name for name in ("position", "id") if name in names]
    return list(rows.order_by(*order).values_list("pk", flat=True)[: MOST_COLUMNS + 1])


def may_be_empty(entity: Entity, field: Field) -> bool:
    """Whether a record may be without a value of the field."""
    column = None if field.is_attribute else column_at(entity.model, field.at)
    return not field.required and (column is None or column.null or (column.blank and not column.has_default()))


def labels_of(field: Field, values: list[Any], reading: Reading) -> dict[Any, str]:
    """What the values are called."""
    if isinstance(field, ReferenceField):
        return dict(label_references(field, values, reading))
    return {value: field.show(value, reading.language) or str(value) for value in values}


def raw_of(field: Field, value: Any) -> str:
    """A value as a column of the page bears it."""
    if isinstance(field, YesNoField):
        return "1" if value else "0"
    number = getattr(value, "pk", value)
    return "" if number is None else str(number)


def _is_array(entity: Entity, field: Field) -> bool:
    from django.contrib.postgres.fields import ArrayField

    return not field.is_attribute and isinstance(column_at(entity.model, field.at), ArrayField)
