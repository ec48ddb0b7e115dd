"""Bank accounts: the form of a BIC, the key that ties an account to it, and the currency inside the number."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from stdnum import bic as swift
from stdnum import iban
from stdnum.exceptions import ValidationError

from krug.kernel.errors import Fault
from krug.kernel.phrases import phrase
from krug.parties.rules.russian_ids import clean, is_digits

WEIGHTS: Final = (7, 1, 3)
LETTERS: Final = str.maketrans("ABCEHKMPTX", "0123456789")
CYRILLIC_LOOK_ALIKES: Final = str.maketrans("АВСЕНКМРТХ", "ABCEHKMPTX")
SETTLEMENT_CENTRES: Final = ("000", "001", "002")
TREASURY: Final = ("00", "01", "02")
CORRESPONDENT: Final = "301"
ROUBLES: Final = "810"

CURRENCY_OF: Final[dict[str, str]] = {
    "810": "RUB",
    "840": "USD",
    "978": "EUR",
    "156": "CNY",
    "398": "KZT",
    "933": "BYN",
    "826": "GBP",
    "756": "CHF",
    "392": "JPY",
    "949": "TRY",
    "784": "AED",
    "344": "HKD",
    "356": "INR",
    "860": "UZS",
    "417": "KGS",
    "051": "AMD",
    "944": "AZN",
    "972": "TJS",
    "981": "GEL",
    "498": "MDL",
    "980": "UAH",
    "985": "PLN",
    "203": "CZK",
    "752": "SEK",
    "578": "NOK",
    "208": "DKK",
    "410": "KRW",
    "764": "THB",
    "704": "VND",
    "702": "SGD",
    "124": "CAD",
    "036": "AUD",
    "941": "RSD",
    "682": "SAR",
    "634": "QAR",
    "818": "EGP",
    "710": "ZAR",
    "986": "BRL",
    "496": "MNT",
    "934": "TMT",
}
_ACCOUNT = re.compile(r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}")


def clean_account(number: str) -> str:
    """The account without spaces, dots and hyphens; a Cyrillic letter in it becomes the Latin one it looks like."""
    return re.sub(r"[.\-]", "", clean(number)).translate(CYRILLIC_LOOK_ALIKES)


def bic_fault(bic: str) -> Fault | None:
    """A Russian bank has a BIC of nine digits; whether it exists, the directory says."""
    if is_digits(clean(bic), 9):
        return None
    return Fault("bic", _("A BIC has 9 digits"), "BIC_FORMAT")


def bic_unknown(updated_on: date) -> Fault:
    """The directory of the Bank of Russia has no such bank."""
    said = phrase(_("The BIC is not in the Bank of Russia directory of %(date)s"), date=updated_on)
    return Fault("bic", said, "BIC_UNKNOWN")


def account_fault(number: str, bic: str, *, currency: str | None = None) -> Fault | None:
    """An account has twenty characters, belongs to the bank by its key, and is kept in the currency it says."""
    account, code = clean_account(number), clean(bic)
    if not _ACCOUNT.fullmatch(account):
        return Fault("number", _("An account number has 20 digits"), "ACC_LENGTH")
    wrong_bic = bic_fault(code)
    if wrong_bic:
        return wrong_bic
    if not any(_key_agrees(prefix, account) for prefix in _prefixes(account, code)):
        said = _("The account number does not match BIC %(bic)s: check the account and the BIC for a mistake")
        return Fault("number", phrase(said, bic=code), "ACC_KEY")
    return _currency_fault(account, currency) if currency else None


def correspondent_account_fault(number: str, bic: str) -> Fault | None:
    """The account a bank keeps with the Bank of Russia begins with 301 and has a key of its own."""
    account = clean_account(number)
    if is_digits(account, 20) and not account.startswith(CORRESPONDENT):
        said = _("A correspondent account begins with 301")
        return Fault("corr_account", said, "ACC_KIND")
    fault = account_fault(account, bic)
    return Fault("corr_account", fault.message, fault.code) if fault and fault.field == "number" else fault


def account_currency(number: str) -> str | None:
    """The currency that positions six to eight of the account name."""
    return CURRENCY_OF.get(clean_account(number)[5:8].translate(LETTERS))


def iban_fault(number: str) -> Fault | None:
    """An account abroad is an IBAN with the right check digits and the length of its country."""
    try:
        iban.validate(clean(number))
    except ValidationError:
        said = phrase(_("IBAN %(iban)s: check digits or length do not match"), iban=clean(number)[:34])
        return Fault("number", said, "IBAN_CHECKSUM")
    return None


def swift_fault(code: str) -> Fault | None:
    """A SWIFT code has 8 or 11 characters: bank, country, place and branch."""
    try:
        swift.validate(clean(code))
    except ValidationError:
        return Fault("bic", _("A SWIFT code has 8 or 11 characters, for example SABRRUMM"), "SWIFT_FORMAT")
    return None


def _prefixes(account: str, bic: str) -> tuple[str, ...]:
    """The three digits before the account; accounts with the Bank of Russia take the region, others the bank."""
    by_region, by_bank = f"0{bic[4:6]}", bic[6:9]
    if bic[:2] in TREASURY:
        return by_region, by_bank
    if account.startswith(CORRESPONDENT) or by_bank in SETTLEMENT_CENTRES:
        return (by_region,)
    return (by_bank,)


def _key_agrees(prefix: str, account: str) -> bool:
    digits = prefix + account.translate(LETTERS)
    return sum(int(digit) * WEIGHTS[place % 3] % 10 for place, digit in enumerate(digits)) % 10 == 0


def _currency_fault(account: str, currency: str) -> Fault | None:
    code = account[5:8].translate(LETTERS)
    kept_in = CURRENCY_OF.get(code)
    if kept_in == currency:
        return None
    if kept_in == "RUB":
        said = phrase(_("The account is in roubles (810), but the currency given is %(currency)s"), currency=currency)
    elif code == "643":
        said = phrase(_("Rouble accounts carry 810 in positions 6–8, this one carries 643"))
    else:
        said = phrase(
            _("The account is in %(kept)s (%(code)s), but the currency given is %(currency)s"),
            kept=kept_in or "—",
            code=code,
            currency=currency,
        )
    return Fault("currency", said, "ACC_CURRENCY")
