"""Attributes whose values come from a list or a classifier of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from krug.kernel.attributes.stored import StoredField
from krug.kernel.fields.base import FieldFault, Reading
from krug.kernel.fields.choice import ChoiceField

MOST_CHOSEN = 50


@dataclass(frozen=True, kw_only=True)
class ChoiceAttribute(StoredField, ChoiceField):
    """One of the values that the company listed; those put away stay readable, merged ones lead on."""

    indexed_as: ClassVar[str] = "number"

    named: Mapping[int, Any] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    under: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def empty(self) -> Any:
        return None

    def typed(self, stored: Any) -> Any:
        return int(stored) if isinstance(stored, str) and stored.isdecimal() else stored

    def parse(self, raw: Any, reading: Reading) -> Any:
        text = str(raw.get("id", "") if isinstance(raw, dict) else raw).strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
        if self.merged.get(number, number) in self.named:
            return self.merged.get(number, number)
        return super().parse(text, reading)

    def show(self, value: Any, language: str) -> str:
        return self.called(self.typed(value))

    def called(self, value: Any) -> str:
        """The name of one value."""
        return str(self.named.get(self.merged.get(value, value), ""))

    def with_below(self, value: int) -> list[int]:
        """The value, what stands under it, and what was merged into these."""
        found = [value, *self.under.get(value, ())]
        return [*found, *(old for old, kept in self.merged.items() if kept in found)]

    def compare(self, operator: str, value: Any) -> Q:
        found = self.entries(number__in=self.with_below(value))
        return ~found if operator == "ne" else found

    def one_of(self, values: list[Any]) -> Q:
        return self.entries(number__in=[number for value in values for number in self.with_below(value)])


@dataclass(frozen=True, kw_only=True)
class ChoicesAttribute(ChoiceAttribute):
    """Several values of the list."""

    kind: ClassVar[str] = "choices"

    @property
    def empty(self) -> Any:
        return []

    def typed(self, stored: Any) -> Any:
        return list(stored) if isinstance(stored, (list, tuple)) else [stored] if stored not in (None, "") else []

    def parse(self, raw: Any, reading: Reading) -> Any:
        given = list(raw) if isinstance(raw, (list, tuple)) else _parts(str(raw))
        if len(given) > MOST_CHOSEN:
            raise FieldFault(_("Choose at most %(count)s values.") % {"count": MOST_CHOSEN}, code="TOO_MANY")
        return list(dict.fromkeys(super(ChoicesAttribute, self).parse(one, reading) for one in given))

    def kept(self, value: Any) -> Any:
        return sorted(value or [])

    def show(self, value: Any, language: str) -> str:
        return ", ".join(filter(None, map(self.called, self.typed(value))))

    def raw(self, value: Any) -> str:
        return value if isinstance(value, str) else ",".join(str(one) for one in sorted(self.typed(value)))

    def json(self, value: Any) -> Any:
        return self.typed(value)

    def filter_value(self, value: Any, reading: Reading) -> Any:
        return next(iter(super().filter_value(value, reading)), 0)


def _parts(text: str) -> list[str]:
    """Values that stand in one text, between commas or semicolons."""
    return [part for part in (part.strip() for part in text.replace(";", ",").split(",")) if part]
