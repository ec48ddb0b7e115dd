"""Tells the rows of any list with the rights of whoever asks: as CSV text, as typed cells, as JSON; streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from krug.access.models import User
from krug.exchange.importing.tables import csv_lines
from krug.kernel.entity import Entity
from krug.kernel.fields import Cell, Field, MoneyField, ReferenceField
from krug.kernel.fields.reference import CONCEALED
from krug.kernel.journal.differences import sentence
from krug.kernel.listing.concealing import told, with_ways_guarded
from krug.kernel.sight import each_seen_by
from krug.kernel.visibility import demand

BATCH = 2_000
MARK = "\ufeff"


def export_csv(entity: Entity, rows: Any, user: User, *, language: str, columns: tuple[str, ...] = ()) -> Iterator[str]:
    """The lines of the file: a mark for spreadsheets, the head, then the rows in batches.

    `rows` is a queryset already narrowed to what the user may see; the right to export is asked here.
    """
    demand(user, entity.code, "export")
    return each_seen_by(_lines(entity, rows, user, language, columns or entity.columns), user)


def heads_of(fields: list[Field], language: str) -> list[str]:
    """The heads as the list shows them, in the language of the file."""
    with override(language):
        heads = [pgettext("number of a record", "No.")]
        for field in fields:
            heads.append(sentence(field.label))
            if isinstance(field, MoneyField):
                heads.append(_("Currency"))
    return heads


def _lines(entity: Entity, rows: Any, user: User, language: str, columns: tuple[str, ...]) -> Iterator[str]:
    fields = [entity.field(name) for name in columns]
    separator = ";" if language == "ru" else ","
    yield MARK
    yield from csv_lines([heads_of(fields, language)], separator=separator)
    for row in rows_of(entity, rows, user, columns):
        cells = [str(row["id"])]
        for field in fields:
            if isinstance(field, MoneyField):
                value = row.get(field.at)
                text = "" if value is None else str(value)
                cells += [text.replace(".", ",") if language == "ru" else text, row.get(field.currency_at) or ""]
            else:
                cells.append(field.cell(row, language).text)
        yield from csv_lines([cells], separator=separator)


def typed_lines(
    entity: Entity, rows: Any, user: User, *, language: str, columns: tuple[str, ...]
) -> Iterator[list[Any]]:
    """The rows as values for a workbook: numbers and days keep their kind, everything else is text."""
    fields = [entity.field(name) for name in columns]
    zone = ZoneInfo(user.timezone)
    yield list(heads_of(fields, language))
    for row in rows_of(entity, rows, user, columns):
        cells: list[Any] = [row["id"]]
        for field in fields:
            if isinstance(field, MoneyField):
                cells += [row.get(field.at), row.get(field.currency_at) or ""]
            else:
                cells.append(_typed(field, field.cell(row, language), zone))
        yield cells


def _typed(field: Field, cell: Cell, zone: ZoneInfo) -> Any:
    value = cell.value
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
    if isinstance(value, date) or (field.numeric and isinstance(value, (int, Decimal, float))):
        return value
    return cell.text


def json_lines(entity: Entity, rows: Any, user: User, *, columns: tuple[str, ...]) -> Iterator[str]:
    """One object a row, as the API writes records: links with number and name, sums as text, days in ISO."""
    fields = [entity.field(name) for name in columns]
    for row in rows_of(entity, rows, user, columns):
        told: dict[str, Any] = {"id": row["id"]}
        for field in fields:
            cell = field.cell(row, "en")
            if isinstance(field, ReferenceField):
                hidden = cell.value is None or row.get(f"{field.at}{CONCEALED}")
                told[field.name] = None if hidden else {"id": cell.value, "name": cell.text}
            else:
                told[field.name] = field.json(cell.value)
            if isinstance(field, MoneyField):
                told[f"{field.name}_currency"] = row.get(field.currency_at)
        yield json.dumps(told, ensure_ascii=False, default=str) + "\n"


def rows_of(entity: Entity, rows: Any, user: User, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The rows batch by batch in their order, without what the asker may not know of linked records."""
    fields = [entity.field(name) for name in columns]
    guarded, stand_ins, stood_for = with_ways_guarded(rows, entity, columns, user)
    paths = dict.fromkeys(["id", *(path for field in fields for path in field.paths() if path not in stood_for)])
    guarded = guarded if guarded.query.order_by else guarded.order_by("pk")
    found = guarded.values(*paths, *stand_ins).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        demand(User.objects.get(pk=user.pk), entity.code, "export")  # the right may have gone meanwhile
        yield from told(batch, stood_for, fields, user)
