"""The periods that people name: this month, last quarter, this year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krug.language.calendar_words import first_of_month, first_of_quarter, plus_months

NAMES: dict[str, str | Promise] = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "year": _("This year"),
    "last_year": _("Last year"),
    "all": _("All time"),
}


@dataclass(frozen=True)
class Period:
    """Days from the first up to, not including, the last."""

    first: date
    after: date

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.after - timedelta(days=1)


def period_called(name: str, today: date) -> Period:
    """The period of that name around today."""
    month, quarter = first_of_month(today), first_of_quarter(today)
    year = today.replace(month=1, day=1)
    known = {
        "month": Period(month, plus_months(month, 1)),
        "last_month": Period(plus_months(month, -1), month),
        "quarter": Period(quarter, plus_months(quarter, 3)),
        "year": Period(year, year.replace(year=year.year + 1)),
        "last_year": Period(year.replace(year=year.year - 1), year),
    }
    return known.get(name, Period(date(1990, 1, 1), date(2100, 1, 1)))
