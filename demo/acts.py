"""The mark of the story: every act in which it wrote something has a number that begins alike."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from django.db import connection

from krug.access.models import User
from krug.kernel.journal.models import RowChange

FIRST, LAST = UUID("de300000-0000-4000-8000-000000000000"), UUID("de300000-0000-4000-8000-ffffffffffff")
_numbers = count(1)


def begin_told_act(by: User) -> None:
    """What changes from here on belongs together, is this user's doing and a part of the story."""
    act = UUID(int=FIRST.int + next(_numbers))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('krug.act', %s, true), set_config('krug.actor', %s, true)", [str(act), str(by.pk)]
        )


def is_told() -> bool:
    """Whether the story was told here and not taken back."""
    return RowChange.objects.filter(act__range=(FIRST, LAST)).exists()


def told_rows() -> dict[str, set[int]]:
    """The rows that the story made, by table, as the database itself wrote them down."""
    rows: dict[str, set[int]] = {}
    for table, number in RowChange.objects.filter(act__range=(FIRST, LAST), kind="I").values_list(
        "table_name", "row_id"
    ):
        rows.setdefault(table, set()).add(number)
    return rows
