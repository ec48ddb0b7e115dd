"""The load of the phones: calls by the hour of the day, and by weekday, line, inner number or person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count

from krug.access.models import User
from krug.activities.models import Call
from krug.analytics.rules.periods import Period
from krug.kernel.dates import bounds_of_day
from krug.kernel.registry import get_entity
from krug.kernel.sight import is_open

HOURS = range(24)
MOST_ROWS = 60
BY = ("weekday", "line", "extension", "employee")
WHICH = ("all", "missed", "answered", "out")


@dataclass(frozen=True)
class Load:
    """How many calls began in each hour of each row; rows are weekdays, lines, inner numbers or people."""

    by: str
    counts: dict[tuple[Any, int], int]

    @property
    def total(self) -> int:
        """All calls counted."""
        return sum(self.counts.values())

    @property
    def busiest(self) -> tuple[tuple[Any, int], int] | None:
        """The fullest cell; the earliest of equals."""
        return max(self.counts.items(), key=lambda cell: (cell[1], -cell[0][1]), default=None)

    @property
    def rows(self) -> list[Any]:
        """The rows with any calls: weekdays in their order, others by how many there are."""
        sums: Counter[Any] = Counter()
        for (row, _hour), count in self.counts.items():
            sums[row] += count
        if self.by == "weekday":
            return sorted(sums)
        return [row for row, _count in sorted(sums.items(), key=lambda each: (-each[1], str(each[0])))[:MOST_ROWS]]

    def of_row(self, row: Any) -> int:
        """All calls of one row."""
        return sum(count for (one, _hour), count in self.counts.items() if one == row)

    def of_hour(self, hour: int) -> int:
        """All calls of one hour."""
        return sum(count for (_row, one), count in self.counts.items() if one == hour)


def open_rows() -> list[str]:
    """What the rows may be for whoever looks."""
    return [name for name in BY if is_open(get_entity("call"), name)]


def load_of(user: User, period: Period, zone: ZoneInfo, *, by: str, which: str) -> Load:
    """The calls that the user may see and that began in the period, on the user's days and the house's hours."""
    first, after = bounds_of_day(period.first, zone)[0], bounds_of_day(period.after, zone)[0]
    rows = of_kind(get_entity("call").rows_for(user), which)
    rows = rows.filter(started_at__gte=first, started_at__lt=after, is_archived=False)
    counted = rows.order_by().values_list(by, "hour").annotate(how_many=Count("pk"))
    return Load(by, {(row, hour): count for row, hour, count in counted})


def of_kind(rows: Any, which: str) -> Any:
    """All calls, the missed, the answered that came in, or those made by us."""
    if which == "missed":
        return rows.filter(direction=Call.Direction.IN, result__in=Call.UNANSWERED)
    if which == "answered":
        return rows.filter(direction=Call.Direction.IN, result=Call.Result.ANSWERED)
    return rows.filter(direction=Call.Direction.OUT) if which == "out" else rows
