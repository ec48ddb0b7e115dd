"""Dates, sums, numbers, phones and names look as educated people write them in both languages."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from krug.kernel.ui import formats
from krug.kernel.ui.names import full_name, short_name, spoken_name

DAY = date(2026, 11, 21)
NB = "\u00a0"
MOSCOW = ZoneInfo("Europe/Moscow")


def test_dates():
    assert formats.date(DAY, "ru") == "21.11.2026"
    assert formats.date(DAY, "en") == "21 Nov 2026"
    assert formats.long_date(DAY, "ru") == "21 ноября 2026 г."
    assert formats.long_date(DAY, "en") == "21 November 2026"
    assert formats.short_date(DAY, "ru") == "сб 21.11"
    assert formats.month(DAY, "ru") == "ноябрь 2026"
    assert formats.weekday(DAY, "en") == "Saturday"
    assert formats.date(None, "ru") == ""


def test_a_moment_stands_on_the_clock_of_the_zone():
    moment = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    assert formats.moment(moment, "ru", ZoneInfo("Europe/Moscow")) == "21.11.2026, 23:30"
    assert formats.moment(moment, "en", ZoneInfo("Asia/Vladivostok")) == "22 Nov 2026, 06:30"
    assert formats.clock(time(9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        ("1234567.89", f"1{NB}234{NB}567,89{NB}₽", f"1,234,567.89{NB}₽"),
        ("620000", f"620{NB}000{NB}₽", f"620,000{NB}₽"),
        ("-0.5", f"−0,50{NB}₽", f"−0.50{NB}₽"),
        ("0", f"0{NB}₽", f"0{NB}₽"),
        ("-0.001", f"0{NB}₽", f"0{NB}₽"),
        ("2.675", f"2,68{NB}₽", f"2.68{NB}₽"),
    ],
)
def test_money(amount, russian, english):
    assert formats.money(Decimal(amount), "RUB", "ru") == russian
    assert formats.money(Decimal(amount), "RUB", "en") == english


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        ("1200000", f"1,2{NB}млн{NB}₽", f"1.2M{NB}₽"),
        ("2000000", f"2{NB}млн{NB}₽", f"2M{NB}₽"),
        ("48200", f"48{NB}200{NB}₽", f"48,200{NB}₽"),
        ("999999.60", f"1{NB}млн{NB}₽", f"1M{NB}₽"),
        ("999950000", f"1{NB}млрд{NB}₽", f"1B{NB}₽"),
        ("-3400000", f"−3,4{NB}млн{NB}₽", f"−3.4M{NB}₽"),
    ],
)
def test_short_money(amount, russian, english):
    assert formats.short_money(Decimal(amount), "RUB", "ru") == russian
    assert formats.short_money(Decimal(amount), "RUB", "en") == english


def test_numbers_and_percents():
    assert formats.number(Decimal("1234.500"), "ru") == f"1{NB}234,5"
    assert formats.number(Decimal("1234.5"), "en", 2) == "1,234.50"
    assert formats.number(-12000, "ru") == f"−12{NB}000"
    assert formats.percent(78, "ru") == f"78{NB}%"
    assert formats.percent(Decimal("7.25"), "en", 1) == "7.3%"


def test_the_language_of_the_reader_is_used_when_none_is_named():
    with translation.override("ru"):
        assert formats.date(DAY) == "21.11.2026"
    with translation.override("en"):
        assert formats.date(DAY) == "21 Nov 2026"


def test_phones():
    assert formats.phone("+78125550142", "3", "ru") == "+7 (812) 555-01-42 доб. 3"
    assert formats.phone("+78125550142", "3", "en") == "+7 (812) 555-01-42 ext. 3"
    assert formats.phone("+442079460958", "", "ru") == "+44 20 7946 0958"
    assert formats.phone("5550142", "", "ru") == "5550142"


def test_the_same_phone_is_shown_to_each_reader_in_his_language():
    with translation.override("ru"):
        assert formats.phone("+78125550142", "3").endswith(" доб. 3")
    with translation.override("en"):
        assert formats.phone("+78125550142", "3").endswith(" ext. 3")


def test_people():
    anna = ("Фёдорова", "Анна", "Сергеевна")
    assert short_name(*anna, language="ru") == f"Фёдорова{NB}А.{NB}С."
    assert full_name(*anna, language="ru") == "Фёдорова Анна Сергеевна"
    assert spoken_name(*anna, language="ru") == "Анна Сергеевна"
    assert short_name(*anna, language="en") == "Anna Fedorova"
    assert short_name("Щукин", language="en") == "Shchukin"
    assert short_name("", "Анна", language="ru") == "Анна"
