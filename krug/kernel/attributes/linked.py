"""Attributes that lead to another record, or to one of our people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model

from krug.kernel.attributes.stored import StoredField
from krug.kernel.fields.base import Cell
from krug.kernel.fields.reference import CONCEALED, ReferenceField

if TYPE_CHECKING:
    from krug.access.models import User

TITLE = "__title"


@dataclass(frozen=True, kw_only=True)
class ReferenceAttribute(StoredField, ReferenceField):
    """A link to one record; its title is read beside the rows, among what the reader may see."""

    indexed_as: ClassVar[str] = "number"

    @property
    def id_at(self) -> str:
        return self.at

    def paths(self) -> tuple[str, ...]:
        return (self.at,)

    def kept(self, value: Any) -> Any:
        return value.pk if isinstance(value, Model) else value

    def show(self, value: Any, language: str) -> str:
        return ReferenceField.show(self, value, language)

    def raw(self, value: Any) -> str:
        return ReferenceField.raw(self, value)

    def json(self, value: Any) -> Any:
        return ReferenceField.json(self, value)

    def look_up(self, rows: Iterable[dict[str, Any]], user: User) -> None:
        from datetime import date

        from krug.kernel.fields.base import Reading
        from krug.kernel.listing.labels import label_references
        from krug.language.calendar_words import speech

        found = list(rows)
        titles = label_references(self, (row.get(self.at) for row in found), Reading(user, date.min, speech()))
        for row in found:
            pk = row.get(self.at)
            row[f"{self.at}{TITLE}"] = titles.get(pk or 0, "")
            row[f"{self.at}{CONCEALED}"] = pk is not None and pk not in titles

    def title_in(self, row: dict[str, Any], language: str) -> str:
        return str(row.get(f"{self.at}{TITLE}") or "")

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        return ReferenceField.cell(self, row, language)
