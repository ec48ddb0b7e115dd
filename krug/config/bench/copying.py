"""Rows into tables in bulk: by COPY from this process, or by one statement from other tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import psycopg
from django.db.models import DateTimeField, Model
from psycopg import sql

LINES = 4000


class Sheet:
    """One table and the columns that its rows bring; the other columns get what the model says of a new row."""

    def __init__(self, model: type[Model], *columns: str, now: datetime) -> None:
        self.table = model._meta.db_table
        usual = usual_values(model, columns, now)
        self.columns = [*columns, *usual]
        self.tail = "".join(f"\t{_text(value)}" for value in usual.values())

    def copy(self, connection: psycopg.Connection, lines: Iterable[str]) -> None:
        """Write rows given as lines of tab-separated values in the order of the columns."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        order = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.table), names)
        with connection.cursor() as cursor, cursor.copy(order) as target:
            block: list[str] = []
            for line in lines:
                block.append(line + self.tail)
                if len(block) >= LINES:
                    target.write("\n".join(block) + "\n")
                    block.clear()
            if block:
                target.write("\n".join(block) + "\n")


def insert_from(
    connection: psycopg.Connection, model: type[Model], given: Mapping[str, str], source: str, *, now: datetime
) -> None:
    """Make rows from a query: each column is an expression over its tables."""
    usual = usual_values(model, given, now) if model._meta.managed else {}
    names = sql.SQL(", ").join(map(sql.Identifier, [*given, *usual]))
    values = sql.SQL(", ").join(
        [*map(sql.SQL, given.values()), *(sql.Literal(_plain(value)) for value in usual.values())]
    )
    order = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM ").format(sql.Identifier(model._meta.db_table), names, values)
    connection.execute(order + sql.SQL(source))


def usual_values(model: type[Model], given: Iterable[str], now: datetime) -> dict[str, Any]:
    """What a new row holds in the columns that are not given and may not be empty."""
    held = set(given)
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if not field.column or field.column in held or field.primary_key or field.null:
            continue
        found[field.column] = (
            now if isinstance(field, DateTimeField) and not field.has_default() else field.get_default()
        )
    return found


@contextmanager
def without_indexes(connection: psycopg.Connection, tables: Iterable[str]) -> Iterator[None]:
    """Take the plain indexes of the tables away while they are filled, and build them afterwards."""
    question = (
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE c.relname = ANY(%s) AND NOT i.indisunique AND NOT i.indisprimary"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
    )
    found = connection.execute(question, [list(tables)]).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX ") + sql.SQL(name))
    yield
    connection.execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in found:
        connection.execute(sql.SQL(definition))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return "{}" if isinstance(value, list) and not value else value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(_plain(value))
