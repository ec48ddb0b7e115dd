"""Values from a short fixed list, and yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from krug.kernel.fields.base import Cell, Field, FieldFault, Reading

YES = {"1", "true", "yes", "on", "да", "y", "д", "+"}
NO = {"0", "false", "no", "off", "нет", "n", "н", "-"}


@dataclass(frozen=True, kw_only=True)
class ChoiceField(Field):
    """One of the listed values; what people see is its label in their language."""

    kind: ClassVar[str] = "choice"
    choices: tuple[tuple[Any, Any], ...] = ()

    @property
    def empty(self) -> Any:
        return "" if self.options.get("text", True) else None

    def parse(self, raw: Any, reading: Reading) -> Any:
        text = str(raw).strip()
        for value, label in self.choices:
            if text == str(value) or text.casefold() == str(label).casefold():
                return value
        raise FieldFault(
            _("“%(value)s” is not on the list. Choose one of: %(choices)s.")
            % {"value": text[:60], "choices": ", ".join(str(label) for _value, label in self.choices[:12])},
            code="NOT_A_CHOICE",
        )

    def empty_condition(self, is_empty: bool) -> Q:
        found = Q(**{f"{self.at}__isnull": True})
        found = found | Q(**{self.at: ""}) if self.empty == "" else found
        return found if is_empty else ~found

    def show(self, value: Any, language: str) -> str:
        return str(next((label for known, label in self.choices if known == value), "" if value is None else value))


@dataclass(frozen=True, kw_only=True)
class YesNoField(Field):
    """Yes or no."""

    kind: ClassVar[str] = "yes_no"
    side: ClassVar[str] = "flag"
    operators: ClassVar[tuple[str, ...]] = ("eq", "ne")

    @property
    def empty(self) -> Any:
        return False

    def parse(self, raw: Any, reading: Reading) -> Any:
        if isinstance(raw, bool):
            return raw
        text = str(raw).strip().casefold()
        if text in YES or text in NO:
            return text in YES
        raise FieldFault(_("Answer yes or no."), code="NOT_YES_OR_NO")

    def show(self, value: Any, language: str) -> str:
        return "" if value is None else (_("Yes") if value else _("No"))

    def raw(self, value: Any) -> str:
        return "1" if value else ""

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        value = row.get(self.at)
        return Cell(self.show(value, language) if value else "", kind=self.kind, value=value)
