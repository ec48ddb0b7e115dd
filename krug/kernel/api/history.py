"""The history of one record for programs: each change of each known field, raw."""

from __future__ import annotations

from typing import Any

from krug.kernel.entity import Entity
from krug.kernel.journal.models import RowChange

MOST = 200
KINDS = {"I": "created", "U": "changed", "D": "deleted"}


def changes_of(entity: Entity, record: Any) -> list[dict[str, Any]]:
    """The newest changes of the record's row; fields that no surface knows are left out."""
    known = {_column(entity, name): name for name in entity.fields}
    rows = RowChange.objects.filter(table_name=entity.model._meta.db_table, row_id=record.pk).order_by("-at", "-id")[
        :MOST
    ]
    return [
        {
            "at": row.at.isoformat().replace("+00:00", "Z"),
            "actor": row.actor_id,
            "act": str(row.act or ""),
            "kind": KINDS[row.kind],
            "changes": [
                {"field": known[column], "old": old, "new": (row.new or {}).get(column)}
                for column, old in (row.old or {}).items()
                if column in known
            ],
        }
        for row in rows
    ]


def _column(entity: Entity, name: str) -> str:
    found = next((column for column in entity.model._meta.concrete_fields if column.name == name), None)
    return str(found.column) if found is not None else name
