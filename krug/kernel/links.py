"""A link to any record by entity code and number; used only by kernel tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

LARGEST_NUMBER = 2**63 - 1


def record_number(written: Any) -> int | None:
    """The number of a record as somebody wrote it; nothing when no record can have that number."""
    text = str(written).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if 0 < number <= LARGEST_NUMBER else None


@dataclass(frozen=True)
class RecordLink:
    """Names one record of any entity type, for example `deal` 17."""

    entity: str
    id: int

    def __str__(self) -> str:
        return f"{self.entity}:{self.id}"

    @classmethod
    def read(cls, text: str) -> RecordLink | None:
        """The link behind its written form, for example `deal:17`; nothing when it names no record."""
        entity, _colon, written = text.partition(":")
        number = record_number(written)
        return cls(entity, number) if entity and number else None


def tie(row: Any, about: Model | None) -> None:
    """Say which record a row is about, when it is about any."""
    if about is not None:
        link = link_to(about)
        row.about_entity, row.about_id = link.entity, link.id


def link_to(record: Model) -> RecordLink:
    """The link to a record."""
    return link_of(record._meta.model, record.pk)


def link_of(model: type[Model], number: int) -> RecordLink:
    """The link to the record of that number; a type that is not registered goes by its table's name."""
    from krug.kernel.registry import entity_of

    entity = entity_of(model)
    return RecordLink(entity.code if entity else model._meta.db_table, number)
