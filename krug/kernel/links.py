"""A link to any record by entity code and number; used only by kernel tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model


@dataclass(frozen=True)
class RecordLink:
    """Names one record of any entity type, for example `deal` 17."""

    entity: str
    id: int

    def __str__(self) -> str:
        return f"{self.entity}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> RecordLink:
        """Read a link from its written form."""
        entity, _, number = text.partition(":")
        return cls(entity, int(number))


def link_to(record: Model) -> RecordLink:
    """The link to a record of a registered type; a type that is not registered goes by its table's name."""
    from krug.kernel.registry import entity_of

    entity = entity_of(type(record))
    return RecordLink(entity.code if entity else record._meta.db_table, record.pk)
