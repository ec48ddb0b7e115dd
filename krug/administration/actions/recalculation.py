"""The index of added fields that are worked out: made in parts when a definition changes, kept up after that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import DataError, OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg import sql

from krug.administration.actions.company import house_zone
from krug.administration.models.worked import AttributeDue, AttributeWork
from krug.kernel.attributes.catalogue import catalogue, look_again
from krug.kernel.attributes.models import Attribute
from krug.kernel.attributes.serving import Definition
from krug.kernel.dates import today_in
from krug.kernel.registry import entities

PART = 5000
AGAIN = timedelta(hours=1)
# A clearing of the table by the database itself gives way after a second; and a circle of waiting is broken after a
# second at somebody's cost, so that whoever holds the table already waits for less.
PATIENCE, SHORT_PATIENCE = "1500ms", "500ms"
Wanted = dict[int, tuple[str, str, dict[str, Any]]]


def keep_up() -> None:
    """Bring every index that is behind up to date; whatever is broken off here goes on at the next time."""
    look_again()
    take_troubles()
    wanted, today = wanted_works(), _today()
    for gone in AttributeWork.objects.exclude(pk__in=wanted):
        forget(gone)
    known = {work.pk: work for work in AttributeWork.objects.all()}
    for pk, (own, source, recipe) in wanted.items():
        work: AttributeWork | None = known.get(pk)
        day = today if _counts_days(recipe) else None
        if work is not None and work.trouble and work.begun_at < timezone.now() - AGAIN:
            work = None
        if work is None or (work.own, work.source, work.recipe, work.day) != (own, source, recipe, day):
            work = begin(AttributeWork(pk, own, source, recipe, day))
        while work is not None and not work.is_ready and not work.trouble:
            work = carry_on(work.pk)
    while work_off_due():
        pass
    look_again()


def wanted_works() -> Wanted:
    """What is to be kept for each field in use that is worked out and can be kept."""
    from krug.administration.worked_out import whole_recipe, work_of

    found: Wanted = {}
    for entity in entities():
        for attribute in catalogue().attributes.get(entity.code, ()):
            if attribute.kind in attribute.WORKED_OUT:
                definition = Definition(attribute, entity.everything.fields, entity)
                if made := whole_recipe(definition, work_of(definition)):
                    found[attribute.pk] = (entity.model._meta.db_table, *made)
    return found


def begin(work: AttributeWork) -> AttributeWork | None:
    """Start anew: from here on changes are noted, once everybody who writes now has come to an end."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(work.source)))
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [SHORT_PATIENCE])
            cursor.execute("DELETE FROM attribute_trouble WHERE attribute_id = %s", [work.pk])
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(work.own)))
            work.total = cursor.fetchone()[0]
            work.save()
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError:
        return None
    return work


@transaction.atomic
def carry_on(pk: int) -> AttributeWork | None:
    """The next records; a definition that begun anew meanwhile is met as it is now, one put away is left at once."""
    work = AttributeWork.objects.select_for_update().filter(pk=pk, is_ready=False).first()
    if work is None:
        return None
    if not Attribute.objects.filter(pk=pk, is_archived=False).exists():
        forget(work)
        return None
    next_ids = "SELECT id FROM {} WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(next_ids).format(sql.Identifier(work.own)), [work.reached, PART])
        ids = [number for (number,) in cursor.fetchall()]
        try:
            with transaction.atomic():
                cursor.execute("SELECT krug_work_out(%s, %s)", [pk, ids])
        except (DataError, ProgrammingError) as fault:
            work.trouble = str(fault)[:2000]
    if ids:
        work.reached, work.done = ids[-1], work.done + len(ids)
    work.is_ready = len(ids) < PART and not work.trouble
    work.save(update_fields=["reached", "done", "trouble", *(["is_ready"] if work.is_ready else [])])
    return work


@transaction.atomic
def take_troubles() -> None:
    """What could not be worked out while somebody wrote is told now, and asked no more until it is begun anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM attribute_trouble RETURNING attribute_id, told")
        told = dict(cursor.fetchall())
    for work in AttributeWork.objects.select_for_update().filter(pk__in=told, trouble="").order_by("pk"):
        _break_off(work, told[work.pk])


@transaction.atomic
def work_off_due() -> int:
    """Make the summaries of some records that are due; answers how many were waiting."""
    first = AttributeDue.objects.order_by("attribute_id").values_list("attribute_id", flat=True).first()
    if first is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH waiting AS (SELECT record_id FROM attribute_due WHERE attribute_id = %s LIMIT %s) "
            "DELETE FROM attribute_due WHERE attribute_id = %s AND record_id IN (SELECT record_id FROM waiting) "
            "RETURNING record_id",
            [first, PART, first],
        )
        ids = sorted({number for (number,) in cursor.fetchall()})
        work = AttributeWork.objects.select_for_update().filter(pk=first).first()
        try:
            with transaction.atomic():
                if ids and work is not None:
                    cursor.execute("SELECT krug_work_out(%s, %s)", [first, ids])
        except (DataError, ProgrammingError) as fault:
            _break_off(work, str(fault))
    return len(ids)


def _break_off(work: AttributeWork | None, trouble: str) -> None:
    """What can not be worked out is told, asked no more, and begun anew after a while; nothing waits for it."""
    if work is not None:
        work.trouble, work.is_ready, work.reached, work.done = trouble[:2000], False, 0, 0
        work.save()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM attribute_due WHERE attribute_id = %s", [work.pk])


@transaction.atomic
def forget(work: AttributeWork) -> None:
    """A field that is put away, or can not be kept any more, leaves no index."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM attribute_index WHERE attribute_id = %s", [work.pk])
        cursor.execute("DELETE FROM attribute_due WHERE attribute_id = %s", [work.pk])
        cursor.execute("DELETE FROM attribute_trouble WHERE attribute_id = %s", [work.pk])
    work.delete()


def _counts_days(recipe: Any) -> bool:
    return isinstance(recipe, dict) and (
        recipe.get("k") == "today" or any(_counts_days(part) for part in _inside(recipe))
    )


def _inside(recipe: dict[str, Any]) -> list[Any]:
    inside = recipe.get("of", [])
    return inside if isinstance(inside, list) else [inside]


def _today() -> date:
    return today_in(house_zone())
