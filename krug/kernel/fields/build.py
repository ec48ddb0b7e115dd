"""Reads the model of an entity type and gives each column its field kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from krug.kernel import columns
from krug.kernel.errors import BadRequest
from krug.kernel.fields.base import Field
from krug.kernel.fields.choice import ChoiceField, YesNoField
from krug.kernel.fields.codes import (
    CURRENCIES,
    ZONES,
    CodeField,
    all_countries,
    country_name,
    currency_name,
    named_choices,
    zone_name,
)
from krug.kernel.fields.moments import DateField, DateTimeField
from krug.kernel.fields.number import DecimalField, IntegerField, MoneyField
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.fields.text import LongTextField, PersonNameField, TextField

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

SHOWN_BY_ALL = ("id", "created_at", "updated_at", "created_by", "updated_by", "is_archived")


def _common(column: models.Field[Any, Any]) -> dict[str, Any]:
    has_default = column.has_default() and not callable(column.default)
    return {
        "name": column.name,
        "label": column.verbose_name,
        "required": not (
            column.blank or column.null or column.has_default() or isinstance(column, models.BooleanField)
        ),
        "hint": column.help_text,
        "default": column.default if has_default else None,
        "editable": column.editable,
    }


def _number(column: Any, common: dict[str, Any]) -> Field:
    common = _within(column, common)
    if isinstance(column, columns.MoneyField):
        return MoneyField(
            **common, digits=column.max_digits, places=column.decimal_places, currency_at=column.currency_field
        )
    return DecimalField(**common, digits=column.max_digits, places=column.decimal_places)


def _within(column: Any, common: dict[str, Any]) -> dict[str, Any]:
    """The least and the most that the column allows, so that the message can say them."""
    limits = {check.code: check.limit_value for check in column.validators if hasattr(check, "limit_value")}
    ends = {"least": limits.get("min_value"), "most": limits.get("max_value")}
    return common | {name: limit for name, limit in ends.items() if limit is not None}


def _words(column: Any, common: dict[str, Any]) -> Field:
    """A line of text; the columns called `country` and `timezone` hold codes that have names."""
    if column.name == "country":
        return CodeField(**common, choices=named_choices(all_countries(), country_name), named=country_name)
    if column.name == "timezone":
        return CodeField(**common, choices=named_choices(ZONES, zone_name), named=zone_name)
    kind = PersonNameField if column.name == "full_name" and hasattr(column.model, "surname") else TextField
    return kind(**common, max_length=column.max_length or 255)


def _currency(_column: Any, common: dict[str, Any]) -> Field:
    return CodeField(**common, choices=named_choices(CURRENCIES, currency_name), named=currency_name)


KINDS: tuple[tuple[type, Callable[[Any, dict[str, Any]], Field]], ...] = (
    (models.ForeignKey, lambda column, common: ReferenceField(**common, model=column.related_model)),
    (models.BooleanField, lambda column, common: YesNoField(**common)),
    (models.DateTimeField, lambda column, common: DateTimeField(**common)),
    (models.DateField, lambda column, common: DateField(**common)),
    (models.DecimalField, _number),
    (models.IntegerField, lambda column, common: IntegerField(**_within(column, common))),
    (models.TextField, lambda column, common: LongTextField(**common)),
    (columns.CurrencyField, _currency),
    (models.CharField, _words),
)


def field_from(column: models.Field[Any, Any]) -> Field | None:
    """The field for one model column, or nothing for kinds that no surface shows."""
    common = _common(column)
    if column.choices:
        is_text = isinstance(column, models.CharField)
        return ChoiceField(**common, choices=tuple(column.flatchoices), options={"text": is_text})
    for model_kind, make in KINDS:
        if isinstance(column, model_kind):
            return make(column, common)
    return None


def fields_of(entity: Entity) -> dict[str, Field]:
    """All fields of a type: the form's in their order, then what is protected, then what every type has."""
    placed = [name for section in entity.form for name in section.fields]
    extra = {item.name: item for item in entity.extra}
    names = [*placed, *entity.protected, *extra, *SHOWN_BY_ALL]
    found: dict[str, Field] = {}
    for name in names:
        if name in found or name in entity.hidden:
            continue
        if name in extra:
            found[name] = extra[name]
            continue
        try:
            column = entity.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        made = field_from(column)  # type: ignore[arg-type]  # relations back are no columns and give nothing
        if made is not None:
            found[name] = made
    return found


def field_at(entity: Entity, path: str) -> Field:
    """The field behind `stage` or `party__name`; a name that is not on the list does not exist."""
    from dataclasses import replace

    from krug.kernel.fields.related import related_field
    from krug.kernel.registry import entity_of

    name, _rest, rest = path.partition("__")
    field = entity.fields.get(name)
    if field is not None and not rest:
        return field
    if not rest and (related := related_field(entity, name)):
        return related
    if isinstance(field, ReferenceField) and rest and not field.is_attribute:
        target = entity_of(field.model)
        if target is not None:
            inner = field_at(target, rest)
            if not inner.is_column:
                raise BadRequest(
                    _("“%(name)s” is worked out and can not be asked for from here.") % {"name": inner.label},
                    field=path[:80],
                    code="WORKED_OUT",
                )
            moved: dict[str, Any] = {
                "name": path,
                "path": f"{field.at}__{inner.at}",
                "label": f"{field.label}: {inner.label}",
            }
            if isinstance(inner, MoneyField):
                moved["currency_at"] = f"{field.at}__{inner.currency_at}"
            return replace(inner, **moved)
    raise BadRequest(
        _("There is no field “%(name)s” here.") % {"name": path[:80]}, field=path[:80], code="NO_SUCH_FIELD"
    )
