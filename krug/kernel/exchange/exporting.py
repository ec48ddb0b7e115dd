"""Writes any list as CSV with the rights of whoever asks, formula-safe, streaming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.exchange.tables import csv_lines
from krug.kernel.fields import MoneyField
from krug.kernel.visibility import demand

BATCH = 2_000
MARK = "\ufeff"


def export_csv(entity: Entity, rows: Any, user: User, *, language: str, columns: tuple[str, ...] = ()) -> Iterator[str]:
    """The lines of the file: a mark for spreadsheets, the head, then the rows in batches.

    `rows` is a queryset already narrowed to what the user may see; the right to export is asked here.
    """
    demand(user, entity.code, "export")
    return _lines(entity, rows, language, columns or entity.columns)


def _lines(entity: Entity, rows: Any, language: str, columns: tuple[str, ...]) -> Iterator[str]:
    fields = [entity.field(name) for name in columns]
    separator = ";" if language == "ru" else ","
    heads: list[str] = ["№" if language == "ru" else "No."]
    for field in fields:
        heads.append(str(field.label))
        if isinstance(field, MoneyField):
            heads.append("Валюта" if language == "ru" else "Currency")
    yield MARK
    yield from csv_lines([heads], separator=separator)
    paths = list(dict.fromkeys(["id", *(path for field in fields for path in field.paths())]))
    for row in rows.order_by("pk").values(*paths).iterator(chunk_size=BATCH):
        cells = [str(row["id"])]
        for field in fields:
            if isinstance(field, MoneyField):
                value = row.get(field.at)
                text = "" if value is None else str(value)
                cells += [text.replace(".", ",") if language == "ru" else text, row.get(field.currency_at) or ""]
            else:
                cells.append(field.cell(row, language).text)
        yield from csv_lines([cells], separator=separator)
