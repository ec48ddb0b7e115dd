"""Taking the story back: every row it made goes, with what was hung on those rows since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from demo.acts import FIRST, LAST, told_rows
from demo.people import COMPANY
from krug.administration.actions.company import the_company
from krug.administration.models.company import THE_ONE, Company
from krug.kernel.journal.models import JournalEntry, JournalMention, RowChange
from krug.kernel.registry import entity_of

GOES_ALONG = ("party", "contact", "deal", "interaction")
LINKED = (("search_document", "record_id"), ("seen", "record_id"), ("journal_mention", "record_id"))
CHUNK = 5000


@transaction.atomic
def forget() -> int:
    """Remove the demo company; what real people keep merely loses its mention. Needs the owner of the tables."""
    rows = told_rows()
    if not rows:
        return 0
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    models = [model for model in models if model._meta.pk.name == "id"]
    _gather_what_hangs_on(rows, models)
    _let_go(rows)
    with connection.cursor() as cursor:
        for table, ids in rows.items():
            for chunk in _chunks(ids):
                cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY(%s)', [chunk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _forget_the_past(rows)
    company = the_company()
    if company is not None and company.name == COMPANY:
        company.delete()
        for kind in (JournalEntry.objects.filter(subject_id=THE_ONE), JournalMention.objects.filter(record_id=THE_ONE)):
            kind.filter(entity=Company._meta.db_table).delete()
    return sum(len(ids) for ids in rows.values())


def _gather_what_hangs_on(rows: dict[str, set[int]], models: list[type[Model]]) -> None:
    """A row that can not stand without a told one is told to go as well, and so on."""
    links = [(model, link) for model in models for link in _links_of(model) if _goes_along(link)]
    grown = True
    while grown:
        grown = False
        for model, link in links:
            above = rows.get(link.related_model._meta.db_table)
            if not above:
                continue
            held = rows.setdefault(model._meta.db_table, set())
            found = (
                set(model._base_manager.filter(**{f"{link.attname}__in": above}).values_list("pk", flat=True)) - held
            )
            held |= found
            grown = grown or bool(found)


def _let_go(rows: dict[str, set[int]]) -> None:
    """Rows that stay lose their mention of a told one."""
    for model in apps.get_models(include_auto_created=True):
        for link in _links_of(model) if model._meta.managed else ():
            above = rows.get(link.related_model._meta.db_table)
            if not above:
                continue
            staying = model._base_manager.filter(**{f"{link.attname}__in": above})
            if _goes_along(link) and model._meta.pk.name != "id":
                staying.delete()
            elif not _goes_along(link):
                staying.exclude(pk__in=rows.get(model._meta.db_table, ())).update(**{link.attname: None})


def _forget_the_past(rows: dict[str, set[int]]) -> None:
    entities = {model._meta.db_table: entity_of(model) for model in apps.get_models()}
    with connection.cursor() as cursor:
        for table, ids in rows.items():
            entity = entities.get(table)
            if entity is not None:
                for linked, column in LINKED:
                    cursor.execute(
                        f'DELETE FROM "{linked}" WHERE entity = %s AND {column} = ANY(%s)', [entity.code, list(ids)]
                    )
                JournalEntry.objects.filter(entity=entity.code, subject_id__in=ids).delete()
            RowChange.objects.filter(table_name=table, row_id__in=ids).delete()
    JournalMention.objects.filter(
        entry_id__in=list(JournalEntry.objects.filter(act__range=(FIRST, LAST)).values_list("id", flat=True))
    ).delete()
    JournalEntry.objects.filter(act__range=(FIRST, LAST)).delete()
    RowChange.objects.filter(act__range=(FIRST, LAST)).delete()


def _links_of(model: type[Model]) -> Iterator[ForeignKey]:
    return (field for field in model._meta.concrete_fields if isinstance(field, ForeignKey))


def _goes_along(link: ForeignKey) -> bool:
    return not link.null or link.name in GOES_ALONG


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
