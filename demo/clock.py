"""The clock of the story: verbs read the time, so the clock shows the hour at which each of them happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Europe/Moscow")
SATURDAY = 5


class Clock:
    """Shows the time that the story is telling of, counted in days from today."""

    def __init__(self, today: date | None = None) -> None:
        self.real_now = timezone.now()
        self.today = today or self.real_now.astimezone(ZONE).date()
        self._shown = self.real_now

    def set(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """Show a working hour of the day so many days from today; never an hour that has not come yet."""
        day = self.day(days)
        shown = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        latest = self.real_now if self.today >= self.real_now.astimezone(ZONE).date() else shown
        self._shown = min(shown, latest - timedelta(minutes=10))
        return self._shown

    def day(self, days: int) -> date:
        """The day so many days from today; in the past, a Saturday or Sunday becomes the Friday before."""
        day = self.today + timedelta(days=days)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1)) if days < 0 else day

    def now(self) -> datetime:
        """The time shown; each look takes a moment."""
        self._shown += timedelta(milliseconds=1)
        return self._shown


@contextmanager
def told_time(today: date | None = None) -> Iterator[Clock]:
    """While the story is told in this process, its clock stands in the place of the real one."""
    clock, real = Clock(today), timezone.now
    timezone.now = clock.now  # type: ignore[assignment]  # the story has its own clock
    try:
        yield clock
    finally:
        timezone.now = real
