"""How long a deal may stand in one stage before it is called stale."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Age(StrEnum):
    """How a deal's time in its stage compares with the norm."""

    FRESH = "fresh"
    YELLOW = "yellow"
    RED = "red"


def days_between(since: datetime, now: datetime) -> int:
    """Whole days passed."""
    return max((now - since).days, 0)


def age_of(days: int, norm: int | None) -> Age:
    """Yellow beyond the norm, red beyond twice the norm; a stage without a norm never ages."""
    if norm is None or days <= norm:
        return Age.FRESH
    return Age.RED if days > 2 * norm else Age.YELLOW
