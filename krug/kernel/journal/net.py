"""What some acts changed in all, row by row, and putting exactly that back in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from psycopg import sql

from krug.kernel.journal.watching import watched_models

NET = """
CREATE TEMPORARY TABLE krug_net ON COMMIT DROP AS
SELECT table_name, row_id, first, last, old, new, last_id, 0 AS step, ''::text AS kept_by,
       CASE WHEN first = 'I' AND last = 'D' THEN 'nothing' WHEN first = 'I' THEN 'delete'
            WHEN last = 'D' THEN 'insert' ELSE 'update' END AS fate
FROM (SELECT table_name, row_id, (array_agg(kind ORDER BY id))[1] AS first,
             (array_agg(kind ORDER BY id DESC))[1] AS last, max(id) AS last_id,
             krug_merge(old ORDER BY id DESC) AS old, krug_merge(new ORDER BY id) AS new
      FROM row_change WHERE act = ANY(%s) AND at >= %s GROUP BY table_name, row_id) n
"""
CHANGED = """
SELECT DISTINCT k FROM krug_net n, jsonb_object_keys(n.new || coalesce(n.new -> 'custom', '{}')) k
WHERE n.table_name = %s AND n.fate = 'update'
"""
HOLD = """
SELECT 1 FROM {table} t WHERE t.id IN (SELECT row_id FROM krug_net WHERE table_name = {name}) ORDER BY t.id FOR UPDATE
"""
UPDATE = """
UPDATE {table} t SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(t, b.back))
FROM (SELECT n.row_id, to_jsonb(c) AS held, krug_back(to_jsonb(c), n.old, n.new) AS back
      FROM krug_net n JOIN {table} c ON c.id = n.row_id
      WHERE n.table_name = {name} AND n.fate = 'update' AND n.step = {step}
        AND krug_clashes(to_jsonb(c), n.old, n.new) = '{{}}') b
WHERE b.row_id = t.id AND b.held <> b.back
"""
INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM krug_net n, jsonb_populate_record(NULL::{table}, n.old) r
WHERE n.table_name = {name} AND n.fate = 'insert' AND n.step = {step}
  AND NOT EXISTS (SELECT 1 FROM {table} c WHERE c.id = n.row_id)
"""
DELETE = """
DELETE FROM {table} USING krug_net n
WHERE n.table_name = {name} AND n.fate = 'delete' AND n.step = {step} AND {table}.id = n.row_id
"""
PUT_AWAY = """
UPDATE {table} t SET is_archived = true FROM krug_net n
WHERE n.table_name = {name} AND n.fate = 'archive' AND n.step = {step} AND t.id = n.row_id AND NOT t.is_archived
"""
STEPS = """
WITH turns AS (
    SELECT table_name, row_id, last_id, (table_name, fate) IS DISTINCT FROM
           (lag(table_name) OVER newest, lag(fate) OVER newest) AS turns
    FROM krug_net WHERE fate = ANY(%s) WINDOW newest AS (ORDER BY last_id DESC)),
numbered AS (SELECT table_name, row_id, sum(turns::int) OVER (ORDER BY last_id DESC) AS step FROM turns)
SELECT {what}
"""
HOW_MANY = "coalesce(max(step), 0) FROM numbered"
IN_ORDER = """
UPDATE krug_net n SET step = s.step FROM ({numbered}) s WHERE s.table_name = n.table_name AND s.row_id = n.row_id
"""
CHANGED_LATER = """
UPDATE krug_net n SET fate = 'later' FROM {table} t
WHERE n.table_name = {name} AND n.fate = 'delete' AND t.id = n.row_id AND EXISTS (
    SELECT 1 FROM (SELECT krug_merge(old ORDER BY id DESC) AS old FROM row_change r
                   WHERE r.table_name = {name} AND r.row_id = n.row_id AND r.id > n.last_id AND r.at >= %s) l,
                  jsonb_each(l.old) k WHERE k.value IS DISTINCT FROM to_jsonb(t) -> k.key)
"""
REFERRED = """
UPDATE krug_net n SET fate = {fate}, kept_by = {other_name}
WHERE n.table_name = {name} AND n.fate = 'delete' AND EXISTS (
    SELECT 1 FROM {other} o WHERE o.{column} = n.row_id {about} AND NOT EXISTS (
        SELECT 1 FROM krug_net own WHERE own.table_name = {other_name} AND own.row_id = o.id AND (
            own.fate = 'delete' OR own.fate = 'update' AND own.old ? {column_name}
            AND own.old ->> {column_name} IS DISTINCT FROM n.row_id::text)))
"""
CLASHES = """
SELECT n.table_name, n.row_id, c.clashes FROM krug_net n
CROSS JOIN LATERAL (SELECT krug_clashes(to_jsonb(t), n.old, n.new) AS clashes FROM {table} t WHERE t.id = n.row_id) c
WHERE n.table_name = {name} AND n.fate = 'update' AND c.clashes <> '{{}}'
UNION ALL
SELECT n.table_name, n.row_id, '{{}}'::text[] FROM krug_net n
WHERE n.table_name = {name} AND n.fate = 'update' AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = n.row_id)
"""
BACK = {"insert": INSERT, "update": UPDATE, "archive": PUT_AWAY, "delete": DELETE}
MOST_STEPS = 400
Row = tuple[Any, ...]


class Net:
    """The net effect of some acts, held in a table of this transaction."""

    def __init__(self, acts: Sequence[UUID], since: datetime) -> None:
        self.since = since
        known = {model._meta.db_table: model for model in watched_models()}
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.krug_net")
            cursor.execute(NET, [list(acts), since])
            cursor.execute("CREATE INDEX ON krug_net (table_name, row_id)")
            cursor.execute("ANALYZE krug_net")
            cursor.execute("SELECT table_name, fate, count(*) FROM krug_net GROUP BY 1, 2 ORDER BY 1, 2")
            self.fates = {(str(table), str(fate)): int(count) for table, fate, count in cursor.fetchall()}
        self.models: dict[str, type[Model]] = {table: known[table] for table, _fate in self.fates if table in known}

    def hold(self) -> None:
        """Nobody changes these rows until the transaction ends."""
        for model in self.models.values():
            self._do(self._about(HOLD, model))

    def changed_columns(self, table: str) -> set[str]:
        """The columns and attributes that differ in rows of one table that stood before."""
        with connection.cursor() as cursor:
            cursor.execute(CHANGED, [table])
            return {str(name) for (name,) in cursor.fetchall()}

    def rows(self, table: str, *fates: str) -> list[int]:
        """The numbers of the rows of one table that have one of these fates."""
        query = "SELECT row_id FROM krug_net WHERE table_name = %s AND fate = ANY(%s) ORDER BY row_id"
        return [row[0] for row in self._read(query, [table, list(fates)])]

    def clashes(self) -> Iterator[tuple[type[Model], int, list[str]]]:
        """The rows that can not be put back whole: columns changed since, or all of it gone."""
        for table, model in self.models.items():
            for _table, row, columns in self._read(self._about(CLASHES, model)):
                yield model, row, columns
            for row in self.rows(table, "later"):
                yield model, row, []

    def built_upon(self) -> Iterator[tuple[type[Model], int, str]]:
        """The rows that the acts made and that later rows refer to, with the table of those."""
        for table, row, by in self._read("SELECT table_name, row_id, kept_by FROM krug_net WHERE kept_by <> ''"):
            yield self.models[table], row, by

    def decide_new_rows(self) -> None:
        """A row that the acts made goes again, unless it was changed since or something else refers to it."""
        made = [model for table, model in self.models.items() if (table, "delete") in self.fates]
        for model in made:
            self._do(self._about(CHANGED_LATER, model), [self.since])
        moved = 1
        while moved:
            moved = sum(self._keep_referred(model) for model in made)

    def _keep_referred(self, model: type[Model]) -> int:
        names = {field.name for field in model._meta.concrete_fields}
        fate = "archive" if "is_archived" in names else "later"
        kept = 0
        for other, column, about in referring(model):
            query = sql.SQL(REFERRED).format(
                fate=sql.Literal(fate),
                name=sql.Literal(model._meta.db_table),
                other=sql.Identifier(other._meta.db_table),
                other_name=sql.Literal(other._meta.db_table),
                column=sql.Identifier(column),
                column_name=sql.Literal(column),
                about=sql.SQL("AND o.about_entity = {}").format(sql.Literal(about)) if about else sql.SQL(""),
            )
            kept += self._do(query)
        return kept

    def put_back(self) -> int:
        """Write the old values, bring back what was deleted, take away what was made; answers how many rows.

        What was done last goes back first, as the rules of the records expect; acts over very many rows go back
        kind by kind instead.
        """
        fates = list(BACK)
        self._read("SELECT set_config('krug.undoing', 'on', true)")
        if self._read(STEPS.format(what=HOW_MANY), [fates])[0][0] <= MOST_STEPS:
            self._do(IN_ORDER.format(numbered=STEPS.format(what="* FROM numbered")), [fates])
        told = "SELECT DISTINCT step, table_name, fate FROM krug_net WHERE fate = ANY(%s)"
        steps = sorted(self._read(told, [fates]), key=lambda row: (row[0], fates.index(row[2]), row[1]))
        done = sum(
            self._one_step(step, self.models[table], fate) for step, table, fate in steps if table in self.models
        )
        self._read("SELECT set_config('krug.undoing', '', true)")
        return done

    def _one_step(self, step: int, model: type[Model], fate: str) -> int:
        columns = _columns(model)
        if fate == "update":
            touched = self._touched(model._meta.db_table)
            columns = [name for name in columns if name in touched]
        return self._do(self._about(BACK[fate], model, columns=columns, step=step)) if columns else 0

    def _touched(self, table: str) -> set[str]:
        query = (
            "SELECT DISTINCT k FROM krug_net n, jsonb_object_keys(n.old || n.new) k WHERE table_name = %s AND fate = %s"
        )
        return {row[0] for row in self._read(query, [table, "update"])}

    def _about(self, query: str, model: type[Model], *, columns: Sequence[str] = (), step: int = 0) -> sql.Composed:
        table = model._meta.db_table
        return sql.SQL(query).format(
            table=sql.Identifier(table),
            name=sql.Literal(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            step=sql.Literal(step),
        )

    def _read(self, query: Any, values: Sequence[Any] = ()) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(query, list(values))
            return list(cursor.fetchall())

    def _do(self, query: Any, values: Sequence[Any] = ()) -> int:
        with connection.cursor() as cursor:
            cursor.execute(query, list(values) or None)
            return int(cursor.rowcount)


def _columns(model: type[Model]) -> list[str]:
    return [str(column.column) for column in model._meta.concrete_fields if not column.generated]


def referring(model: type[Model]) -> Iterator[tuple[type[Model], str, str]]:
    """What may refer to a row: the models with their columns, and for links to any record the code of the type."""
    from krug.kernel.registry import entity_of

    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, str(relation.field.column), ""  # type: ignore[union-attr, misc]  # reverse links have both
    entity = entity_of(model)
    for other in watched_models() if entity else ():
        if any(column.name == "about_entity" for column in other._meta.concrete_fields):
            yield other, "about_id", entity.code if entity else ""
