"""A month of records by one of their dates."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.dates import bounds_of_day, zone_called
from krug.kernel.entity import CalendarView
from krug.kernel.errors import BadRequest
from krug.kernel.fields import DateTimeField, Reading
from krug.kernel.listing.filters import Condition, with_condition
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.ui import formats

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

A_DAY = 4
MOST = 1000


@dataclass(frozen=True)
class Look:
    """One reader's look at one month."""

    entity: Entity
    view: CalendarView
    state: ListState
    reading: Reading
    first: date

    def records(self, since: date, until: date) -> dict[date, list[dict[str, Any]]]:
        """Records by the day of the reader, from one day to another."""
        field, title = self.entity.field(self.view.by), self.entity.field(self.entity.title)
        begin, end = _bounds(field, self.reading, since, until)
        rows = rows_matching(self.entity, self.state, self.reading)
        rows = rows.filter(**{f"{field.at}__gte": begin, f"{field.at}__lt": end}).order_by(field.at, "id")
        found: dict[date, list[dict[str, Any]]] = {}
        for row in rows.values("id", field.at, *title.paths())[:MOST]:
            moment = row[field.at]
            local = timezone.localtime(moment) if isinstance(moment, datetime) else None
            words = title.cell(row, self.reading.language).text or f"№ {row['id']}"
            record = {"url": self.entity.url(row["id"]), "title": words, "time": formats.clock(local)}
            found.setdefault(local.date() if local else moment, []).append(record)
        return found

    def day(self, day: date, records: list[dict[str, Any]]) -> dict[str, Any]:
        """One field of the month."""
        tree = with_condition(self.state.tree, Condition(self.view.by, "eq", day.isoformat()))
        return {
            "number": day.day,
            "words": formats.weekday_date(day, self.reading.language, with_year_beside=self.first.year),
            "iso": day.isoformat(),
            "is_today": day == self.reading.today,
            "is_outside": day.month != self.first.month,
            "records": records[:A_DAY],
            "more": max(len(records) - A_DAY, 0),
            "url": list_url(self.entity, self.state, view="table", tree=tree, month="") if records else "",
        }


def calendar_context(entity: Entity, view: CalendarView, state: ListState, reading: Reading) -> dict[str, Any]:
    """The weeks of a month with a few records a day; each day leads to all of them in the list."""
    first = month_of(state.month, reading.today)
    look = Look(entity, view, state, reading, first)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    by_day = look.records(weeks[0][0], weeks[-1][-1])
    return {
        "month_words": formats.month(first, reading.language),
        "month_previous": list_url(entity, state, month=(first - timedelta(days=1)).strftime("%Y-%m")),
        "month_next": list_url(entity, state, month=(first + timedelta(days=31)).strftime("%Y-%m")),
        "month_today": list_url(entity, state, month=""),
        "weekdays": [formats.weekday(day, reading.language) for day in weeks[0]],
        "weeks": [[look.day(day, by_day.get(day, [])) for day in week] for week in weeks],
        "empty": None,
    }


def month_of(text: str, today: date) -> date:
    """The first day of the month that the address names; this month when it names none."""
    if not text:
        return today.replace(day=1)
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  (a month has no zone)
    except ValueError as fault:
        raise BadRequest(_("A month is written as 2026-11."), field="month", code="MONTH") from fault
    if not 1900 < first.year < 2999:
        raise BadRequest(_("A month is written as 2026-11."), field="month", code="MONTH")
    return first


def _bounds(field: Any, reading: Reading, first: date, last: date) -> tuple[Any, Any]:
    if isinstance(field, DateTimeField):
        zone = zone_called(reading.user.timezone)
        return bounds_of_day(first, zone)[0], bounds_of_day(last, zone)[1]
    return first, last + timedelta(days=1)
