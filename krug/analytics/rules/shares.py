"""Shares with the honesty that small numbers need."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
FEW = 10


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval in which the true share lies with 95 % confidence."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself, or nothing when there is nothing to divide."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (Wilson 1927): right for few cases and for shares near 0 and 1."""
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        middle = p + Z95**2 / (2 * n)
        spread = Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        below, above = (middle - spread) / (1 + Z95**2 / n), (middle + spread) / (1 + Z95**2 / n)
        return max(0.0, below), min(1.0, above)

    @property
    def is_small(self) -> bool:
        """Too few cases to say much."""
        return self.whole < FEW
