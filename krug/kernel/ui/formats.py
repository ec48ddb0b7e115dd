"""How dates, sums, numbers, phones and names look in each language: one formatter for pages, papers and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from krug.kernel.calendar_words import (
    MONTHS,
    MONTHS_OF_DATE,
    MONTHS_SHORT,
    WEEKDAYS,
    WEEKDAYS_SHORT,
    speech,
)
from krug.kernel.money import round_money

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
SIGNS: Final[dict[str, str]] = {
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "¥",
    "KZT": "₸",
    "BYN": "Br",
    "TRY": "₺",
    "UAH": "₴",
}
_TENTH = Decimal("0.1")
_SCALES: Final[dict[str, tuple[tuple[Decimal, str], ...]]] = {
    "ru": (
        (Decimal(10**6), f"{NBSP}млн"),
        (Decimal(10**9), f"{NBSP}млрд"),
        (Decimal(10**12), f"{NBSP}трлн"),
    ),
    "en": ((Decimal(10**6), "M"), (Decimal(10**9), "B"), (Decimal(10**12), "T")),
}
_SIZES: Final[dict[str, tuple[str, ...]]] = {"ru": ("Б", "КБ", "МБ", "ГБ", "ТБ"), "en": ("B", "KB", "MB", "GB", "TB")}
_RELATIVE: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "ru": {
        "now": ("только что",), "minute": ("минуту", "минуты", "минут"), "day": ("день", "дня", "дней"),
        "near": ("завтра", "сегодня", "вчера"), "ahead": ("через {}",), "ago": ("{} назад",),
    },
    "en": {
        "now": ("just now",), "minute": ("minute", "minutes", "minutes"), "day": ("day", "days", "days"),
        "near": ("tomorrow", "today", "yesterday"), "ahead": ("in {}",), "ago": ("{} ago",),
    },
}  # fmt: skip
_TO_RUSSIAN = str.maketrans({",": NBSP, ".": ",", "-": MINUS})
_TO_ENGLISH = str.maketrans({"-": MINUS})


class Relative(NamedTuple):
    """How long ago in words, and the full date for who wants to know."""

    text: str
    title: str


def date(day: dt.date | None, language: str | None = None) -> str:
    """21.11.2026; in English 21 Nov 2026."""
    if day is None:
        return ""
    if speech(language) == "ru":
        return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"
    return f"{day.day} {MONTHS_SHORT['en'][day.month - 1]} {day.year}"


def long_date(day: dt.date | None, language: str | None = None) -> str:
    """21 ноября 2026 г.; in English 21 November 2026."""
    if day is None:
        return ""
    tongue = speech(language)
    ending = " г." if tongue == "ru" else ""
    return f"{day.day} {MONTHS_OF_DATE[tongue][day.month - 1]} {day.year}{ending}"


def weekday_date(day: dt.date, language: str | None = None, *, with_year_beside: int | None = None) -> str:
    """пт, 25 декабря; in English Fri 25 Dec; the year is said when it is not the one beside."""
    tongue = speech(language)
    weekday = WEEKDAYS_SHORT[tongue][day.weekday()]
    if tongue == "ru":
        shown = f"{weekday}, {day.day} {MONTHS_OF_DATE['ru'][day.month - 1]}"
    else:
        shown = f"{weekday} {day.day} {MONTHS_SHORT['en'][day.month - 1]}"
    return f"{shown} {day.year}" if with_year_beside not in (None, day.year) else shown


def short_date(day: dt.date, language: str | None = None) -> str:
    """пн 23.11 as in lists of work; in English Mon 23 Nov."""
    tongue = speech(language)
    weekday = WEEKDAYS_SHORT[tongue][day.weekday()]
    if tongue == "ru":
        return f"{weekday} {day.day:02d}.{day.month:02d}"
    return f"{weekday} {day.day} {MONTHS_SHORT['en'][day.month - 1]}"


def month(day: dt.date, language: str | None = None) -> str:
    """ноябрь 2026; in English November 2026."""
    return f"{MONTHS[speech(language)][day.month - 1]} {day.year}"


def weekday(day: dt.date, language: str | None = None) -> str:
    """The full name of the day of the week."""
    return WEEKDAYS[speech(language)][day.weekday()]


def clock(at: dt.time | dt.datetime | None) -> str:
    """15:30, twenty-four hours in both languages."""
    return "" if at is None else f"{at.hour:02d}:{at.minute:02d}"


def moment(at: dt.datetime | None, language: str | None = None, zone: ZoneInfo | None = None) -> str:
    """Day and time on the clock of that zone, or of the moment itself when no zone is given."""
    if at is None:
        return ""
    local = at.astimezone(zone) if zone else at
    return f"{date(local, language)}, {clock(local)}"


def relative(at: dt.datetime, now: dt.datetime, language: str | None = None) -> Relative:
    """5 минут назад; вчера, 14:05; 12.03.2026: on the clock of `now`, the full date always kept beside."""
    local = at.astimezone(now.tzinfo)
    words = _RELATIVE[speech(language)]
    minutes = int((now - local).total_seconds() / 60)
    if abs(minutes) < 60:
        text = _distance(minutes, words["minute"], words) if minutes else words["now"][0]
    else:
        text = _day_beside(local.date(), now.date(), words)
        text = f"{text}, {clock(local)}" if text else date(local, language)
    return Relative(text, moment(local, language))


def relative_day(day: dt.date, today: dt.date, language: str | None = None) -> Relative:
    """вчера, завтра, через 3 дня, 3 дня назад; beyond a week the date itself."""
    words = _RELATIVE[speech(language)]
    away = (today - day).days
    text = _day_beside(day, today, words)
    if not text:
        text = _distance(away, words["day"], words) if abs(away) <= 7 else date(day, language)
    return Relative(text, weekday_date(day, language, with_year_beside=today.year))


def number(value: Decimal | float | None, language: str | None = None, places: int | None = None) -> str:
    """1 234,5; in English 1,234.5; trailing zeros only where a count of decimals is asked."""
    if value is None:
        return ""
    if isinstance(value, int):
        return _dressed(f"{value:,}", language)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if places is not None:
        exact = +round_money(exact, Decimal(1).scaleb(-places))
        return _dressed(f"{exact:,f}", language)
    text = f"{exact:,f}"
    return _dressed(text.rstrip("0").rstrip(".") if "." in text else text, language)


def exact_money(amount: Decimal | int | None, currency: str = "RUB", language: str | None = None) -> str:
    """1 234 567,00 ₽: always with kopecks, as papers and totals want it."""
    if amount is None:
        return ""
    rounded = +round_money(Decimal(amount))
    return f"{_dressed(f'{rounded:,f}', language)}{NBSP}{SIGNS.get(currency, currency)}"


def money(amount: Decimal | int | None, currency: str = "RUB", language: str | None = None) -> str:
    """1 234 567,89 ₽, and 620 000 ₽ when there are no kopecks."""
    if amount is None:
        return ""
    rounded = +round_money(Decimal(amount))
    text = f"{rounded:,f}"
    return f"{_dressed(text.removesuffix('.00'), language)}{NBSP}{SIGNS.get(currency, currency)}"


def short_money(amount: Decimal | int | None, currency: str = "RUB", language: str | None = None) -> str:
    """1,2 млн ₽; sums under a million are shown whole."""
    if amount is None:
        return ""
    sum_of = Decimal(amount)
    sign = SIGNS.get(currency, currency)
    whole = +round_money(sum_of, Decimal(1))
    if abs(whole) < 10**6:
        return f"{_dressed(f'{whole:,f}', language)}{NBSP}{sign}"
    scales = _SCALES[speech(language)]
    scaled, name = next(
        ((tenths, name) for scale, name in scales if abs(tenths := _tenths(sum_of / scale)) < 1000),
        (_tenths(sum_of / scales[-1][0]), scales[-1][1]),
    )
    return f"{_dressed(f'{scaled:,f}'.removesuffix('.0'), language)}{name}{NBSP}{sign}"


def short_sums(sums: Mapping[str, Decimal], language: str | None = None) -> str:
    """1,2 млн ₽ + 300 000 $: sums of several currencies, short; nothing for none."""
    return " + ".join(short_money(amount, currency, language) for currency, amount in sorted(sums.items()) if amount)


def percent(value: Decimal | float | None, language: str | None = None, places: int = 0) -> str:
    """78 %; in English 78%; 22 means 22 per cent, as percents are stored."""
    if value is None:
        return ""
    shown = number(+round_money(Decimal(str(value)), Decimal(1).scaleb(-places)), language)
    return f"{shown}{NBSP}%" if speech(language) == "ru" else f"{shown}%"


def plural(count: Decimal | float, one: str, few: str, many: str) -> str:
    """The Russian form that goes with the count: 1 сделка, 2 сделки, 5 сделок, 1,5 сделки."""
    return (one, few, many)[_form(count)]


def counted(count: Decimal | int, one: str, other: str) -> str:
    """The translated phrase with its number: `_("%(n)s deal")` and `_("%(n)s deals")` by the reader's rules."""
    whole = int(count) if count == int(count) else 2
    return ngettext(one, other, whole) % {"n": number(count)}


def file_size(size: int, language: str | None = None) -> str:
    """1,4 МБ; in English 1.4 MB."""
    units = _SIZES[speech(language)]
    power, left = 0, Decimal(size)
    while left >= 1000 and power < len(units) - 1:
        left, power = left / 1024, power + 1
    shown = number(round_money(left, _TENTH if power and left < 10 else Decimal(1)), language)
    return f"{shown}{NBSP}{units[power]}"


def numero(value: object, language: str | None = None) -> str:
    """№ 1042 with a space that does not break, in both languages."""
    return f"№{NBSP}{value}"


def phone(e164: str, extension: str = "", language: str | None = None) -> str:
    """+7 (812) 555-01-42 доб. 3; foreign numbers by the custom of their country."""
    shown = _phone_shown(e164)
    if not extension:
        return shown
    return f"{shown} {'доб.' if speech(language) == 'ru' else 'ext.'} {extension}"


@lru_cache(maxsize=20_000)
def _phone_shown(e164: str) -> str:
    if e164.startswith("+7") and len(e164) == 12:
        return f"+7 ({e164[2:5]}) {e164[5:8]}-{e164[8:10]}-{e164[10:]}"
    import phonenumbers

    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _distance(units: int, names: tuple[str, ...], words: dict[str, tuple[str, ...]]) -> str:
    """`units` ago when positive, ahead when negative."""
    count = abs(units)
    form = _form(count) if words is _RELATIVE["ru"] else int(count != 1)
    return words["ago" if units > 0 else "ahead"][0].format(f"{count}{NBSP}{names[form]}")


def _day_beside(day: dt.date, today: dt.date, words: dict[str, tuple[str, ...]]) -> str:
    away = (today - day).days
    return words["near"][away + 1] if -1 <= away <= 1 else ""


def _tenths(value: Decimal) -> Decimal:
    return round_money(value, _TENTH)


def _dressed(text: str, language: str | None) -> str:
    return text.translate(_TO_RUSSIAN if speech(language) == "ru" else _TO_ENGLISH)


def _form(count: Decimal | float) -> int:
    whole = abs(int(count))
    if count != int(count):
        return 1
    tens, units = whole % 100, whole % 10
    if units == 1 and tens != 11:
        return 0
    return 1 if 2 <= units <= 4 and not 12 <= tens <= 14 else 2
