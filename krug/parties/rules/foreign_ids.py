"""Tax numbers of other countries, and the GLN of an address: checked by their own rules where they have any."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

from django.utils.translation import gettext_lazy as _
from stdnum import ean, lei
from stdnum.exceptions import ValidationError

from krug.kernel.errors import Fault
from krug.kernel.phrases import phrase
from krug.parties.rules.russian_ids import clean, is_digits

KZ_FIRST: Final = tuple(range(1, 12))
KZ_SECOND: Final = (*range(3, 12), 1, 2)

_EU: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU: Final = frozenset(_EU.split())
VAT_TYPES: Final = ("", "vat", "ндс")
MODULES: Final[dict[str, tuple[str, ...]]] = {
    "BY": ("by.unp",),
    "UA": ("ua.edrpou", "ua.rntrc"),
    "AZ": ("az.voen",),
    "MD": ("md.idno",),
    "GB": ("gb.vat", "gb.utr"),
    "CH": ("ch.uid", "ch.vat"),
    "TR": ("tr.vkn", "tr.tckimlik"),
    "CN": ("cn.uscc",),
    "RS": ("rs.pib",),
    "NO": ("no.orgnr", "no.mva"),
    "IS": ("is_.kennitala", "is_.vsk"),
    "IL": ("il.hp", "il.idnr"),
    "IN": ("in_.gstin", "in_.pan"),
    "JP": ("jp.cn",),
    "KR": ("kr.brn",),
    "US": ("us.ein", "us.tin"),
    "CA": ("ca.bn",),
    "AU": ("au.abn", "au.acn"),
    "NZ": ("nz.ird",),
    "BR": ("br.cnpj", "br.cpf"),
    "MX": ("mx.rfc",),
    "AR": ("ar.cuit",),
    "CL": ("cl.rut",),
    "CO": ("co.nit",),
    "TH": ("th.tin",),
    "VN": ("vn.mst",),
    "SG": ("sg.uen",),
    "ZA": ("za.tin",),
    "EG": ("eg.tn",),
    "MK": ("mk.edb",),
}
# Format only, as far as the registers of these countries publish no rule (unverified in spec 01).
LENGTHS: Final[dict[str, tuple[int, ...]]] = {"UZ": (9, 14), "KG": (14,), "AM": (8,), "TJ": (9,), "GE": (9, 11)}


@dataclass(frozen=True)
class ForeignTaxId:
    """A tax number with the country that gave it and the kind the country calls it."""

    country: str
    value: str
    type: str = ""


def foreign_tax_id_fault(tax_id: ForeignTaxId) -> Fault | None:
    """A tax number abroad is right when one of the kinds its country knows accepts it; unknown countries pass."""
    country, value = tax_id.country.upper(), clean(tax_id.value)
    if not value:
        return Fault("foreign_tax_ids", _("Enter the tax number"), "TAX_ID_REQUIRED")
    if country == "KZ":
        return kazakhstan_fault(value)
    if country in LENGTHS:
        right = is_digits(value, *LENGTHS[country])
    elif country in EU and tax_id.type.casefold() not in VAT_TYPES:
        right = True
    else:
        checks = _checks(country)
        right = not checks or any(_passes(check, value) for check in checks)
    return None if right else _wrong(country, value)


def kazakhstan_fault(number: str) -> Fault | None:
    """БИН and ИИН: twelve digits, the last by weights 1–11, or 3–11, 1, 2 when the first sum gives ten."""
    text = clean(number)
    if not is_digits(text, 12):
        return Fault("foreign_tax_ids", _("A BIN or IIN of Kazakhstan has 12 digits"), "BIN_LENGTH")
    check = 10
    for weights in (KZ_FIRST, KZ_SECOND):
        if check == 10:
            check = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False)) % 11
    if text.strip("0") and check == int(text[11]):
        return None
    return Fault(
        "foreign_tax_ids", phrase(_("BIN/IIN %(value)s: check digit does not match"), value=text), "BIN_CHECKSUM"
    )


def gln_fault(gln: str) -> Fault | None:
    """The global number of a place has 13 digits and a check digit."""
    text = clean(gln)
    if is_digits(text, 13) and _passes(ean.validate, text):
        return None
    return Fault("gln", _("A GLN has 13 digits, and the last one must match"), "GLN_CHECKSUM")


def lei_fault(code: str) -> Fault | None:
    """A legal entity identifier has 20 characters and check digits."""
    if _passes(lei.validate, clean(code)):
        return None
    return Fault("lei", _("An LEI has 20 characters, and the check digits must match"), "LEI_CHECKSUM")


def _passes(check: Callable[[str], str], value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


@cache
def _checks(country: str) -> tuple[Callable[[str], str], ...]:
    modules = ("eu.vat",) if country in EU else MODULES.get(country, ())
    if country not in EU:
        return tuple(import_module(f"stdnum.{name}").validate for name in modules)
    vat = import_module("stdnum.eu.vat").validate
    prefix = "EL" if country == "GR" else country

    def national(value: str) -> str:
        bare = re.sub(rf"^{prefix}", "", value)
        checked: str = vat(prefix + bare)
        return checked

    return (national,)


def _wrong(country: str, value: str) -> Fault:
    said = phrase(
        _("Tax number %(value)s does not match the rules of country %(country)s"), value=value, country=country
    )
    return Fault("foreign_tax_ids", said, "TAX_ID_FORMAT")
