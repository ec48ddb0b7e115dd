"""A list sorted by a field that the company added: its index is walked in order, then those without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Value

from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.listing.paging import Beyond, Page, bounded, read_cursor

if TYPE_CHECKING:
    from krug.kernel.attributes.stored import StoredField
    from krug.kernel.listing.state import ListState

Place = tuple[Any, int]


def page_by_attribute(
    rows: QuerySet[Any], field: StoredField, is_falling: bool, state: ListState, paths: tuple[str, ...]
) -> Page:
    """One page: the numbers of its records from the index, then the records themselves."""
    key, backwards = field.indexed_as, bool(state.before) and not state.after
    column: Any = AttributeIndex._meta.get_field(key)
    cursor = read_cursor(state.before if backwards else state.after, field.name, is_falling, column)
    places: list[Place] = []
    for phase in _phases(rows, field, down=is_falling != backwards, cursor=cursor, backwards=backwards):
        if len(places) > state.limit:
            break
        places += phase[: state.limit + 1 - len(places)]
    found = {row["id"]: row for row in rows.filter(pk__in=[pk for _key, pk in places]).values(*dict.fromkeys(paths))}
    told = [{**found[pk], field.name: value} for value, pk in places if pk in found]
    return bounded(told, field.name, is_falling, state, cursor)


def place_by_attribute(field: StoredField, pk: int) -> dict[str, Any]:
    """Where a record stands in a list sorted by the field, as a row that makes a cursor."""
    entries = AttributeIndex.objects.filter(attribute_id=field.number, record_id=pk)
    return {"id": pk, field.name: entries.values_list(field.indexed_as, flat=True).first()}


def _phases(
    rows: QuerySet[Any], field: StoredField, *, down: bool, cursor: Place | None, backwards: bool
) -> list[QuerySet[Any]]:
    """Records with a value, then records without: each part reads an index in one direction."""
    sign, key, compared = ("<", f"-{field.indexed_as}", "lt") if down else (">", field.indexed_as, "gt")
    order = (key, "-record_id" if down else "record_id")
    known = {"attribute_id": field.number, f"{field.indexed_as}__isnull": False}
    entries = AttributeIndex.objects.filter(**known, record_id__in=rows.order_by().values("pk")).order_by(*order)
    with_value = entries.values_list(field.indexed_as, "record_id")
    empty = rows.filter(~field.entries()).order_by("-id" if down else "id")
    nothing = Value(0 if field.is_zero_empty else None, output_field=BigIntegerField())
    without = empty.values_list(nothing, "id")
    is_first = not down if field.is_zero_empty else backwards
    parts = [without, with_value] if is_first else [with_value, without]
    if cursor is None:
        return parts
    value, number = cursor
    if value is None or (field.is_zero_empty and not value):
        rest = without.filter(Q(**{f"id__{compared}": number}))
        return [rest, with_value] if is_first else [rest]
    column: Any = AttributeIndex._meta.get_field(field.indexed_as)
    place = Value(value, output_field=column)
    ahead = with_value.filter(Beyond(F(field.indexed_as), F("record_id"), place, Value(number), sign=sign))
    return [ahead] if is_first else [ahead, without]
