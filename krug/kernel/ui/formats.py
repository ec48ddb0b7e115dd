"""How dates, sums, numbers, phones and names look in each language: one formatter for pages, papers and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from krug.kernel.money import round_money
from krug.language.calendar_words import (
    MONTHS,
    MONTHS_OF_DATE,
    MONTHS_SHORT,
    WEEKDAYS,
    WEEKDAYS_SHORT,
    speech,
)

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
_TO_RUSSIAN = str.maketrans({",": NBSP, ".": ",", "-": MINUS})
_TO_ENGLISH = str.maketrans({"-": MINUS})


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


def _tenths(value: Decimal) -> Decimal:
    return round_money(value, _TENTH)


def _dressed(text: str, language: str | None) -> str:
    return text.translate(_TO_RUSSIAN if speech(language) == "ru" else _TO_ENGLISH)
