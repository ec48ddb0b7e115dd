"""Phones: however they were typed, one form is stored, one is shown, and the last ten digits are searched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Fault
from krug.kernel.ui.formats import phone as show_phone
from krug.language.readings import PHONE_DIGITS, digits_of

__all__ = ["Phone", "normalise_phone", "phone_digits", "show_phone"]

LOCAL_NUMBERS: Final = (5, 6, 7)
TOO_SHORT: Final = (
    phonenumbers.ValidationResult.TOO_SHORT,
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
)

_EXTENSION = re.compile(
    r"[\s,;(]*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|ext(?:ension)?|x|#)\.?\s*[:#№]?\s*([0-9]{1,6})\s*\)?\s*$",
    re.IGNORECASE,
)
_MAY_HAVE_EXTENSION = re.compile(r"[^\W\d_]|#")
_LABEL = re.compile(
    r"^\s*(?:тел(?:ефон)?|моб(?:ильный)?|факс|т|м|ф|tel|phone|mobile|mob|fax)?[.:\s]*(?=[+(0-9])", re.IGNORECASE
)
_ALLOWED = re.compile(r"[+0-9\s().\-‐-―/\u00a0\u202f\u2060\ufeff]+")


@dataclass(frozen=True)
class Phone:
    """A phone as read: E.164 with the extension apart; an invalid one keeps its digits and says what is wrong."""

    raw: str
    e164: str
    extension: str = ""
    region: str = ""
    fault: Fault | None = None

    @property
    def valid(self) -> bool:
        """Whether the number can be called."""
        return self.fault is None


def normalise_phone(text: str, *, region: str = "RU", city_code: str = "") -> Phone:
    """The phone in international form; a local number needs the code of the party's city, or is kept as invalid."""
    number, extension = _without_extension(text)
    bare = _LABEL.sub("", number).strip()
    digits = "".join(filter(str.isdecimal, bare))
    if not digits or not _ALLOWED.fullmatch(bare):
        return _invalid(text, digits, extension, Fault("raw", _("This is not a phone number"), "PHONE_FORMAT"))
    if len(digits) in LOCAL_NUMBERS and not bare.startswith("+"):
        if not city_code:
            said = _("Add the city code to the number: without it nobody can call")
            return _invalid(text, digits, extension, Fault("raw", said, "PHONE_CITY_CODE"))
        bare = city_code + digits
    parsed = _parsed(_international(bare, digits, region), region)
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        if parsed is not None and phonenumbers.is_possible_number_with_reason(parsed) in TOO_SHORT:
            said = _("The phone number is incomplete: some digits are missing")
            return _invalid(text, digits, extension, Fault("raw", said, "PHONE_INCOMPLETE"))
        said = _("There is no such phone number: check the digits")
        return _invalid(text, digits, extension, Fault("raw", said, "PHONE_INVALID"))
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(
        raw=text,
        e164=e164,
        extension=extension or parsed.extension or "",
        region=phonenumbers.region_code_for_number(parsed) or "",
    )


def dialled(e164: str, extension: str = "") -> str:
    """The address that makes a device call the number (RFC 3966)."""
    return f"tel:{e164}" + (f";ext={extension}" if extension else "")


def phone_digits(text: str) -> str:
    """The last ten digits, by which a phone is found however it was written."""
    number, _extension = _without_extension(text)
    return digits_of(number)[-PHONE_DIGITS:]


def _without_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.search(text) if _MAY_HAVE_EXTENSION.search(text) else None
    return (text[: match.start()], match[1]) if match else (text, "")


def _international(bare: str, digits: str, region: str) -> str:
    """A Russian number typed with 7 and no plus, or dialled through 8-10, in international form."""
    if bare.lstrip().startswith("+") or region not in ("RU", "KZ"):
        return bare
    if len(digits) == 11 and digits[0] == "7":
        return f"+{digits}"
    if digits.startswith("810") and len(digits) > 11:
        return f"+{digits[3:]}"
    return bare


def _parsed(number: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _invalid(raw: str, digits: str, extension: str, fault: Fault) -> Phone:
    return Phone(raw=raw, e164=digits[:32], extension=extension, fault=fault)
