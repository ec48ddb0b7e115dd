"""Days and moments; a day never shifts by time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.fields.base import Field, FieldFault, Reading
from krug.kernel.fields.number import COMPARISONS

RELATIVE = re.compile(r"^today(?:([+-]\d{1,4})([dwm]))?$")
STEP = {"d": 1, "w": 7, "m": 30}


def read_day(raw: Any, reading: Reading) -> date:
    """A day from ISO, Russian or English writing, or relative to today; 31.02 is refused with a reason."""
    from krug.kernel.dates import parse_date

    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    relative = RELATIVE.match(text)
    if relative:
        count, unit = relative.groups()
        return reading.today + timedelta(days=int(count) * STEP[unit] if count else 0)
    try:
        return parse_date(text, today=reading.today)
    except ValueError as fault:
        raise FieldFault(str(fault), code="NOT_A_DATE") from fault


def read_moment(text: str, reading: Reading) -> datetime:
    """A day and time in plain words, on the reader's clock; a day alone is its midnight, a time alone of today."""
    from krug.kernel.plain_dates import read_plain_date

    zone = ZoneInfo(reading.user.timezone)
    start, now = datetime.combine(reading.today, time.min, tzinfo=zone), timezone.localtime(timezone=zone)
    try:
        found, later = (read_plain_date(text, now=at) for at in (start, start + timedelta(minutes=1)))
        if found and later and found.time != later.time:  # hours and minutes from now
            if now.date() != reading.today:
                raise ValueError(_("Hours and minutes from now are counted today only. Write the day and the time."))
            found = read_plain_date(text, now=now)
    except ValueError as fault:
        raise FieldFault(str(fault), code="NOT_A_DATE") from fault
    if found is None or found.text.strip(" ,") or found.time is None:
        return datetime.combine(read_day(text, reading), time.min)
    return datetime.combine(found.date, found.time)


@dataclass(frozen=True, kw_only=True)
class DateField(Field):
    """A day without time."""

    kind: ClassVar[str] = "date"
    side: ClassVar[str] = "whole"
    operators: ClassVar[tuple[str, ...]] = COMPARISONS

    def parse(self, raw: Any, reading: Reading) -> Any:
        return read_day(raw, reading)

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.ui import formats

        return "" if value is None else formats.date(value, language)

    def json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()


@dataclass(frozen=True, kw_only=True)
class DateTimeField(Field):
    """A moment, stored in UTC and shown in the user's zone."""

    kind: ClassVar[str] = "datetime"
    side: ClassVar[str] = "whole"
    operators: ClassVar[tuple[str, ...]] = ("lt", "lte", "gt", "gte", "eq", "empty", "not_empty")

    def parse(self, raw: Any, reading: Reading) -> Any:
        value = raw
        if not isinstance(raw, datetime):
            try:
                value = datetime.fromisoformat(str(raw).strip().replace("Z", "+00:00"))
            except ValueError:
                value = read_moment(str(raw).strip(), reading)
        if timezone.is_naive(value):
            value = value.replace(tzinfo=ZoneInfo(reading.user.timezone))
        if not 1900 <= value.year <= 2999:
            raise FieldFault(_("Enter a year from 1900 to 2999."), code="OUT_OF_RANGE")
        return value

    def compare(self, operator: str, value: Any) -> Q:
        if operator == "eq":
            return Q(**{f"{self.at}__gte": value, f"{self.at}__lt": value + timedelta(days=1)})
        if operator in ("lte", "gt") and value.time() == datetime.min.time():
            return super().compare("lt" if operator == "lte" else "gte", value + timedelta(days=1))
        return super().compare(operator, value)

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.ui import formats

        return "" if value is None else formats.moment(timezone.localtime(value), language)

    def raw(self, value: Any) -> str:
        return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")

    def json(self, value: Any) -> Any:
        return None if value is None else value.isoformat().replace("+00:00", "Z")
