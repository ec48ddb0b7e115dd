"""Sums of money: how a typed sum is read, how it is rounded and how it is divided without losing a kopeck."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Refusal
from krug.kernel.phrases import phrase
from krug.language.calendar_words import speech

KOPECK: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
LIMIT: Final = Decimal(10000000000000000)

_GAPS = re.compile(r"[\s\u200b\ufeff'’_]+")
_CURRENCY = re.compile(
    r"(?:₽|\$|€|£|¥|₸|руб(?:лей|ля|ль|\.)?|р\.|р(?=$)|rub|usd|eur|cny|kzt|byn|roubles?|dollars?|euros?)", re.IGNORECASE
)
_NUMBER = re.compile(r"(?P<minus>[-−–]?)(?P<digits>[0-9]*(?:[.,][0-9]+)*[.,]?)(?P<scale>[^\W\d_]*\.?)")
_SCALES: Final[dict[str, int]] = {
    **dict.fromkeys(("тыс", "т", "к", "k", "тысяча", "тысячи", "тысяч", "thousand", "ths"), 3),
    **dict.fromkeys(("млн", "м", "m", "mln", "mn", "миллион", "миллиона", "миллионов", "million", "кк", "kk"), 6),
    **dict.fromkeys(("млрд", "b", "bn", "bln", "миллиард", "миллиарда", "миллиардов", "billion"), 9),
}


def round_money(amount: Decimal, step: Decimal = KOPECK) -> Decimal:
    """The sum rounded half up, away from zero, to kopecks unless another step is named."""
    return amount.quantize(step, rounding=ROUND_HALF_UP)


class UnreadableNumber(Refusal, ValueError):
    """What was typed is no number that can be kept."""


class NumberTooLarge(UnreadableNumber):
    """What was typed is a number that can not be kept."""


def parse_amount(text: str, *, language: str | None = None, field: str | None = None) -> Decimal:
    """The number somebody typed: with spaces, comma or point, a minus sign and a word such as «млн»."""
    bare = _GAPS.sub("", text)
    match = _NUMBER.fullmatch(bare)
    scale = match["scale"].rstrip(".").casefold() if match else ""
    if match is None or not match["digits"].strip(".,") or (scale and scale not in _SCALES):
        raise UnreadableNumber(
            phrase(_("“%(text)s” is not a number. Write it like 1 234,5 or 1.2 mln."), text=text.strip()[:40]),
            field=field,
            code="NUMBER_UNREADABLE",
        )
    value = Decimal(_plain_digits(match["digits"], language=language, scaled=bool(scale)))
    value = value.scaleb(_SCALES[scale]) if scale else value
    if value >= LIMIT:
        raise NumberTooLarge(
            _("This number is too large: the largest has 16 digits before the point."),
            field=field,
            code="NUMBER_TOO_LARGE",
        )
    return -value if match["minus"] and value else value


def parse_money(text: str, *, language: str | None = None, field: str | None = None) -> Decimal:
    """The sum somebody typed, with or without a sign of currency, rounded to kopecks."""
    return checked_money(parse_amount(_CURRENCY.sub("", text), language=language, field=field), field=field)


def checked_money(amount: Decimal, *, field: str | None = None) -> Decimal:
    """A sum fit to be stored: finite, within sixteen digits, rounded to kopecks."""
    if not amount.is_finite():
        raise UnreadableNumber(_("A sum must be a number."), field=field, code="NUMBER_UNREADABLE")
    if abs(amount) >= LIMIT - KOPECK:
        raise NumberTooLarge(
            _("This number is too large: the largest has 16 digits before the point."),
            field=field,
            code="NUMBER_TOO_LARGE",
        )
    return round_money(amount)


def _plain_digits(digits: str, *, language: str | None, scaled: bool) -> str:
    """Digits with one decimal point, whichever of comma and point the writer meant for thousands."""
    digits = digits.rstrip(".,")
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        decimal = "," if digits.rindex(",") > digits.rindex(".") else "."
        whole, _point, rest = digits.rpartition(decimal)
        return f"{whole.replace(',', '').replace('.', '')}.{rest}"
    if commas > 1 or points > 1:
        return digits.replace(",", "").replace(".", "")
    if commas and not scaled and speech(language) == "en" and re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", digits):
        return digits.replace(",", "")
    return digits.replace(",", ".")
