"""Numbers that Russian registers give to companies and people: form and check digits, spec 01."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Fault
from krug.kernel.phrases import phrase

INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_11 = (7, *INN_10)
INN_12 = (3, *INN_11)

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_OKVED = re.compile(r"[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?")


def clean(text: str | None) -> str:
    """The requisite without spaces of any kind, as it is stored and tested."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def is_digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


def check_digit(body: str, weights: tuple[int, ...]) -> str:
    """The digit that follows these digits of a tax number."""
    return str(_weighed(body, weights))


def inn_fault(inn: str, *, field: str = "inn") -> Fault | None:
    """A taxpayer number has 10 digits or 12 and ends in the right check digits."""
    text = clean(inn)
    if not is_digits(text, 10, 12):
        return Fault(field, _("INN must have 10 digits (company) or 12 (sole trader, person)"), "INN_LENGTH")
    if text.startswith("00"):
        said = phrase(_("INN %(inn)s begins with 00: there is no such tax office, check for a typo"), inn=text)
        return Fault(field, said, "INN_REGION")
    if len(text) == 10:
        agrees = _weighed(text, INN_10) == int(text[9])
    else:
        agrees = _weighed(text, INN_11) == int(text[10]) and _weighed(text, INN_12) == int(text[11])
    if agrees:
        return None
    return Fault(field, phrase(_("INN %(inn)s: check digit does not match"), inn=text), "INN_CHECKSUM")


def kpp_fault(kpp: str) -> Fault | None:
    """The code of a tax registration has nine characters; it has no check digit."""
    if _KPP.fullmatch(clean(kpp)):
        return None
    said = _("KPP has 9 characters: 4 digits, 2 digits or Latin letters, 3 digits")
    return Fault("kpp", said, "KPP_FORMAT")


def ogrn_fault(ogrn: str) -> Fault | None:
    """The registry number of a company: 13 digits, the first 1 or 5."""
    text = clean(ogrn)
    if not is_digits(text, 13):
        return Fault("ogrn", _("OGRN of a company must have 13 digits"), "OGRN_LENGTH")
    if text[0] not in "15":
        return Fault("ogrn", _("OGRN of a company begins with 1 or 5"), "OGRN_KIND")
    if int(text[:12]) % 11 % 10 == int(text[12]):
        return None
    return Fault("ogrn", phrase(_("OGRN %(ogrn)s: check digit does not match"), ogrn=text), "OGRN_CHECKSUM")


def ogrnip_fault(ogrnip: str) -> Fault | None:
    """The registry number of a sole trader: 15 digits, the first 3; the check digit is the lowest of mod 13."""
    text = clean(ogrnip)
    if not is_digits(text, 15):
        return Fault("ogrn", _("OGRNIP of a sole trader must have 15 digits"), "OGRN_LENGTH")
    if text[0] != "3":
        return Fault("ogrn", _("OGRNIP of a sole trader begins with 3"), "OGRN_KIND")
    # Order of the Ministry of Finance 165n of 30.10.2017: the lowest digit of the remainder, which may be 10, 11 or 12.
    if int(text[:14]) % 13 % 10 == int(text[14]):
        return None
    return Fault("ogrn", phrase(_("OGRNIP %(ogrn)s: check digit does not match"), ogrn=text), "OGRN_CHECKSUM")


def snils_fault(snils: str) -> Fault | None:
    """The number of a personal insurance account: 11 digits, the last two a check sum."""
    text = clean(snils).replace("-", "")
    if not is_digits(text, 11):
        return Fault("snils", _("SNILS must have 11 digits"), "SNILS_LENGTH")
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(text[:9], start=1))
    if total and total % 101 % 100 == int(text[9:]):
        return None
    return Fault("snils", phrase(_("SNILS %(snils)s: check digits do not match"), snils=text), "SNILS_CHECKSUM")


def okpo_fault(okpo: str) -> Fault | None:
    """The statistical code of an enterprise: 8 digits, of a sole trader 10."""
    if is_digits(clean(okpo), 8, 10):
        return None
    return Fault("okpo", _("OKPO must have 8 digits (company) or 10 (sole trader)"), "OKPO_LENGTH")


def oktmo_fault(oktmo: str) -> Fault | None:
    """The code of a municipality: 8 digits, of a settlement 11."""
    if is_digits(clean(oktmo), 8, 11):
        return None
    return Fault("oktmo", _("OKTMO must have 8 or 11 digits"), "OKTMO_LENGTH")


def okved_fault(okved: str, *, field: str = "okved_main") -> Fault | None:
    """A code of activity such as 62.01 or 46.69.9; whether it exists, the directory says."""
    if _OKVED.fullmatch(clean(okved)):
        return None
    return Fault(field, _("An OKVED code is written like 62, 62.01 or 46.69.9"), "OKVED_FORMAT")


def legal_form_fault(code: str) -> Fault | None:
    """The code of a legal form has five digits."""
    if is_digits(clean(code), 5):
        return None
    return Fault("legal_form_code", _("An OKOPF code has 5 digits"), "OKOPF_FORMAT")
