"""The weighted forecast: expected sum of open deals and how far it may miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from krug.kernel.money import round_money

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Forecast:
    """A sum and its spread; a bare number is never shown."""

    expected: Decimal
    spread: Decimal


def weighted_forecast(deals: Iterable[tuple[Decimal, Decimal]]) -> Forecast:
    """F = Σ a·p and σ = √Σ a²·p·(1−p), from amounts and probabilities in percent."""
    expected, variance = Decimal(0), Decimal(0)
    for amount, percent in deals:
        chance = percent / HUNDRED
        expected += amount * chance
        variance += amount * amount * chance * (1 - chance)
    return Forecast(round_money(expected), round_money(variance.sqrt()))
