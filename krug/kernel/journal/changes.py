"""What the database saw change in one row; written by its triggers, read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from krug.kernel.journal.models import RowChange
from krug.kernel.moment import looking_back

Change = Mapping[str, Any]
LOOKED_THROUGH = 200


def changes_in(
    record: Model, limit: int, before: tuple[datetime, int] | None = None, column: str = "", act: str = ""
) -> Sequence[Change]:
    """The changes of a record's row, or of one column or attribute in it, or by one act, newest first."""
    rows = RowChange.objects.filter(table_name=record._meta.db_table, row_id=record.pk)
    rows = rows.filter(act=act) if act else rows
    if looking := looking_back():
        rows = rows.filter(at__lte=looking.at)
    if column:
        rows = rows.filter(Q(kind="I") | Q(new__has_key=column) | Q(new__custom__has_key=column))
    if before:
        rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], id__lt=before[1]))
    return list(rows.order_by("-at", "-id").values("id", "at", "act", "actor_id", "kind", "old", "new")[:limit])


def last_change_of(record: Model, column: str) -> Change | None:
    """The newest change of one column of a record's row, or of one attribute in it."""
    is_own = any(known.attname == column for known in record._meta.concrete_fields)
    rows = RowChange.objects.filter(table_name=record._meta.db_table, row_id=record.pk, kind="U")
    rows = rows.filter(new__has_key=column if is_own else "custom").order_by("-at", "-id")
    found = rows.values("at", "actor_id", "old", "new")
    if is_own:
        return found.first()
    for change in found[:LOOKED_THROUGH]:
        old, new = ((change[side] or {}).get("custom") or {} for side in ("old", "new"))
        if old.get(column) != new.get(column):
            return {**change, "old": old, "new": new}
    return None
