"""Codes that people know by name: currencies, countries, clocks; stored as codes, chosen and shown in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_noop

from krug.kernel.fields.base import Reading
from krug.kernel.fields.choice import ChoiceField
from krug.language.calendar_words import speech

OFFERED_CURRENCIES = (
    "RUB BYN KZT UZS KGS AMD AZN GEL MDL TJS USD EUR CNY GBP CHF JPY KRW INR TRY AED SGD HKD PLN CZK SEK NOK CAD AUD"
)
NEAR_COUNTRIES = "RU BY KZ UZ KG AM AZ GE MD TJ TM CN"
OFFERED_ZONES = (
    "Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Krasnoyarsk"
    " Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka Europe/Minsk Asia/Almaty Asia/Tashkent"
    " Asia/Bishkek Asia/Tbilisi Asia/Yerevan Asia/Baku Europe/Kyiv Europe/Chisinau Europe/Istanbul Asia/Dubai"
    " Asia/Jerusalem Europe/Helsinki Europe/Warsaw Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome Europe/London"
    " America/New_York America/Chicago America/Denver America/Los_Angeles America/Sao_Paulo Asia/Kolkata Asia/Bangkok"
    " Asia/Shanghai Asia/Tokyo Asia/Seoul Australia/Sydney UTC"
)
RENAMED = {"Europe/Kyiv": gettext_noop("Kyiv"), "Asia/Kolkata": gettext_noop("Kolkata")}
CURRENCIES, FIRST_COUNTRIES, ZONES = OFFERED_CURRENCIES.split(), NEAR_COUNTRIES.split(), OFFERED_ZONES.split()


@dataclass(frozen=True, kw_only=True)
class CodeField(ChoiceField):
    """A code with a name; the usual ones are offered, any that exists may be typed."""

    named: Callable[[str], str] = str

    def parse(self, raw: Any, reading: Reading) -> Any:
        text = str(raw).strip()
        known = text if self.named is zone_name else text.upper()
        return known if known and self.named(known) != known else super().parse(raw, reading)

    def show(self, value: Any, language: str) -> str:
        return self.named(str(value)) if value else ""


def currency_name(code: str) -> str:
    """Российский рубль for RUB; a code that nobody knows stays as it is."""
    name = str(_locale(speech()).currencies.get(code, code))
    return name[:1].upper() + name[1:]


def country_name(code: str) -> str:
    """Россия for RU."""
    return str(_locale(speech()).territories.get(code, code))


def zone_name(code: str) -> str:
    """Москва, UTC+3 for Europe/Moscow."""
    try:
        minutes = int((datetime.now(ZoneInfo(code)).utcoffset() or timedelta()).total_seconds() // 60)
        city = code if code == "UTC" else get_timezone_location(code, locale=_locale(speech()), return_city=True)
        city = gettext(RENAMED[code]) if code in RENAMED else city
    except (LookupError, ValueError, OSError):
        return code
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else "+"
    return f"{city}, UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def named_choices(codes: list[str], named: Callable[[str], str]) -> tuple[tuple[str, Any], ...]:
    """The codes with their names in the language of whoever reads."""
    spoken = lazy(named, str)
    return tuple((code, spoken(code)) for code in codes)


@cache
def all_countries() -> list[str]:
    """Every country, the near ones first."""
    names = {str(code): str(name) for code, name in _locale("ru").territories.items()}
    rest = [code for code in names if len(code) == 2 and code.isalpha() and code not in (*FIRST_COUNTRIES, *NO_COUNTRY)]
    return [*FIRST_COUNTRIES, *sorted(rest, key=lambda code: names[code])]


NO_COUNTRY = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")


@cache
def _locale(language: str) -> Locale:
    return Locale(language)
