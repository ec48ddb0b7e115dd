"""The words of the calendar in both languages, and the arithmetic of days and months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from django.utils.functional import lazy
from django.utils.translation import get_language

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
MONTHS_OF_DATE: Final[dict[str, tuple[str, ...]]] = {
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "en": MONTHS["en"],
}
MONTHS_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
WEEKDAYS_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def speech(language: str | None = None) -> str:
    """The language whose words are used: Russian for `ru…`, English for all else; the reader's when none is named."""
    asked = language or get_language() or "en"
    return "ru" if asked[:2] == "ru" else "en"


def _month_named(month: int) -> str:
    return MONTHS[speech()][month - 1]


month_named = lazy(_month_named, str)


def length_of_month(year: int, month: int) -> int:
    """How many days the month has in that year."""
    return monthrange(year, month)[1]


def plus_months(day: date, months: int) -> date:
    """The same day some months later; a day the month does not have becomes its last."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, index + 1, min(day.day, length_of_month(year, index + 1)))


def first_of_month(day: date) -> date:
    """The day the month began."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=length_of_month(day.year, day.month))


def first_of_quarter(day: date) -> date:
    """The day the quarter began."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def monday_of(day: date) -> date:
    """The Monday of that week: our weeks begin on Monday."""
    return day - timedelta(days=day.weekday())
