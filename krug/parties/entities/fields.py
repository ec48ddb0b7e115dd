"""The fields of parties that no ready-made kind can say: several roles at once, a year, a phone or address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q

from krug.kernel.fields import ChoiceField, IntegerField, TextField
from krug.parties.rules.phones import normalise_phone, show_phone


@dataclass(frozen=True, kw_only=True)
class RolesField(ChoiceField):
    """What the party is to us: a list of roles, filtered by any of them."""

    operators: ClassVar[tuple[str, ...]] = ("eq", "ne", "in", "not_in", "empty", "not_empty")
    several: ClassVar[bool] = True

    def show(self, value: Any, language: str) -> str:
        if isinstance(value, str) or not isinstance(value, Iterable):
            return super().show(value, language)
        return ", ".join(super(RolesField, self).show(one, language) for one in value)

    def raw(self, value: Any) -> str:
        return "" if value is None else value if isinstance(value, str) else ", ".join(value)

    def condition(self, operator: str, value: Any, reading: Any) -> Q:
        if operator in ("in", "not_in") and isinstance(value, list):
            found = Q(roles__overlap=[self.filter_value(one, reading) for one in value[:20]])
            return ~found if operator == "not_in" else found
        return super().condition(operator, value, reading)

    def compare(self, operator: str, value: Any) -> Q:
        found = Q(**{f"{self.at}__contains": [value]})
        return ~found if operator == "ne" else found

    def empty_condition(self, is_empty: bool) -> Q:
        found = Q(**{f"{self.at}__len": 0}) | Q(**{f"{self.at}__isnull": True})
        return found if is_empty else ~found


@dataclass(frozen=True, kw_only=True)
class YearField(IntegerField):
    """A year, which is written without spaces between its digits."""

    least: int = 1000
    most: int = 2100

    def show(self, value: Any, language: str) -> str:
        return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class ReachField(TextField):
    """A phone, mailbox or page: what is a phone is shown by the custom of its country, however it was typed."""

    def show(self, value: Any, language: str) -> str:
        found = normalise_phone(str(value or ""))
        return show_phone(found.e164, found.extension, language) if found.valid else str(value or "")
