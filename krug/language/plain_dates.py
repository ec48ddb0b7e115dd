"""Dates as people say them: «завтра 10», «пт 15:30», «через 2 недели», "in 3 days", found inside a longer line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from re import Match

from krug.language.calendar_words import first_of_month, last_of_month, length_of_month, monday_of, plus_months
from krug.language.spoken_dates import (
    COUNTS,
    DAYS_AWAY,
    MONTH_NUMBER,
    PATTERNS,
    SEPARATORS,
    SPACE,
    TIME_AFTER,
    TIME_ALONE,
    TIME_BEFORE,
    UNITS,
    WEEKDAY_NUMBER,
)


@dataclass(frozen=True)
class PlainDate:
    """A day, perhaps with a time, read from a line; `text` is the line without it and `span` the place it took."""

    date: date
    time: time | None
    text: str
    span: tuple[int, int]


class NotOnTheCalendar(ValueError):
    """The day that was written does not exist in its month."""

    def __init__(self, written: str, year: int, month: int) -> None:
        super().__init__(written)
        self.written, self.year, self.month = written, year, month


class NotOnTheClock(ValueError):
    """The time that was written beside a day is on no clock."""


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    day: date
    time: time | None = None
    may_be_today: bool = False


def date_within(text: str, *, now: datetime) -> PlainDate | None:
    """The first date or time in the line, on the clock of `now`; None when there is none."""
    if now.tzinfo is None:
        raise ValueError("The clock of the user must know its zone.")
    found = _find_day(text, now)
    found = _with_time(text, found, now) if found else _time_alone(text, now)
    if found is None:
        return None
    return PlainDate(found.day, found.time, _without(text, found.start, found.end), (found.start, found.end))


def day_alone(text: str, *, today: date) -> date | None:
    """The day when the whole text is nothing but a day."""
    bare = text.strip()
    noon = datetime.combine(today, time(12))
    found = _find_day(bare, noon)
    return found.day if found and found.time is None and (found.start, found.end) == (0, len(bare)) else None


def _find_day(text: str, now: datetime) -> _Found | None:
    best: _Found | None = None
    for name, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if best is not None and match.start() > best.start:
                break
            found = _READERS[name](match, now)
            if found and (best is None or (found.start, -found.end) < (best.start, -best.end)):
                best = found
    return best


def _dated(match: Match[str], now: datetime) -> _Found | None:
    parts = match.groupdict()
    number = parts.get("month_number")
    month = int(number) if number else MONTH_NUMBER[parts["month"].lower()[:3]]
    day, year = int(parts["day"]), int(parts["year"]) if parts.get("year") else None
    if not 1 <= month <= 12 or day < 1 or (day > 31 and number):
        return None
    if year is None:
        year = now.year + ((month, day) < (now.month, now.day))
    elif len(parts["year"]) == 2:
        year += 2000
    if not 1900 <= year <= 2999:
        return None
    if day > length_of_month(year, month):
        raise NotOnTheCalendar(_as_written(match), year, month)
    return _Found(match.start(), match.end(), date(year, month, day))


def _as_written(match: Match[str]) -> str:
    return match.group("written").strip(" .,")


def _named(match: Match[str], now: datetime) -> _Found:
    word = " ".join(match["word"].lower().split())
    return _Found(match.start(), match.end(), now.date() + timedelta(days=DAYS_AWAY[word]))


def _ahead(match: Match[str], now: datetime) -> _Found | None:
    parts = match.groupdict()
    said = (parts.get("count") or "1").lower()
    count = int(said) if said.isdigit() else COUNTS[said]
    unit, size = UNITS[parts["unit"].lower().rstrip(".")]
    amount = count * size
    if amount > 60_000:
        return None
    if unit == "minutes":
        then = now + timedelta(minutes=amount)
        return _Found(match.start(), match.end(), then.date(), time(then.hour, then.minute))
    day = plus_months(now.date(), amount) if unit == "months" else now.date() + timedelta(days=amount)
    return _Found(match.start(), match.end(), day)


def _weekday(match: Match[str], now: datetime) -> _Found:
    wanted = WEEKDAY_NUMBER[match["weekday"].lower().rstrip(".")]
    today = now.date()
    if match["next"]:
        return _Found(match.start(), match.end(), monday_of(today) + timedelta(days=7 + wanted))
    away = (wanted - today.weekday()) % 7
    return _Found(match.start(), match.end(), today + timedelta(days=away), may_be_today=away == 0)


def _period(match: Match[str], now: datetime) -> _Found:
    today = now.date()
    monday = monday_of(today)
    if match["next_week"]:
        day = monday + timedelta(days=7)
    elif match["next_month"]:
        day = plus_months(first_of_month(today), 1)
    elif match["end_of_week"]:
        day = monday + timedelta(days=4 if today.weekday() <= 4 else 11)
    else:
        day = last_of_month(today)
    return _Found(match.start(), match.end(), day)


_READERS: dict[str, Callable[[Match[str], datetime], _Found | None]] = {
    "dated": _dated,
    "named": _named,
    "ahead": _ahead,
    "weekday": _weekday,
    "period": _period,
}


def _with_time(text: str, found: _Found, now: datetime) -> _Found:
    if found.time is not None:
        return found
    start, end, at = found.start, found.end, None
    after = [match for pattern in TIME_AFTER if (match := pattern.match(text, end))]
    before = [match for pattern in TIME_BEFORE if (match := pattern.search(text[:start]))]
    if clock := _first_clock(after):
        at, end = clock[0], clock[1].end()
    elif clock := _first_clock(before):
        at, start = clock[0], clock[1].start()
    elif wrong := next((match for match in (*after, *before) if ":" in match[0]), None):
        raise NotOnTheClock(f"{wrong['hour']}:{wrong['minute']}")
    day = found.day
    if found.may_be_today and (at is None or at <= now.time()):
        day += timedelta(days=7)
    return _Found(start, end, day, at)


def _time_alone(text: str, now: datetime) -> _Found | None:
    clock = _first_clock(pattern.search(text) for pattern in TIME_ALONE)
    if clock is None:
        return None
    at, match = clock
    return _Found(match.start(), match.end(), now.date() + timedelta(days=at <= now.time()), at)


def _first_clock(matches: Iterable[Match[str] | None]) -> tuple[time, Match[str]] | None:
    for match in matches:
        at = _clock(match) if match else None
        if match and at is not None:
            return at, match
    return None


def _clock(match: Match[str]) -> time | None:
    parts = match.groupdict()
    if parts.get("noon"):
        return time(12)
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    part = (parts.get("part") or "").lower().replace(".", "")
    if part in ("pm", "дня", "вечера") and hour < 12:
        hour += 12
    elif part in ("am", "утра", "ночи") and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _without(text: str, start: int, end: int) -> str:
    left, right = text[:start].rstrip(SPACE), text[end:].lstrip(SPACE)
    if not left or not right:
        return (left + right).strip(SEPARATORS)
    if right[0] in ",;.!?)":
        return left.rstrip(SEPARATORS) + right
    return f"{left} {right}"
