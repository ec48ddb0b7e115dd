"""The plain kinds of attributes: words, numbers, money, days, yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import DateField as DateColumn
from django.db.models import DecimalField as DecimalColumn
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from krug.kernel.attributes.stored import StoredField
from krug.kernel.fields.base import Cell
from krug.kernel.fields.choice import YesNoField
from krug.kernel.fields.moments import DateField
from krug.kernel.fields.number import DecimalField
from krug.kernel.fields.text import TextField

LONGEST_INDEXED = 200


def indexed(text: Any) -> str:
    """Words as the index keeps them."""
    return str(text).lower().replace("ё", "е")[:LONGEST_INDEXED]


@dataclass(frozen=True, kw_only=True)
class TextAttribute(StoredField, TextField):
    """A line of text."""

    is_ordered: ClassVar[bool] = True

    max_length: int = 1000

    def sought(self, value: Any) -> Any:
        return indexed(value)

    def compare(self, operator: str, value: Any) -> Q:
        if operator in ("contains", "starts"):
            lookup = "has_part" if operator == "contains" else "begins"
            return self.entries(**{f"text__{lookup}": indexed(value)})
        return StoredField.compare(self, operator, value)


@dataclass(frozen=True, kw_only=True)
class NumberAttribute(StoredField, DecimalField):
    """A number, kept exactly, with a unit."""

    is_ordered: ClassVar[bool] = True
    indexed_as: ClassVar[str] = "number"

    unit: str = ""

    def typed(self, stored: Any) -> Any:
        return Decimal(stored) if isinstance(stored, str) else stored

    def kept(self, value: Any) -> Any:
        return None if value is None else format(value, "f")

    def sought(self, value: Any) -> Any:
        return value

    def expression(self) -> Any:
        return Cast(KT(self.at), DecimalColumn(max_digits=30, decimal_places=self.places))

    def differs(self, record: Any, value: Any) -> bool:
        return bool(self.value_of(record) != value)

    def show(self, value: Any, language: str) -> str:
        said = super().show(value, language)
        return f"{said}\u00a0{self.unit}" if said and self.unit else said


@dataclass(frozen=True, kw_only=True)
class MoneyAttribute(NumberAttribute):
    """A sum in one currency."""

    kind: ClassVar[str] = "money"

    currency: str = "RUB"

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.ui import formats

        value = self.typed(value)
        return "" if value is None else formats.money(value, self.currency, language)


@dataclass(frozen=True, kw_only=True)
class DateAttribute(StoredField, DateField):
    """A day."""

    is_ordered: ClassVar[bool] = True

    def typed(self, stored: Any) -> Any:
        return date.fromisoformat(stored) if isinstance(stored, str) and stored else stored

    def kept(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def expression(self) -> Any:
        return Cast(KT(self.at), DateColumn())


@dataclass(frozen=True, kw_only=True)
class YesNoAttribute(StoredField, YesNoField):
    """Yes, or nothing."""

    def typed(self, stored: Any) -> Any:
        return stored is True

    def sought(self, value: Any) -> Any:
        return "true"

    def compare(self, operator: str, value: Any) -> Q:
        found = self.entries(text="true")
        return found if bool(value) == (operator == "eq") else ~found

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        return YesNoField.cell(self, {self.at: row.get(self.at) is True}, language)


def keeps_order(field: Any) -> bool:
    """Whether the index of attributes keeps the values of this field in the order in which people read them."""
    return isinstance(field, StoredField) and field.is_ordered and not field.before
