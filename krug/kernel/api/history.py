"""The history of one record for programs: each change of each known field, as the API writes values."""

from __future__ import annotations

from typing import Any

from krug.kernel.entity import Entity
from krug.kernel.journal.changes import changes_in
from krug.kernel.journal.differences import columns_of, value_from_json

MOST = 200
KINDS = {"I": "created", "U": "changed", "D": "deleted"}


def changes_of(entity: Entity, record: Any) -> list[dict[str, Any]]:
    """The newest changes of the record's row; fields that no surface knows are left out."""
    known = columns_of(entity)
    return [
        {
            "at": row["at"].isoformat().replace("+00:00", "Z"),
            "actor": row["actor_id"],
            "act": str(row["act"] or ""),
            "kind": KINDS[row["kind"]],
            "changes": [
                {
                    "field": known[column].name,
                    "old": known[column].json(value_from_json(known[column], old)),
                    "new": known[column].json(value_from_json(known[column], (row["new"] or {}).get(column))),
                }
                for column, old in (row["old"] or {}).items()
                if column in known
            ],
        }
        for row in changes_in(record, MOST)
    ]
