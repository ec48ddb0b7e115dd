"""A month of records by one of their dates."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.attributes.stored import StoredField
from krug.kernel.dates import bounds_of_day, zone_called
from krug.kernel.entity import CalendarView
from krug.kernel.errors import BadRequest
from krug.kernel.fields import DateTimeField, Reading
from krug.kernel.journal.differences import sentence
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import Condition, with_condition
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState, column_at, list_url
from krug.kernel.moment import then
from krug.kernel.ui import formats

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field

A_DAY = 4
OF_THE_ROW = ("created_at", "updated_at")


@dataclass(frozen=True)
class Look:
    """One reader's look at one month."""

    entity: Entity
    view: CalendarView
    state: ListState
    reading: Reading
    first: date

    @cached_property
    def field(self) -> Field:
        """The date that the calendar is made by."""
        return self.entity.field(self.view.by)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All records of the list."""
        return rows_matching(self.entity, self.state, self.reading)

    @cached_property
    def title(self) -> Field:
        """What a record is called there."""
        name = self.entity.title if self.entity.title in self.entity.fields else ""
        return self.entity.field(name or self.state.shown_columns(self.entity)[0])

    def between(self, since: date, until: date) -> QuerySet[Any]:
        """Records from one day of the reader to another."""
        begin, end = _bounds(self.field, self.reading, since, until)
        if isinstance(self.field, StoredField):
            kept = {"gte": self.field.sought(begin), "lt": self.field.sought(end)}
            found = {f"{self.field.indexed_as}__{side}": value for side, value in kept.items()}
            return self.rows.filter(self.field.entries(**found))
        return self.rows.filter(**{f"{self.field.at}__gte": begin, f"{self.field.at}__lt": end})

    def day_of(self) -> Any:
        """The day of a record, as the database reads it out of the row."""
        if isinstance(self.field, StoredField):
            return self.field.expression()
        at = self.field.at
        return TruncDate(at, tzinfo=zone_called(self.reading.user.timezone)) if self.field.kind == "datetime" else F(at)

    def counts(self, days: list[date]) -> dict[date, int]:
        """How many records each day has."""
        found = self.between(days[0], days[-1]).order_by().annotate(day_of=self.day_of())
        return dict(found.values_list("day_of").annotate(how_many=Count("pk")))

    def records(self, days: list[date]) -> dict[date, list[dict[str, Any]]]:
        """The first records of each day, all days in two statements."""
        at, title = self.field.at, self.title
        order = ("id",) if self.field.is_attribute else (at, "id")
        parts = [self.between(day, day).order_by(*order).values_list("pk", flat=True)[:A_DAY] for day in days]
        ids = list(parts[0].union(*parts[1:], all=True))
        rows = self.entity.model._default_manager.filter(pk__in=ids).order_by(*order)
        found: dict[date, list[dict[str, Any]]] = {}
        for row in rows_told(rows, self.entity, [title], self.reading.user, also=("id", at)):
            moment = self.field.typed(row[at]) if isinstance(self.field, StoredField) else row[at]
            local = timezone.localtime(moment) if isinstance(moment, datetime) else None
            words = title.cell(row, self.reading.language).text or f"№ {row['id']}"
            record = {"url": then(self.entity.url(row["id"])), "title": words, "time": formats.clock(local)}
            found.setdefault(local.date() if local else moment, []).append(record)
        return found

    def day(self, day: date, records: list[dict[str, Any]], count: int) -> dict[str, Any]:
        """One field of the month."""
        tree = with_condition(self.state.tree, Condition(self.view.by, "eq", day.isoformat()))
        return {
            "number": day.day,
            "words": formats.weekday_date(day, self.reading.language, with_year_beside=self.first.year),
            "iso": day.isoformat(),
            "is_today": day == self.reading.today,
            "is_outside": day.month != self.first.month,
            "records": records,
            "more": formats.number(count - len(records)) if count > len(records) else "",
            "url": list_url(self.entity, self.state, view="table", tree=tree, month="") if records else "",
        }


def calendar_of(entity: Entity, by: str = "") -> CalendarView | None:
    """The calendar by that day, or the one that the type declares, or else one by the first of its days."""
    if by and is_day(entity, by):
        return CalendarView(by=by)
    declared = next((view for view in entity.views if isinstance(view, CalendarView)), None)
    names = [] if declared else days_of(entity)
    return declared or (CalendarView(by=names[0]) if names else None)


def days_of(entity: Entity) -> list[str]:
    """The days and moments of a type, also those of the company's own fields.

    Those that an index keeps in order come first, and last those that tell only when the row was written.
    """
    kept = {index.fields[0].lstrip("-") for index in entity.model._meta.indexes if index.fields}
    names = [name for name in dict.fromkeys((*entity.columns, *entity.filters, *entity.fields)) if is_day(entity, name)]
    return sorted(names, key=lambda name: (name in OF_THE_ROW, entity.fields[name].at not in kept))


def is_day(entity: Entity, name: str) -> bool:
    """Whether the field is a day or a moment that stands in the rows."""
    field = entity.fields.get(name)
    if field is None or field.kind not in ("date", "datetime"):
        return False
    if field.is_attribute:
        return True
    return "__" not in field.at and column_at(entity.model, field.at) is not None


def calendar_context(entity: Entity, view: CalendarView, state: ListState, reading: Reading) -> dict[str, Any]:
    """The weeks of a month with a few records a day; each day leads to all of them in the list."""
    first, view = month_of(state.month, reading.today), calendar_of(entity, state.by) or view
    look = Look(entity, view, state, reading, first)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    days = [day for week in weeks for day in week]
    counts = look.counts(days)
    records = look.records([day for day in days if counts.get(day)]) if counts else {}
    return {
        "month_words": formats.month(first, reading.language),
        "month_previous": list_url(entity, state, month=(first - timedelta(days=1)).strftime("%Y-%m")),
        "month_next": list_url(entity, state, month=(first + timedelta(days=31)).strftime("%Y-%m")),
        "month_today": list_url(entity, state, month=""),
        "weekdays": [formats.weekday(day, reading.language) for day in weeks[0]],
        "weeks": [[look.day(day, records.get(day, []), counts.get(day, 0)) for day in week] for week in weeks],
        "by_words": sentence(look.field.label),
        "calendar_days": [
            (sentence(entity.fields[name].label), list_url(entity, state, by=name), name == view.by)
            for name in days_of(entity)
        ],
        "is_quiet": not counts,
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
