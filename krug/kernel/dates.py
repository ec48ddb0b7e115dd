"""Days and zones: aware UTC inside, the user's clock outside, and a day that never shifts by zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from krug.kernel.plain_dates import UnreadableDate, read_day

DEFAULT_ZONE: Final = "Europe/Moscow"


@lru_cache(maxsize=700)
def zone_called(name: str) -> ZoneInfo:
    """The time zone of that name; an unknown one falls back to the zone of the house."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


def local_moment(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the user's clock; a moment without a zone is a bug and is refused."""
    if moment.tzinfo is None:
        raise ValueError("A moment must know its time zone.")
    return moment.astimezone(zone)


def today_in(zone: ZoneInfo, *, now: datetime | None = None) -> date:
    """The day it is now for somebody living in that zone."""
    return local_moment(now or datetime.now(UTC), zone).date()


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a clock in that zone shows this day and time."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def bounds_of_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open UTC period that a day lasts in that zone."""
    return moment_of(day, time.min, zone), moment_of(day + timedelta(days=1), time.min, zone)


def parse_date(text: str, *, today: date) -> date:
    """The day somebody typed into a date field, in any of the ways people write days."""
    day = read_day(text, today=today)
    if day is None:
        raise UnreadableDate(text)
    return day
