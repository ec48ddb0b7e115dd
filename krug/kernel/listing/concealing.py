"""What a row tells of linked records that its reader may not see: that there is one, and nothing more (ACL-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from krug.access.models import User
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, ReferenceField
from krug.kernel.fields.reference import CONCEALED
from krug.kernel.listing.filters import field_seen_through
from krug.kernel.registry import entity_of
from krug.kernel.visibility import is_employee, rights_of

if TYPE_CHECKING:
    from django.db.models import Model

    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading


def rows_told(
    rows: QuerySet[Any],
    entity: Entity,
    fields: Sequence[Field],
    user: User,
    *,
    also: Iterable[str] = (),
    most: int | None = None,
) -> list[dict[str, Any]]:
    """The values of these fields for each row, read with a fixed number of queries, as far as the reader may know."""
    rows, plain, stood_for = with_ways_guarded(rows, entity, [field.name for field in fields], user)
    wanted = dict.fromkeys([*also, *(path for field in fields for path in field.paths() if path not in stood_for)])
    return told(list(rows.values(*wanted, *plain)[:most]), stood_for, fields, user)


def with_ways_guarded(
    rows: QuerySet[Any], entity: Entity, names: Iterable[str], user: User
) -> tuple[QuerySet[Any], list[str], dict[str, str]]:
    """Columns through a link get a stand-in that is empty where the linked record may not be seen."""
    cases: dict[str, Any] = {}
    stood_for: dict[str, str] = {}
    for name in names:
        if "__" not in name:
            cases |= entity.field(name).worked_out(user)
            continue
        try:
            field, guard = field_seen_through(entity, name, user)
        except BadRequest:
            field, guard = entity.field(name), Q(pk__in=[])
        for path in field.paths() if guard else ():
            stood_for[path] = f"seen_{path.replace('__', '_')}"
            cases[stood_for[path]] = Case(When(guard, then=F(path)), default=Value(None))
    return (rows.annotate(**cases) if cases else rows), list(cases), stood_for


def told(
    found: list[dict[str, Any]], stood_for: dict[str, str], fields: Iterable[Field], user: User
) -> list[dict[str, Any]]:
    """The rows with stand-ins in their places, and without the names of records that the reader may not see."""
    for row in found:
        for path, name in stood_for.items():
            row[path] = row.pop(name)
    conceal(found, fields, user)
    return found


def conceal(found: list[dict[str, Any]], fields: Iterable[Field], user: User) -> None:
    """Take the names of invisible linked records out of the rows; one query per type that has such."""
    seen: dict[type[Model], set[int] | None] = {}
    fields = list(fields)
    for field in fields:
        field.look_up(found, user)
    links = [field for field in fields if isinstance(field, ReferenceField) and not field.is_attribute]
    for model in dict.fromkeys(field.model for field in links):
        ids = {row.get(field.id_at) for field in links if field.model is model for row in found} - {None}
        seen[model] = visible_among(model, ids, user)
    for field in links:
        known = seen[field.model]
        for row in found:
            pk = row.get(field.id_at)
            if known is not None and pk is not None and pk not in known:
                row.update(dict.fromkeys(field.paths()[1:]))
                row[f"{field.at}{CONCEALED}"] = True


def visible_among(model: type[Model], ids: Iterable[Any], user: User) -> set[int] | None:
    """Which of these records the reader may see; nothing when there is no limit to it."""
    target, wanted = entity_of(model), list(ids)
    if target is None or not wanted or (issubclass(model, User) and is_employee(user)):
        return None
    rows = target.rows_for(user)
    return set(rows.filter(pk__in=wanted).values_list("pk", flat=True)) if rows.query.where else None


def seen_on_the_way(entity: Entity, path: str, user: User) -> Q:
    """The condition that a text found through links belongs to records that the reader may see.

    Rows that belong to the record itself, such as its phones, need no other right than the record's own.
    """
    model: Any = entity.model
    guard, place, own = Q(), "", rights_of(user).reach(entity.code).rank
    for name in path.split("__")[:-1]:
        link = model._meta.get_field(name)
        model, place = link.related_model, f"{place}__{name}" if place else name
        target = entity_of(model)
        if target is None or (link.one_to_many and rights_of(user).reach(target.code).rank >= own):
            continue
        rows = target.rows_for(user)
        if rows.query.is_empty():
            return Q(pk__in=[])
        if rows.query.where:
            guard &= Q(**{f"{place}__in": rows.order_by().values("pk")})
    return guard


def sort_seen(entity: Entity, name: str, reading: Reading) -> Q:
    """The condition under which a row may be placed by this field: its value, and what it leads to, may be known."""
    field, guard = field_seen_through(entity, name, reading.user)
    if not isinstance(field, ReferenceField) or (field.is_person and is_employee(reading.user)):
        return guard
    target = entity_of(field.model)
    rows = target.rows_for(reading.user) if target else None
    if rows is None or not rows.query.where:
        return guard
    if rows.query.is_empty():
        return Q(pk__in=[])
    return guard & Q(**{f"{field.at}__in": rows.order_by().values("pk")})
