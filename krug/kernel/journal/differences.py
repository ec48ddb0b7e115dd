"""What changed in a row, in words: the label of the field, the old value, the new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.fields import (
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    MoneyField,
    ReferenceField,
    title_from,
    title_names,
)
from krug.kernel.ui import formats

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One field before and after."""

    name: str
    label: str
    old: str
    new: str


def value_from_json(field: Field, stored: Any) -> Any:
    """The value that the row history keeps as plain data."""
    if stored is None:
        return None
    if isinstance(field, DecimalField):
        return Decimal(str(stored)).quantize(Decimal(1).scaleb(-field.places))
    if isinstance(field, DateTimeField):
        return datetime.fromisoformat(stored)
    if isinstance(field, DateField):
        return date.fromisoformat(stored)
    return stored


class Wording:
    """Says the changes of many rows with few queries: titles of linked records are read once per type."""

    def __init__(self, user: User, language: str) -> None:
        self.user = user
        self.language = language
        self._wanted: dict[Any, set[int]] = {}
        self._fields: dict[Any, ReferenceField] = {}
        self._titles: dict[Any, dict[int, str]] = {}

    def expect(self, entity: Entity, changes: Iterable[Row]) -> None:
        """Note which titles these changes will need."""
        columns = columns_of(entity)
        for change in changes:
            for side in (unfolded(change["old"]), unfolded(change["new"])):
                for column, value in side.items():
                    field = columns.get(column)
                    if isinstance(field, ReferenceField) and isinstance(value, int):
                        self._wanted.setdefault(field.model, set()).add(value)
                        self._fields[field.model] = field

    def differences(self, entity: Entity, change: Row) -> list[Difference]:
        """The fields that people may see and that differ; a row just made or deleted has none."""
        if change["kind"] != "U":
            return []
        columns, old, new = columns_of(entity), unfolded(change["old"]), unfolded(change["new"])
        return [
            Difference(
                field.name, sentence(field.label), self.said(field, old.get(column)), self.said(field, new.get(column))
            )
            for column, field in columns.items()
            if (column in new or column in old) and (not field.is_attribute or old.get(column) != new.get(column))
        ]

    def said(self, field: Field, stored: Any) -> str:
        """A stored value in words."""
        if stored is None or stored == "":
            return field.show(False, self.language) if field.kind == "yes_no" and field.is_attribute else ""
        if isinstance(field, ReferenceField):
            return self.title(field, int(stored))
        if isinstance(field, MoneyField):
            amount = Decimal(str(stored))
            return formats.number(amount, self.language, places=None if amount == amount.to_integral_value() else 2)
        return field.show(value_from_json(field, stored), self.language)

    def title(self, field: ReferenceField, pk: int) -> str:
        """The title of a linked record, if the reader may see it."""
        known = self._titles.get(field.model)
        if known is None:
            names = title_names(field.model)
            rows = field.rows(self.user).filter(pk__in=self._wanted.get(field.model, {pk})).values_list("pk", *names)
            known = {number: title_from(field.model, tuple(rest), self.language) for number, *rest in rows}
            self._titles[field.model] = known
        return known.get(pk, _("(not open to you)"))


def sentence(label: Any) -> str:
    """A label begins with a capital letter; abbreviations stay as they are."""
    text = str(label)
    return text[:1].upper() + text[1:]


def columns_of(entity: Entity) -> dict[str, Field]:
    """The fields that surfaces know, by the names of their columns."""
    skipped = {"id", "created_at", "created_by", "updated_at", "updated_by", "version"}
    fields = entity.fields
    own = {
        column.attname: fields[column.name]
        for column in entity.model._meta.concrete_fields
        if column.name in fields and column.name not in skipped
    }
    return own | {name: field for name, field in fields.items() if field.is_attribute and field.is_column}


def unfolded(side: Row | None) -> Row:
    """The columns of a row with its attributes beside them."""
    row = dict(side or {})
    return {**row, **(row.pop("custom", None) or {})}


def folded(groups: list[list[Difference]]) -> list[Difference]:
    """Several changes in a row as one: from the first old value to the last new one; groups come newest first."""
    found: dict[str, Difference] = {}
    for group in reversed(groups):
        for one in group:
            earlier = found.get(one.name)
            found[one.name] = Difference(one.name, one.label, earlier.old if earlier else one.old, one.new)
    return [one for one in found.values() if one.old != one.new]
