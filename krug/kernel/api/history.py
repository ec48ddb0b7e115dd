"""The history of one record for programs: each change of each known field, as the API writes values."""

from __future__ import annotations

from typing import Any

from krug.kernel.entity import Entity
from krug.kernel.fields import Field
from krug.kernel.journal.changes import Change, changes_in
from krug.kernel.journal.differences import columns_of, unfolded, value_from_json

MOST = 200
KINDS = {"I": "created", "U": "changed", "D": "deleted"}


def changes_of(entity: Entity, record: Any, act: str = "") -> list[dict[str, Any]]:
    """The newest changes of the record's row, or those by one act; fields that no surface knows are left out, and so
    are changes of nothing else."""
    told = [_told(columns_of(entity), row) for row in changes_in(record, MOST, act=act)]
    return [each for each in told if each["changes"] or each["kind"] != KINDS["U"]]


def _told(known: dict[str, Field], row: Change) -> dict[str, Any]:
    old, new = unfolded(row["old"]), unfolded(row["new"])
    return {
        "at": row["at"].isoformat().replace("+00:00", "Z"),
        "actor": row["actor_id"],
        "act": str(row["act"] or ""),
        "kind": KINDS[row["kind"]],
        "changes": [
            {"field": field.name, "old": _said(field, old.get(column)), "new": _said(field, new.get(column))}
            for column, field in known.items()
            if (column in old or column in new) and (not field.is_attribute or old.get(column) != new.get(column))
        ],
    }


def _said(field: Field, stored: Any) -> Any:
    return field.json(stored if field.is_attribute else value_from_json(field, stored))
