"""Dates as people say them are read right, shown with the weekday, and a day that does not exist is refused."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.dates import parse_date
from krug.kernel.errors import Refusal
from krug.kernel.plain_dates import describe_plain_date, read_plain_date

MOSCOW = ZoneInfo("Europe/Moscow")
SATURDAY_NOON = datetime(2026, 11, 21, 12, 0, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("said", "day", "at"),
    [
        ("завтра 10", date(2026, 11, 22), time(10)),
        ("послезавтра", date(2026, 11, 23), None),
        ("сегодня 15:30", date(2026, 11, 21), time(15, 30)),
        ("пт 15:30", date(2026, 11, 27), time(15, 30)),
        ("в пятницу", date(2026, 11, 27), None),
        ("сб 13:00", date(2026, 11, 21), time(13)),
        ("сб 11", date(2026, 11, 28), time(11)),
        ("сб", date(2026, 11, 28), None),
        ("в следующий понедельник в 9", date(2026, 11, 23), time(9)),
        ("через 2 недели", date(2026, 12, 5), None),
        ("через две недели", date(2026, 12, 5), None),
        ("через 3 дня", date(2026, 11, 24), None),
        ("через месяц", date(2026, 12, 21), None),
        ("через час", date(2026, 11, 21), time(13)),
        ("через полчаса", date(2026, 11, 21), time(12, 30)),
        ("25.12", date(2026, 12, 25), None),
        ("25.12 10", date(2026, 12, 25), time(10)),
        ("20.11", date(2027, 11, 20), None),
        ("21.11", date(2026, 11, 21), None),
        ("25.12.2026", date(2026, 12, 25), None),
        ("3.11.26", date(2026, 11, 3), None),
        ("25 декабря", date(2026, 12, 25), None),
        ("21 ноября 2026", date(2026, 11, 21), None),
        ("21 ноября 2026 г.", date(2026, 11, 21), None),
        ("5 мая", date(2027, 5, 5), None),
        ("29.02.2028", date(2028, 2, 29), None),
        ("к концу месяца", date(2026, 11, 30), None),
        ("tomorrow 10", date(2026, 11, 22), time(10)),
        ("the day after tomorrow at noon", date(2026, 11, 23), time(12)),
        ("in 3 days", date(2026, 11, 24), None),
        ("in two weeks", date(2026, 12, 5), None),
        ("in an hour", date(2026, 11, 21), time(13)),
        ("fri 3pm", date(2026, 11, 27), time(15)),
        ("next monday", date(2026, 11, 23), None),
        ("Dec 25", date(2026, 12, 25), None),
        ("Dec 25 10:00", date(2026, 12, 25), time(10)),
        ("25 December 2026 at 9:30 am", date(2026, 12, 25), time(9, 30)),
        ("Jan 5, 2027", date(2027, 1, 5), None),
        ("2026-12-25", date(2026, 12, 25), None),
        ("15:30", date(2026, 11, 21), time(15, 30)),
        ("в 9:00", date(2026, 11, 22), time(9)),
    ],
)
def test_a_plain_date_is_read(said, day, at):
    read = read_plain_date(said, now=SATURDAY_NOON)
    assert read is not None
    assert (read.date, read.time, read.text, read.span) == (day, at, "", (0, len(said)))


@pytest.mark.parametrize(
    ("line", "rest", "span", "day", "at"),
    [
        ("позвонить завтра 10", "позвонить", (10, 19), date(2026, 11, 22), time(10)),
        ("Позвонить завтра в 10", "Позвонить", (10, 21), date(2026, 11, 22), time(10)),
        ("Позвонить завтра в 10 Фёдоровой", "Позвонить Фёдоровой", (10, 21), date(2026, 11, 22), time(10)),
        ("в 15:30 завтра созвон", "созвон", (0, 14), date(2026, 11, 22), time(15, 30)),
        ("КП до 25.12, счёт", "КП, счёт", (3, 11), date(2026, 12, 25), None),
        ("позвонить завтра 10 клиентам", "позвонить 10 клиентам", (10, 16), date(2026, 11, 22), None),
        ("завтра 10 перезвонить", "перезвонить", (0, 9), date(2026, 11, 22), time(10)),
        ("tomorrow 10 call back", "call back", (0, 11), date(2026, 11, 22), time(10)),
        ("завтра 10 встреча у них", "встреча у них", (0, 9), date(2026, 11, 22), time(10)),
        ("Send the offer on Friday, then wait", "Send the offer, then wait", (15, 24), date(2026, 11, 27), None),
    ],
)
def test_the_rest_of_the_line_stays_as_it_was(line, rest, span, day, at):
    read = read_plain_date(line, now=SATURDAY_NOON)
    assert read is not None
    assert (read.text, read.span, read.date, read.time) == (rest, span, day, at)


@pytest.mark.parametrize(
    "line",
    ["", "яяяя", "скидка 10.05%", "12.10 млн", "подумать 3 дня", "договор 12.2026", "ISO 9001", "99.99", "дом 10"],
)
def test_a_line_without_a_date_has_none(line):
    assert read_plain_date(line, now=SATURDAY_NOON) is None


@pytest.mark.parametrize("said", ["завтра в 25:00", "30.11 99:99", "12:60 завтра", "позвонить в пт, 24:30"])
def test_a_time_that_is_on_no_clock_is_refused_and_not_dropped(said):
    with pytest.raises(Refusal) as no:
        read_plain_date(said, now=SATURDAY_NOON)
    assert no.value.code == "NO_SUCH_TIME"


@pytest.mark.parametrize(
    ("said", "language", "message"),
    [
        ("31.02", "en", "31.02 does not exist: February 2027 has 28 days."),
        ("31.02", "ru", "31.02 не существует: февраль 2027 года кончается 28-м числом."),
        ("позвонить 31 ноября", "en", "31 ноября does not exist: November 2026 has 30 days."),
        ("29.02.2027", "en", "29.02.2027 does not exist: February 2027 has 28 days."),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_the_reason(said, language, message):
    with pytest.raises(ValueError, match=r".+") as no:
        read_plain_date(said, now=SATURDAY_NOON)
    assert isinstance(no.value, Refusal)
    assert no.value.code == "NO_SUCH_DATE"
    with translation.override(language):
        assert str(no.value) == message


def test_the_day_is_that_of_the_user_and_not_of_the_server():
    late_in_moscow = datetime(2026, 11, 21, 23, 30, tzinfo=MOSCOW)
    in_vladivostok = late_in_moscow.astimezone(ZoneInfo("Asia/Vladivostok"))
    assert read_plain_date("завтра", now=late_in_moscow).date == date(2026, 11, 22)
    assert read_plain_date("завтра", now=in_vladivostok).date == date(2026, 11, 23)


def test_a_month_later_is_the_last_day_when_the_month_is_shorter():
    assert read_plain_date("через месяц", now=datetime(2027, 1, 31, 9, 0, tzinfo=MOSCOW)).date == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("day", "at", "language", "shown"),
    [
        (date(2026, 12, 25), time(10), "ru", "пт, 25 декабря, 10:00"),
        (date(2026, 12, 25), time(10), "en", "Fri 25 Dec, 10:00"),
        (date(2027, 1, 5), None, "ru", "вт, 5 января 2027"),
        (date(2027, 1, 5), None, "en", "Tue 5 Jan 2027"),
    ],
)
def test_the_date_read_is_shown_with_its_weekday(day, at, language, shown):
    assert describe_plain_date(day, at, language=language, today=date(2026, 11, 21)) == shown


def test_a_date_field_takes_a_date_and_nothing_else():
    today = date(2026, 11, 21)
    assert parse_date("21.11.2026", today=today) == today
    assert parse_date(" 2026-11-21 ", today=today) == today
    assert parse_date("завтра", today=today) == date(2026, 11, 22)
    for wrong in ("", "позвонить завтра", "завтра 10", "31.02.2026", "nonsense"):
        with pytest.raises(ValueError, match=r".+"):
            parse_date(wrong, today=today)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_every_full_date_is_read_back(day):
    for written in (f"{day:%d.%m.}{day.year:04d}", day.isoformat()):
        assert parse_date(written, today=date(2026, 11, 21)) == day


@given(st.text(max_size=40))
def test_no_line_breaks_the_reader(line):
    try:
        read = read_plain_date(line, now=SATURDAY_NOON)
    except Refusal:
        return
    assert read is None or 0 <= read.span[0] < read.span[1] <= len(line)
