"""Dates as people say them, read for a field or out of a line, and refused in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Refusal
from krug.kernel.phrases import phrase
from krug.kernel.ui import formats
from krug.language.calendar_words import length_of_month, month_named
from krug.language.plain_dates import NotOnTheCalendar, NotOnTheClock, PlainDate, date_within, day_alone


class UnreadableDate(Refusal, ValueError):
    """What was typed into a date field is no date."""

    def __init__(self, text: str) -> None:
        is_far = any(len(year) > 4 or not 1900 <= int(year) <= 2999 for year in re.findall(r"[0-9]{4,}", text))
        far = _("“%(text)s” is too far away: years from 1900 to 2999 are taken.")
        other = _("“%(text)s” is not a date. Write it like 21.11.2026 or 21 Nov 2026.")
        said = phrase(far if is_far else other, text=text.strip()[:40])
        super().__init__(said, code="DATE_UNREADABLE")


class NoSuchDay(Refusal, ValueError):
    """The day that was written does not exist in that month."""

    def __init__(self, written: str, year: int, month: int) -> None:
        said = phrase(
            _("%(day)s does not exist: %(month)s %(year)s has %(days)s days."),
            day=written,
            month=month_named(month),
            year=str(year),
            days=length_of_month(year, month),
        )
        super().__init__(said, code="NO_SUCH_DATE")


class NoSuchTime(Refusal, ValueError):
    """The time that was written beside a day is on no clock."""

    def __init__(self, written: str) -> None:
        said = phrase(_("There is no such time: %(time)s. Hours go to 23 and minutes to 59."), time=written)
        super().__init__(said, code="NO_SUCH_TIME")


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except NotOnTheCalendar as wrong:
        raise NoSuchDay(wrong.written, wrong.year, wrong.month) from wrong
    except NotOnTheClock as wrong:
        raise NoSuchTime(str(wrong)) from wrong


def read_plain_date(text: str, *, now: datetime) -> PlainDate | None:
    """The first date or time in the line, on the clock of `now`; None when there is none."""
    with _refused():
        return date_within(text, now=now)


def read_day(text: str, *, today: date) -> date | None:
    """The day when the whole text is nothing but a day."""
    with _refused():
        return day_alone(text, today=today)


def describe_plain_date(day: date, at: time | None = None, *, language: str | None = None, today: date) -> str:
    """The date with its weekday, so that a slip is seen before saving: «пт, 25 декабря, 10:00»."""
    shown = formats.weekday_date(day, language, with_year_beside=today.year)
    return f"{shown}, {formats.clock(at)}" if at else shown
