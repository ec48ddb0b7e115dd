"""Splitting: what a merge moved and nobody has changed since goes back; what came later stays unless it is chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _
from psycopg import sql

from krug.access.models import User
from krug.duplicates.events import RecordSplit
from krug.duplicates.merging.moving import referring_to
from krug.kernel.doors import get_visible
from krug.kernel.errors import BadRequest, Refusal
from krug.kernel.fields import title_names
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.reading import chain_of, now_within
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.links import RecordLink
from krug.kernel.models import RecordMerge
from krug.kernel.registry import entities, get_entity
from krug.kernel.visibility import demand

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

MOST_CHOSEN = 200
UPDATE = """
UPDATE {table} t SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(t, %s::jsonb)) WHERE id = %s
"""
Back = dict[str, tuple[Any, Any]]


def merge_of(entity: Entity, pk: int) -> RecordMerge | None:
    """The merge by which the record became part of another, if it did."""
    return RecordMerge.objects.filter(entity=entity.code, loser_id=pk).select_related("by").first()


def merges_by(entity: Entity, acts: Sequence[str]) -> Iterable[tuple[Any, int]]:
    """Which of these acts made a record part of another that it still is, and which record."""
    return RecordMerge.objects.filter(entity=entity.code, act__in=acts).values_list("act", "loser_id")


def split_at_door(entity: Entity, pk: int | str, *, also: Sequence[str] = (), by: User) -> Any:
    """Split for an outside caller, who must see both records and hold the right to change them."""
    loser = get_visible(entity, by, pk)
    merge = merge_of(entity, loser.pk)
    if merge is None:
        raise Refusal(_("This record is not part of another one."), code="NOT_MERGED")
    get_visible(entity, by, merge.keeper_id)
    demand(by, entity.code, "change")
    if entity.guard:
        names = {column.attname: column.name for column in entity.model._meta.concrete_fields}
        given_back = [back for (model, _row), back in _moved(merge).items() if model is entity.model]
        entity.guard({names.get(column, column) for back in given_back for column in back}, by)
    with transaction.atomic():
        numbers = sorted({loser.pk, *chain_of(entity, loser.pk)})
        list(entity.model._base_manager.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
        begin_act(by)
        return split_record(entity, loser, also=[_named(text, entity, loser.pk, by) for text in also], by=by)


@transaction.atomic
def split_record(entity: Entity, loser: Any, *, also: Sequence[tuple[Any, str]] = (), by: User) -> Any:
    """Take the record out of the other again."""
    merge = RecordMerge.objects.select_for_update().filter(entity=entity.code, loser_id=loser.pk).first()
    if merge is None:
        raise Refusal(_("This record is not part of another one."), code="NOT_MERGED")
    chain = set(chain_of(entity, loser.pk))
    keeper = entity.model._base_manager.get(pk=merge.keeper_id)
    # The record itself comes back first: what belongs to it looks at whether it is there.
    for (model, row), back in sorted(
        _moved(merge).items(), key=lambda item: (item[0] != (entity.model, loser.pk), item[0][0].__name__, item[0][1])
    ):
        is_itself = model is entity.model and row == loser.pk
        if not _put_back(model, row, back, entity.model, chain) and is_itself:
            raise Refusal(
                _("Another record now holds what must be held once, for example the same tax number. "
                  "Change that one first."),
                code="TAKEN_MEANWHILE",
            )  # fmt: skip
    for row, column in also:
        type(row)._base_manager.filter(pk=row.pk).update(**{column: loser.pk})
    merge.delete()
    loser.refresh_from_db()
    record(RecordSplit(record=loser, keeper=keeper, fields=list(title_names(entity.model)), by=by))
    return loser


def later_rows(entity: Entity, merge: RecordMerge, user: User) -> list[tuple[str, str, str]]:
    """What came to the other record after the merge and may be chosen to go along: link, type, name."""
    root = now_within(entity, merge.loser_id)
    known = {other.model: other for other in entities()}
    found: list[tuple[str, str, str]] = []
    for place in referring_to(entity.model):
        other = known.get(place.model)
        if other is None or place.model is entity.model:
            continue
        rows = other.rows_for(user).filter(pk__in=place.rows(root).values("pk"), created_at__gt=merge.at)
        found += [
            (str(RecordLink(other.code, row.pk)), str(other.label), other.name_of(row))
            for row in rows.order_by("pk")[: MOST_CHOSEN - len(found)]
        ]
    return found


def _named(text: str, entity: Entity, loser: int, by: User) -> tuple[Any, str]:
    """A row that somebody chose to go along, with the column by which it hangs on the record."""
    link = RecordLink.read(text)
    if link is None:
        raise BadRequest(_("Name records like “%(example)s”.") % {"example": "deal:17"}, field="also")
    other = get_entity(link.entity)
    row = get_visible(other, by, link.id, lock=False)
    demand(by, other.code, "change")
    root = now_within(entity, loser)
    for place in referring_to(entity.model):
        if place.model is other.model and getattr(row, place.column) == root:
            return row, place.column
    raise BadRequest(_("“%(record)s” does not belong to this record.") % {"record": text[:80]}, field="also")


def _moved(merge: RecordMerge) -> dict[tuple[type[Model], int], Back]:
    """What the act of the merge changed in all, row by row: the first old and the last new value of each column."""
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    found: dict[tuple[type[Model], int], Back] = {}
    changes = RowChange.objects.filter(act=merge.act, kind="U", at__gte=merge.at - timedelta(hours=1))
    for change in changes.order_by("id").values("table_name", "row_id", "old", "new"):
        model = tables.get(change["table_name"])
        if model is None:
            continue
        back = found.setdefault((model, change["row_id"]), {})
        for name, new in (change["new"] or {}).items():
            first = back[name][0] if name in back else (change["old"] or {}).get(name)
            back[name] = (first, new)
    return found


def _put_back(model: type[Model], row: int, back: Back, merged: type[Model], chain: set[int]) -> bool:
    """Restore the columns that nobody has changed since; a link that a later merge led on is still the same link."""
    table = sql.Identifier(model._meta.db_table)
    links = {
        field.column for field in model._meta.concrete_fields
        if (isinstance(field, ForeignKey) and field.related_model is merged) or field.column == "about_id"
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s FOR UPDATE").format(table), [row])
        held = cursor.fetchone()
        if held is None:
            return True
        now = held[0] if isinstance(held[0], dict) else json.loads(held[0])
        old = {
            name: first
            for name, (first, last) in back.items()
            if name in now and first != last and (now[name] == last or (name in links and now[name] in chain))
        }
        if not old:
            return True
        columns = sql.SQL(", ").join(map(sql.Identifier, old))
        try:
            with transaction.atomic():
                cursor.execute(sql.SQL(UPDATE).format(table=table, columns=columns), [json.dumps(old), row])
        except (IntegrityError, InternalError):
            return False
    return True
