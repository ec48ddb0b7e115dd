"""Any record and any list as they stood at a moment: for one transaction the tables are laid over with their past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from krug.access.models import User
from krug.kernel.errors import BadRequest
from krug.kernel.fields import DateField, FieldFault, Reading
from krug.kernel.journal.watching import watched_models
from krug.kernel.moment import PARAMETER, Looking, _looking
from krug.kernel.ui import formats

CHANGED = "SELECT DISTINCT table_name FROM row_change WHERE at > %s"
SINCE = """
CREATE TEMPORARY TABLE {since} ON COMMIT DROP AS
SELECT row_id, (array_agg(kind ORDER BY id))[1] AS first, count(*) FILTER (WHERE kind = 'U') AS times,
       krug_merge(old ORDER BY id DESC) FILTER (WHERE born IS NULL OR id < born) AS old
FROM (SELECT row_id, id, kind, old, min(id) FILTER (WHERE kind = 'I') OVER (PARTITION BY row_id) AS born
      FROM row_change WHERE table_name = {name} AND at > {moment}) c
GROUP BY row_id
"""
THEN = """
CREATE TEMPORARY TABLE {then} ON COMMIT DROP AS
SELECT r.* FROM {since} s LEFT JOIN public.{table} t ON t.id = s.row_id
LEFT JOIN LATERAL (SELECT at FROM row_change WHERE table_name = {name} AND row_id = s.row_id AND at <= {moment}
                   ORDER BY at DESC, id DESC LIMIT 1) l ON true
CROSS JOIN LATERAL jsonb_populate_record(NULL::public.{table}, coalesce(to_jsonb(t), '{{}}') || s.old {kept}) r
WHERE s.first <> 'I'
"""
KEPT = """
|| jsonb_build_object('updated_at', coalesce(to_jsonb(l.at), to_jsonb(t) -> 'created_at'),
                      'version', greatest(1, coalesce((to_jsonb(t) ->> 'version')::int, 1) - s.times))
"""
VIEW = """
CREATE TEMPORARY VIEW {table} AS
SELECT {columns} FROM public.{table} p WHERE NOT EXISTS (SELECT 1 FROM {since} s WHERE s.row_id = p.id)
UNION ALL SELECT {columns} FROM {then}
"""


def read_moment(text: str, reading: Reading) -> datetime:
    """The moment that somebody wrote: a time of its own, or the end of a day of the reader."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else "no")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(reading.user.timezone))
    except ValueError:
        moment = _end_of(text, reading)
    if moment > timezone.now():
        raise BadRequest(_("This moment has not come yet."), field=PARAMETER, code="IN_FUTURE")
    begins = history_begins()
    if moment < begins:
        raise BadRequest(
            _("The history is kept since %(moment)s. Choose a later day.")
            % {"moment": formats.moment(timezone.localtime(begins))},
            field=PARAMETER,
            code="BEFORE_HISTORY",
        )
    return moment


def _end_of(text: str, reading: Reading) -> datetime:
    try:
        day = DateField(name=PARAMETER, label=_("As of")).parse(text, reading)
    except FieldFault as fault:
        raise BadRequest(fault.message, field=PARAMETER, code="MOMENT") from fault
    end = datetime.combine(day, time.max, ZoneInfo(reading.user.timezone))
    return min(end, timezone.now()) if day == reading.today else end


def history_begins() -> datetime:
    """Since when the database keeps the history of rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations WHERE app = 'kernel' AND name = '0001_journal'")
        found: datetime = cursor.fetchone()[0]
    return found


@contextmanager
def looking_at(moment: datetime, text: str = "") -> Iterator[None]:
    """Within this block every table reads as it stood then; rights are those of today, and nothing written stays."""
    with transaction.atomic():
        _lay(moment)
        before = _looking.set(Looking(moment, text or moment.isoformat(), Seen()))
        try:
            yield
        finally:
            _looking.reset(before)
        transaction.set_rollback(True)


def has_past(model: type[Model]) -> bool:
    """Whether records are shown as they stood: people, roles and rights never, for sight is decided as of today."""
    return bool(model._meta.app_label != User._meta.app_label)


def _lay(moment: datetime) -> None:
    known = {model._meta.db_table: model for model in watched_models()}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, [moment])
        changed = [known[table] for (table,) in cursor.fetchall() if table in known]
        for model in changed:
            if has_past(model):
                _lay_over(cursor, model, moment)


def _lay_over(cursor: Any, model: type[Model], moment: datetime) -> None:
    table = model._meta.db_table
    columns = [str(column.column) for column in model._meta.concrete_fields]
    names = {
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
        "moment": sql.Literal(moment),
        "since": sql.Identifier(f"krug_since_{table}"[:63]),
        "then": sql.Identifier(f"krug_then_{table}"[:63]),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "kept": sql.SQL(KEPT if {"version", "updated_at", "created_at"} <= set(columns) else ""),
    }
    for query in (
        SINCE,
        "CREATE INDEX ON {since} (row_id)",
        "ANALYZE {since}",
        THEN,
        "CREATE INDEX ON {then} (id)",
        "ANALYZE {then}",
        VIEW,
    ):
        cursor.execute(sql.SQL(query).format(**names))


class Seen:
    """What one may see is asked of the tables of today, once per type, and laid on the rows of then."""

    def __init__(self) -> None:
        self.made: set[str] = set()

    def __call__(self, entity: Any, rows: Any, user: User) -> Any:
        today = entity.visible(rows, user)
        if today.query.is_empty() or not today.query.where:
            return today
        table = f"krug_seen_{entity.code.replace('-', '_')}_{user.pk}"[:63]
        if table not in self.made:
            self._make(table, today)
            self.made.add(table)
        return rows.filter(pk__in=RawSQL(f"SELECT pk FROM {table}", []))

    def _make(self, table: str, today: Any) -> None:
        query, values = today.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('krug.path', current_setting('search_path'), true)")
            cursor.execute("SET LOCAL search_path = public, pg_temp")
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (pk) ON COMMIT DROP AS {query}", values)
            cursor.execute("SELECT set_config('search_path', current_setting('krug.path'), true)")
            cursor.execute(f"ANALYZE {table}")
