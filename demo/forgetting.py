"""Taking the story back: every row it made goes, except those on which somebody has hung something of his own since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import CASCADE, ForeignKey, Model

from demo.acts import FIRST, LAST, told_rows
from demo.people import COMPANY
from krug.administration.actions.company import the_company
from krug.administration.models.company import THE_ONE, Company
from krug.kernel.columns import About
from krug.kernel.journal.models import AuditRecord, JournalEntry, JournalMention, RowChange
from krug.kernel.journal.watching import watched_models
from krug.kernel.models import SearchDocument
from krug.kernel.registry import entity_of, get_entity

NEEDED = ("party", "contact", "deal", "interaction")
LINKED = (
    ("search_document", "record_id"),
    ("seen", "record_id"),
    ("journal_mention", "record_id"),
    ("duplicate_pair", "one_id"),
    ("duplicate_pair", "two_id"),
)
CHUNK = 5000
Rows = dict[str, set[int]]


@dataclass
class Forgotten:
    """How many rows went; how many stay, and on which records somebody's own work hangs."""

    removed: int = 0
    stayed: int = 0
    reasons: list[str] = field(default_factory=list)


@transaction.atomic
def forget() -> Forgotten:
    """Remove the demo company; what real people wrote stays, with all that it needs. Needs the owner of the tables."""
    told = told_rows()
    if not told:
        return Forgotten()
    models = {model._meta.db_table: model for model in watched_models()}
    held, reasons = _held_by_others(told, models)
    kept = _with_what_they_need(held, told, models)
    going = {table: ids - kept.get(table, set()) for table, ids in told.items()}
    _let_go(going)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, ids in going.items():
            for chunk in _chunks(ids):
                cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY(%s)', [chunk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _forget_the_past(going)
    company = the_company()
    if company is not None and company.name == COMPANY and not kept:
        company.delete()
        RowChange.objects.filter(table_name=Company._meta.db_table, row_id=THE_ONE).delete()
        AuditRecord.objects.filter(object=f"{Company._meta.db_table}:{THE_ONE}").delete()
        for kind in (JournalEntry.objects.filter(subject_id=THE_ONE), JournalMention.objects.filter(record_id=THE_ONE)):
            kind.filter(entity=Company._meta.db_table).delete()
    return Forgotten(_count(going), _count(kept), reasons)


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


def _held_by_others(told: Rows, models: dict[str, type[Model]]) -> tuple[Rows, list[str]]:
    """The told rows without which a row of somebody's own could not stand, and what that is."""
    held: Rows = {}
    reasons = []
    for table, model in models.items():
        own = model._base_manager.exclude(pk__in=told.get(table, ()))
        for link in filter(_needs, _links_of(model)):
            place = link.related_model._meta.db_table
            for row in own.filter(**{f"{link.attname}__in": told.get(place, ())}):
                number = getattr(row, link.attname)
                held.setdefault(place, set()).add(number)
                reasons.append(_reason(row, models[place], number))
        if issubclass(model, About):
            noted: Any = own.exclude(about_entity="")
            for row in noted:
                place = get_entity(row.about_entity).model._meta.db_table
                if row.about_id in told.get(place, ()):
                    held.setdefault(place, set()).add(row.about_id)
                    reasons.append(_reason(row, models[place], row.about_id))
    return held, list(dict.fromkeys(reasons))


def _reason(row: Model, model: type[Model], number: int) -> str:
    """The demo record that stays, and whose row needs it."""
    return f"{_called(model._base_manager.get(pk=number))}: {_called(row)}"


def _called(row: Model) -> str:
    entity = entity_of(type(row))
    return f"{entity.code if entity else row._meta.db_table} {row.pk} “{str(row)[:60]}”"


def _with_what_they_need(held: Rows, told: Rows, models: dict[str, type[Model]]) -> Rows:
    """Held rows stay with everything they point to and with their own parts, and so on."""
    kept: Rows = {}
    waiting = [(table, pk) for table, ids in held.items() for pk in ids]
    parts = [(model, link) for model in models.values() for link in _links_of(model) if _is_part(link)]
    while waiting:
        table, pk = waiting.pop()
        if pk in kept.setdefault(table, set()) or pk not in told.get(table, ()):
            continue
        kept[table].add(pk)
        row = models[table]._base_manager.get(pk=pk)
        above = ((link.related_model._meta.db_table, getattr(row, link.attname)) for link in _links_of(models[table]))
        waiting += [(place, number) for place, number in above if number in told.get(place, ())]
        for model, link in parts:
            if link.related_model._meta.db_table == table:
                below = model._base_manager.filter(**{link.attname: pk}).values_list("pk", flat=True)
                waiting += [(model._meta.db_table, number) for number in below]
    return {table: ids for table, ids in kept.items() if ids}


def _let_go(going: Rows) -> None:
    """Rows that stay lose their mention of one that goes; what only serves such a row, like a session, goes with it."""
    for model in apps.get_models(include_auto_created=True):
        for link in _links_of(model) if model._meta.managed else ():
            above = going.get(link.related_model._meta.db_table)
            staying = model._base_manager.filter(**{f"{link.attname}__in": above}) if above else None
            if staying is None:
                continue
            staying = staying.exclude(pk__in=going.get(model._meta.db_table, ()))
            if _needs(link):
                staying.delete()
            else:
                staying.update(**{link.attname: None})


def _forget_the_past(going: Rows) -> None:
    """The history of what went goes too; the history of what stays is from now on like any other."""
    entities = {model._meta.db_table: entity_of(model) for model in apps.get_models()}
    codes = {entity.code: going[table] for table, entity in entities.items() if entity is not None and table in going}
    words = {
        word
        for code, ids in codes.items()
        for text in SearchDocument.objects.filter(entity=code, record_id__in=ids).values_list("text", flat=True)
        for word in text.split()
    }
    with connection.cursor() as cursor:
        for table, ids in going.items():
            entity = entities.get(table)
            if entity is not None:
                for linked, column in LINKED:
                    cursor.execute(
                        f'DELETE FROM "{linked}" WHERE entity = %s AND {column} = ANY(%s)', [entity.code, list(ids)]
                    )
                JournalEntry.objects.filter(entity=entity.code, subject_id__in=ids).delete()
                AuditRecord.objects.filter(object__in=[f"{entity.code}:{pk}" for pk in ids]).delete()
            RowChange.objects.filter(table_name=table, row_id__in=ids).delete()
        cursor.execute(
            "DELETE FROM search_word w WHERE w.word = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM search_document d WHERE d.text LIKE '%%' || w.word || '%%'"
            " AND w.word = ANY(string_to_array(d.text, ' ')))",
            [sorted(words)],
        )
        cursor.execute("DELETE FROM journal_mention WHERE entry_id NOT IN (SELECT id FROM journal_entry)")
        for table in ("journal_entry", "row_change"):
            query = f"UPDATE {table} SET act = md5(act::text)::uuid WHERE act BETWEEN %s AND %s"
            cursor.execute(query, [FIRST, LAST])


def _links_of(model: type[Model]) -> Iterator[Any]:
    return (link for link in model._meta.concrete_fields if isinstance(link, ForeignKey))


def _needs(link: Any) -> bool:
    """Whether a row would lose its sense without the other."""
    return not link.null or link.name in NEEDED


def _is_part(link: Any) -> bool:
    return link.remote_field.on_delete is CASCADE


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
