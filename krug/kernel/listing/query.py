"""The rows of a list: what the user may see, narrowed by filter and words, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, QuerySet, When

from krug.kernel.attributes.stored import StoredField
from krug.kernel.listing import filters
from krug.kernel.listing.by_attribute import page_by_attribute, place_by_attribute
from krug.kernel.listing.concealing import sort_seen, told, with_ways_guarded
from krug.kernel.listing.paging import Page, page_of
from krug.kernel.listing.state import ListState, column_at, sort_path
from krug.kernel.listing.words import plan_of, with_words

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

MOST_COUNTED = 10_000
CHEAP = 5_000


@dataclass(frozen=True)
class Found:
    """How many records there are, and whether that is counted or estimated."""

    count: int
    is_exact: bool


def rows_matching(entity: Entity, state: ListState, reading: Reading) -> QuerySet[Any]:
    """All records that the state names, unordered; what is put away appears only when the filter asks for it."""
    rows = entity.rows_for(reading.user)
    put_away = filters.mentions(state.tree, "is_archived")
    if not put_away and any(column.name == "is_archived" for column in entity.model._meta.concrete_fields):
        rows = rows.filter(is_archived=False)
    if state.tree:
        rows = rows.filter(filters.compile(entity, state.tree, reading))
    return with_words(entity, rows, state.q, reading.user, put_away=put_away) if state.q else rows


def read_page(
    entity: Entity,
    state: ListState,
    reading: Reading,
    paths: tuple[str, ...] = (),
    *,
    names: tuple[str, ...] = (),
    rows: QuerySet[Any] | None = None,
) -> Page:
    """One page of rows as dictionaries of the paths asked for; the query count does not depend on the rows.

    `names` are the fields whose values are shown, those of the state unless named: of linked records that the
    reader may not see nothing is read. A row that such a record would place stands among those without a value.
    """
    name, is_falling = state.sorted_by(entity)
    rows = rows_matching(entity, state, reading) if rows is None else rows
    rows, at = _with_place(rows, entity, name, reading)
    column, sorted_by = column_at(entity.model, sort_path(entity, name)), entity.field(name)
    shown = names or (() if paths else state.shown_columns(entity))
    rows, stand_ins, stood_for = with_ways_guarded(rows, entity, shown, reading.user)
    wanted = [path for path in (paths or paths_of(entity, shown)) if path not in stood_for]
    paths = ("id", *wanted, *stand_ins)
    if isinstance(sorted_by, StoredField) and sorted_by.is_indexed(reading.user):
        page = page_by_attribute(rows, sorted_by, is_falling, state, paths)
    else:
        if isinstance(sorted_by, StoredField):
            key = sorted_by.worked(reading.user)
            rows, at, column = rows.annotate(**{name: key}), name, key.output_field
        page = page_of(rows, at, is_falling, state, paths, column=column)
    told(page.rows, stood_for, [entity.field(each) for each in shown], reading.user)
    return page


def in_order(rows: QuerySet[Any], entity: Entity, state: ListState, reading: Reading) -> QuerySet[Any]:
    """The rows in one go as the pages of the list show them: blanks last, the number as the tie-breaker."""
    name, is_falling = state.sorted_by(entity)
    rows, at = _with_place(rows, entity, name, reading)
    if at == "id":
        return rows.order_by("-id" if is_falling else "id")
    field = entity.field(name)
    key = field.worked(reading.user) if isinstance(field, StoredField) else F(at)
    first = key.desc(nulls_last=True) if is_falling else key.asc(nulls_last=True)
    return rows.order_by(first, "-id" if is_falling else "id")


def _with_place(rows: QuerySet[Any], entity: Entity, name: str, reading: Reading) -> tuple[QuerySet[Any], str]:
    """The rows, and the path by which the reader may know their order."""
    at, guard = sort_path(entity, name), sort_seen(entity, name, reading)
    if not guard:
        return rows, at
    placed = Case(When(guard, then=F(at)), output_field=column_at(entity.model, at))
    return rows.annotate(place_seen=placed), "place_seen"


def place_of(entity: Entity, name: str, rows: QuerySet[Any], pk: int, user: User) -> tuple[str, dict[str, Any] | None]:
    """Where a record stands in a list sorted by this field: by what, and the row that makes a cursor."""
    field = entity.field(name)
    if isinstance(field, StoredField) and field.is_indexed(user):
        return name, place_by_attribute(field, pk) if rows.filter(pk=pk).exists() else None
    if isinstance(field, StoredField):
        return name, rows.filter(pk=pk).annotate(**{name: field.worked(user)}).values("id", name).first()
    at = sort_path(entity, name)
    return at, rows.filter(pk=pk).values("id", at).first()


def paths_of(entity: Entity, names: tuple[str, ...]) -> tuple[str, ...]:
    """The database paths that these fields need, each once."""
    return tuple(dict.fromkeys(path for name in names for path in entity.field(name).paths()))


def estimate(rows: QuerySet[Any]) -> Found:
    """How many rows there are: counted while that is cheap and few, otherwise what the planner thinks."""
    plan = plan_of(rows)
    if plan["Total Cost"] <= CHEAP and plan["Plan Rows"] <= MOST_COUNTED:
        return count_up_to(rows, MOST_COUNTED)
    return Found(int(plan["Plan Rows"]), False)


def count_exactly(rows: QuerySet[Any]) -> Found:
    """Every row counted, because somebody asked for it."""
    return Found(rows.order_by().count(), True)


def count_up_to(rows: QuerySet[Any], most: int) -> Found:
    """The exact count, unless there are more than `most`."""
    counted = rows.order_by()[: most + 1].count()
    return Found(counted, True) if counted <= most else Found(max(int(plan_of(rows)["Plan Rows"]), most), False)
