"""Writes any list as CSV with the rights of whoever asks, formula-safe, streaming."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.exchange.tables import csv_lines
from krug.kernel.fields import Field, MoneyField
from krug.kernel.journal.differences import sentence
from krug.kernel.listing.concealing import told, with_ways_guarded
from krug.kernel.visibility import demand

BATCH = 2_000
MARK = "\ufeff"


def export_csv(entity: Entity, rows: Any, user: User, *, language: str, columns: tuple[str, ...] = ()) -> Iterator[str]:
    """The lines of the file: a mark for spreadsheets, the head, then the rows in batches.

    `rows` is a queryset already narrowed to what the user may see; the right to export is asked here.
    """
    demand(user, entity.code, "export")
    return _lines(entity, rows, user, language, columns or entity.columns)


def _heads(fields: list[Field], language: str) -> list[str]:
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
    yield from csv_lines([_heads(fields, language)], separator=separator)
    for row in _rows(entity, rows, user, columns):
        cells = [str(row["id"])]
        for field in fields:
            if isinstance(field, MoneyField):
                value = row.get(field.at)
                text = "" if value is None else str(value)
                cells += [text.replace(".", ",") if language == "ru" else text, row.get(field.currency_at) or ""]
            else:
                cells.append(field.cell(row, language).text)
        yield from csv_lines([cells], separator=separator)


def _rows(entity: Entity, rows: Any, user: User, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The rows batch by batch, without what the asker may not know of linked records."""
    fields = [entity.field(name) for name in columns]
    guarded, stand_ins, stood_for = with_ways_guarded(rows, entity, columns, user)
    paths = dict.fromkeys(["id", *(path for field in fields for path in field.paths() if path not in stood_for)])
    found = guarded.order_by("pk").values(*paths, *stand_ins).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield from told(batch, stood_for, fields, user)
