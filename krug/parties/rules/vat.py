"""VAT: which rate is in force on a day, and how much of a sum it is; always per line, half up to the kopeck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Fault, Refusal
from krug.kernel.money import ZERO, round_money
from krug.kernel.phrases import phrase
from krug.parties.models.rates import TaxRate


@dataclass(frozen=True)
class Amounts:
    """A sum taken apart: without VAT, the VAT, and with it."""

    net: Decimal
    vat: Decimal
    gross: Decimal


def vat_on_top(net: Decimal, rate: Decimal | None) -> Amounts:
    """The price is without VAT: it is added."""
    net = round_money(net)
    vat = round_money(net * rate / 100) if rate else ZERO
    return Amounts(net, vat, net + vat)


def vat_inside(gross: Decimal, rate: Decimal | None) -> Amounts:
    """The price holds the VAT: it is taken out, and the net is what is left, never rounded by itself."""
    gross = round_money(gross)
    vat = round_money(gross * rate / (100 + rate)) if rate else ZERO
    return Amounts(gross - vat, vat, gross)


def advance_vat(advance: Decimal, rate: Decimal | None) -> Decimal:
    """The VAT of an advance, by the calculated rate: 22/122, for a simplified payer 5/105."""
    return vat_inside(advance, rate).vat


def document_amounts(lines: Iterable[Amounts]) -> Amounts:
    """The totals of a document are the sums of its lines and nothing else, in print as in XML."""
    net = vat = gross = ZERO
    for line in lines:
        net, vat, gross = net + line.net, vat + line.vat, gross + line.gross
    return Amounts(net, vat, gross)


def rate_for(country: str, code: str, on: date, *, rates: Iterable[TaxRate]) -> TaxRate:
    """The rate of that code or family on the day of shipment; a rate out of force is refused with the one to use."""
    of_country = [rate for rate in rates if rate.country == country]
    found = next((rate for rate in of_country if code in (rate.code, rate.family) and rate.in_force(on)), None)
    if found:
        return found
    named = next((rate for rate in of_country if code in (rate.code, rate.family)), None)
    if named is None:
        said = phrase(_("There is no rate of VAT “%(code)s” for country %(country)s."), code=code, country=country)
        raise Refusal(said, field="vat_rate", code="VAT_RATE_UNKNOWN")
    fault = rate_date_fault(named, on, rates=of_country)
    assert fault is not None  # the rate is not in force, so there is a fault
    raise Refusal(fault.message, field=fault.field, code=fault.code)


def rate_date_fault(rate: TaxRate, on: date, *, rates: Iterable[TaxRate]) -> Fault | None:
    """A rate may be used only on the days of its law; otherwise the message names the one to use."""
    if rate.in_force(on):
        return None
    successor = next(
        (
            other
            for other in rates
            if (other.country, other.family) == (rate.country, rate.family) and other.in_force(on)
        ),
        None,
    )
    if successor is None or successor.rate is None or rate.rate is None:
        said = phrase(_("The rate %(rate)s %% is not in force on %(date)s"), rate=rate.rate or ZERO, date=on)
    else:
        said = phrase(
            _("The rate %(rate)s %% is not in force on %(date)s, use %(instead)s %%"),
            rate=rate.rate,
            date=on,
            instead=successor.rate,
        )
    return Fault("vat_rate", said, "VAT_RATE_DATE")
