"""Pages by key: the next page starts after the last row of this one, however deep in a million rows."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.fields import Field as Column
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.listing.state import ListState, column_at

LONGEST_CURSOR = 2000
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursors of its neighbours; an empty cursor means there is none."""

    rows: list[dict[str, Any]]
    previous: str = ""
    next: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows there are."""
        return not (self.previous or self.next)


class Beyond(Func):
    """Compares the pair of sort key and number with the pair of the cursor, as one index condition."""

    output_field = BooleanField()
    arity = 4

    def as_sql(self, compiler: Any, connection: Any, *unused: Any, **extra: Any) -> Any:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        sign = self.extra["sign"]
        text = f"({parts[0][0]}, {parts[1][0]}) {sign} ({parts[2][0]}, {parts[3][0]})"
        return text, tuple(value for part in parts for value in part[1])


def page_of(
    rows: QuerySet[Any],
    at: str,
    is_falling: bool,
    state: ListState,
    paths: tuple[str, ...],
    *,
    column: Column[Any, Any] | None = None,
) -> Page:
    """One page of rows ordered by a path and the number; rows without a value come last in both directions."""
    column = column or column_at(rows.model, at)
    if column is None:
        raise LookupError(f"{rows.model.__name__} has no column {at} to sort by.")
    backwards = bool(state.before) and not state.after
    cursor = read_cursor(state.before if backwards else state.after, at, is_falling, column)
    wanted = tuple(dict.fromkeys((*paths, at)))
    phases = _phases(rows, at, column, down=is_falling != backwards, cursor=cursor, backwards=backwards)
    found: list[dict[str, Any]] = []
    for phase in phases:
        if len(found) > state.limit:
            break
        found += phase.values(*wanted)[: state.limit + 1 - len(found)]
    return bounded(found, at, is_falling, state, cursor)


def bounded(
    found: list[dict[str, Any]], at: str, is_falling: bool, state: ListState, cursor: tuple[Any, int] | None
) -> Page:
    """A page of the rows found, of which there may be one more than it holds, with the ways to its neighbours."""
    backwards = bool(state.before) and not state.after
    has_more = len(found) > state.limit
    found = found[: state.limit]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    first, last = (make_cursor(row, at, is_falling) for row in (found[0], found[-1]))
    goes_back, goes_on = (has_more, True) if backwards else (cursor is not None, has_more)
    return Page(found, previous=first if goes_back else "", next=last if goes_on else "")


def make_cursor(row: dict[str, Any], at: str, is_falling: bool) -> str:
    """The place of a row in its list, as an opaque word."""
    said = json.dumps(
        [f"{'-' if is_falling else ''}{at}", _plain(row[at]), row["id"]], ensure_ascii=False, separators=(",", ":")
    )
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_cursor(word: str, at: str, is_falling: bool, column: Column[Any, Any]) -> tuple[Any, int] | None:
    """The place behind the word; a word of another list, or no word of ours, is refused."""
    if not word:
        return None
    try:
        if len(word) > LONGEST_CURSOR:
            raise ValueError
        sort, value, number = json.loads(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
        if sort != f"{'-' if is_falling else ''}{at}" or type(number) is not int or not 0 < number <= LARGEST_ID:
            raise ValueError
        if isinstance(value, (dict, list)) or "\x00" in str(value):
            raise ValueError
        return (None if value is None else column.to_python(value), number)
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError) as fault:
        raise BadRequest(
            _("This place in the list is not known. Start from the first page."), field="cursor", code="CURSOR"
        ) from fault


def _phases(
    rows: QuerySet[Any],
    at: str,
    column: Column[Any, Any],
    *,
    down: bool,
    cursor: tuple[Any, int] | None,
    backwards: bool,
) -> list[QuerySet[Any]]:
    """Rows with a value, then rows without: each part reads a plain index in one direction."""
    sign = "<" if down else ">"
    key = f"{'-' if down else ''}{at}"
    order = (key,) if at == "id" else (key, "-id" if down else "id")
    if not _may_be_null(rows.model, at):
        return [_after(rows, at, column, sign, cursor).order_by(*order)]
    with_value = rows.filter(**{f"{at}__isnull": False}).order_by(*order)
    without = rows.filter(**{f"{at}__isnull": True}).order_by("-id" if down else "id")
    if cursor is None:
        return [without, with_value] if backwards else [with_value, without]
    value, number = cursor
    if value is None:
        rest = without.filter(Q(**{f"id__{'lt' if down else 'gt'}": number}))
        return [rest, with_value] if backwards else [rest]
    ahead = _after(with_value, at, column, sign, cursor)
    return [ahead] if backwards else [ahead, without]


def _after(
    rows: QuerySet[Any], at: str, column: Column[Any, Any], sign: str, cursor: tuple[Any, int] | None
) -> QuerySet[Any]:
    if cursor is None:
        return rows
    value, number = cursor
    if at == "id":
        return rows.filter(**{f"id__{'lt' if sign == '<' else 'gt'}": number})
    return rows.filter(Beyond(F(at), F("id"), Value(value, output_field=column), Value(number), sign=sign))


def _may_be_null(model: Any, at: str) -> bool:
    for name in at.split("__"):
        column = next((each for each in model._meta.get_fields() if each.name == name), None)
        if column is None:
            return True
        if column.null:
            return True
        model = getattr(column, "related_model", None) or model
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
