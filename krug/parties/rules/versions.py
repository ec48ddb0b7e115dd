"""Dated versions of requisites: they follow each other and never overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Fault
from krug.kernel.phrases import phrase


@dataclass(frozen=True)
class Period:
    """The half-open period in which a version is in force; no end means until further notice."""

    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the version is in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: Period) -> bool:
        """Whether both are in force on some day."""
        mine_ends_first = self.valid_to is not None and self.valid_to <= other.valid_from
        theirs_ends_first = other.valid_to is not None and other.valid_to <= self.valid_from
        return not mine_ends_first and not theirs_ends_first


def overlap_fault(period: Period, others: Iterable[Period]) -> Fault | None:
    """A version must end after it begins, and may not share a day with another one of the same party."""
    if period.valid_to is not None and period.valid_to <= period.valid_from:
        return Fault("valid_to", _("The end of the period is before its beginning"), "PERIOD_BACKWARDS")
    for other in others:
        if period.overlaps(other):
            said = _("The period of the requisites overlaps the version of %(date)s")
            return Fault("valid_from", phrase(said, date=other.valid_from), "REQ_OVERLAP")
    return None
