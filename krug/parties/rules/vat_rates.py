"""The rates of VAT that ship with the product, to be loaded into the dated reference table; code asks the table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from krug.parties.rules.vat import VatRate


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rate(country: str, family: str, percent: str, since: str = "", until: str = "") -> VatRate:
    """A rate; `until` is the first day on which it no longer applies."""
    rate = Decimal(percent)
    edo_value = f"{percent}%" if country == "RU" else ""
    return VatRate(country, f"vat{percent}", family, rate, _day(since), _day(until), edo_value)


SHIPPED_RATES: Final[tuple[VatRate, ...]] = (
    _rate("RU", "standard", "18", "2004-01-01", "2019-01-01"),
    _rate("RU", "standard", "20", "2019-01-01", "2026-01-01"),
    # Law 425-FZ of 28.11.2025.
    _rate("RU", "standard", "22", "2026-01-01"),
    _rate("RU", "reduced", "10"),
    _rate("RU", "zero", "0"),
    _rate("RU", "simplified_5", "5", "2025-01-01"),
    _rate("RU", "simplified_7", "7", "2025-01-01"),
    VatRate("RU", "none", "none", None, edo_value="без НДС"),
    _rate("KZ", "standard", "12", "2009-01-01", "2026-01-01"),
    _rate("KZ", "standard", "16", "2026-01-01"),
    _rate("KZ", "medicine", "5", "2026-01-01", "2027-01-01"),
    _rate("KZ", "medicine", "10", "2027-01-01"),
    _rate("BY", "standard", "20"),
    _rate("AM", "standard", "20"),
    _rate("KG", "standard", "12"),
    _rate("UZ", "standard", "12"),
)

# The only values that the format 5.03 of the УПД accepts.
EDO_VALUES: Final = (
    "0%",
    "5%",
    "7%",
    "9,09%",
    "10%",
    "16,67%",
    "18%",
    "18,03%",
    "20%",
    "22%",
    "5/105",
    "7/107",
    "10/110",
    "18/118",
    "20/120",
    "22/122",
    "без НДС",
    "НДС исчисляется налоговым агентом",
)


def calculated_edo_value(rate: VatRate) -> str:
    """The rate of an advance as the УПД writes it: 22/122."""
    parts = rate.calculated
    return f"{parts[0]:f}/{parts[1]:f}" if parts else rate.edo_value
