"""A personal value as those see it who have no right to personal data: that it is there, and hardly more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q

from krug.kernel.fields.base import Cell, Field
from krug.kernel.fields.text import LongTextField
from krug.language.masks import COVER, mask


@dataclass(frozen=True, kw_only=True)
class MaskedField(LongTextField):
    """A covered field: like a long text it is neither sorted nor grouped by, and nobody writes or looks for it."""

    operators: ClassVar[tuple[str, ...]] = ("empty", "not_empty")

    is_text: bool
    inner: Field

    def value_of(self, record: Any) -> Any:
        return self.show(self.inner.value_of(record), "")

    def show(self, value: Any, language: str) -> str:
        if value is None or value in ("", []) or value is False:
            return ""
        return mask(str(value)) if self.is_text else COVER

    def json(self, value: Any) -> Any:
        return self.show(value, "") or None

    def covers(self, told: Any) -> bool:
        """Whether what was told of the field was covered then."""
        return told is None or self.json(told) == told

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        text = self.show(row.get(self.at), language)
        return Cell(text, kind="text", value=text)

    def empty_condition(self, is_empty: bool) -> Q:
        return self.inner.empty_condition(is_empty)


def covered(field: Field) -> MaskedField:
    """The same field, covered."""
    return MaskedField(
        name=field.name,
        label=field.label,
        path=field.path,
        editable=False,
        is_text=field.kind in ("text", "long_text"),
        inner=field,
    )
