"""Covers what is personal: a phone, a mailbox, a date."""

from __future__ import annotations

DOT = "•"
COVER = DOT * 3
PLACES_LEFT = 2
FEWEST_DIGITS = 5


def mask(text: str) -> str:
    """Enough to tell two apart, too little to use: the last two digits of a phone, the first letter of a mailbox."""
    if DOT in text:
        return text
    mailbox, at, house = text.partition("@")
    if at and mailbox:
        return f"{mailbox[0]}{COVER}@{house}"
    digits = [place for place, char in enumerate(text) if char.isdigit()]
    if len(digits) >= FEWEST_DIGITS and not any(char.isalpha() for char in text):
        shut = set(digits[:-PLACES_LEFT])
        return "".join(DOT if place in shut else char for place, char in enumerate(text))
    return COVER
