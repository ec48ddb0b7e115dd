"""What the tests of added fields share: reading as an administrator, filtering, writing one value."""

from __future__ import annotations

from datetime import date
from typing import Any

from krug.kernel import doors
from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.writing import read_values


def reading(user: Any) -> Reading:
    return Reading(user=user, today=date(2026, 11, 21), language="en")


def found(entity: Any, user: Any, name: str, operator: str, value: Any = None) -> list[int]:
    condition = {"field": name, "operator": operator} | ({"value": value} if value is not None else {})
    rows = rows_matching(entity, ListState(tree={"all": [condition]}), reading(user))
    return sorted(rows.values_list("pk", flat=True))


def filled(entity: Any, record: Any, user: Any, **raw: Any) -> Any:
    values = read_values(entity, raw, reading(user), whole=False)
    return doors.change_record(entity, record.pk, values, by=user)
