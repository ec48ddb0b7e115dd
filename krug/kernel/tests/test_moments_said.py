"""A moment that is typed in words: hours from now are counted from now, a time alone is today's."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from krug.access.models import User
from krug.kernel.fields import FieldFault, Reading
from krug.kernel.fields.moments import DateTimeField

ZONE = ZoneInfo("Asia/Vladivostok")
MOMENT = DateTimeField(name="begun", label="")


def read(typed: str, today: date) -> Any:
    return MOMENT.parse(typed, Reading(user=User(timezone=ZONE.key), today=today, language="en"))


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [("in 2 hours", timedelta(hours=2)), ("через 30 минут", timedelta(minutes=30)), ("через час", timedelta(hours=1))],
)
def test_hours_from_now_are_counted_from_now_on_the_clock_of_the_reader(typed, ahead):
    before = timezone.localtime(timezone=ZONE)
    found = read(typed, before.date())
    assert found.utcoffset() == timedelta(hours=10)
    assert before + ahead - timedelta(minutes=1) < found <= timezone.now() + ahead


@pytest.mark.parametrize("typed", ["in 2 hours", "через 30 минут"])
def test_hours_from_now_mean_nothing_on_another_day_and_are_refused(typed):
    other = timezone.localtime(timezone=ZONE).date() - timedelta(days=3)
    with translation.override("en"), pytest.raises(FieldFault) as no:
        read(typed, other)
    said = "Hours and minutes from now are counted today only. Write the day and the time."
    assert (str(no.value.message), no.value.code) == (said, "NOT_A_DATE")


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("10:15", date(2026, 11, 21), time(10, 15)),
        ("завтра 10", date(2026, 11, 22), time(10)),
        ("через 2 дня", date(2026, 11, 23), time.min),
    ],
)
def test_a_time_alone_is_of_the_day_that_is_today_and_days_ahead_are_counted_from_it(typed, day, at):
    assert read(typed, date(2026, 11, 21)) == datetime.combine(day, at, tzinfo=ZONE)
