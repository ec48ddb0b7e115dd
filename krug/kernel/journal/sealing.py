"""A chain of hashes over the history: whoever changes, removes or slips in a row afterwards breaks it (LOG-03)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from krug.kernel.journal.models import HistorySeal

HISTORY = ("journal_entry", "row_change", "audit_record")
MOST_ROWS = 50_000
START = "0" * 64
_log = logging.getLogger("krug.history")


@dataclass
class Announced:
    """Numbers given out by now; they are final once every transaction of that time has ended."""

    last_id: int
    until: int | None = None


_announced: dict[str, Announced] = {}


def seal_history() -> int:
    """Seal what can no longer change; called by the clock, it needs three calls from a row to its seal."""
    return sum(_seal(table) for table in HISTORY)


def broken_seals() -> Iterator[HistorySeal]:
    """The seals whose rows are no longer what they were, or whose chain was cut; nothing when all is as it was."""
    for table in HISTORY:
        last_id, head = 0, START
        for seal in HistorySeal.objects.filter(table_name=table).order_by("pk").iterator():
            rows, digest = _digest(table, seal.first_id, seal.last_id, seal.previous)
            if (seal.first_id, seal.previous) != (last_id + 1, head) or (rows, digest) != (seal.rows, seal.digest):
                yield seal
            last_id, head = seal.last_id, seal.digest


@transaction.atomic
def _seal(table: str) -> int:
    announced = _announced.get(table)
    if announced is None:
        _announced[table] = Announced(_number(f"SELECT coalesce(max(id), 0) FROM {table}"))
        return 0
    if announced.until is None:
        announced.until = _number("SELECT pg_current_xact_id()::text::bigint")
        return 0
    if _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") < announced.until:
        return 0
    del _announced[table]
    _number("SELECT pg_advisory_xact_lock(hashtext(%s))::text = ''", f"seal {table}")
    last = HistorySeal.objects.filter(table_name=table).order_by("-pk").first()
    first_id, head = (last.last_id + 1, last.digest) if last else (1, START)
    sealed = 0
    while first_id <= announced.last_id:
        last_id = min(announced.last_id, first_id + MOST_ROWS - 1)
        rows, digest = _digest(table, first_id, last_id, head)
        HistorySeal.objects.create(
            table_name=table, first_id=first_id, last_id=last_id, rows=rows, previous=head, digest=digest
        )
        _log.info("history sealed", extra={"table": table, "last_id": last_id, "digest": digest})
        first_id, head, sealed = last_id + 1, digest, sealed + rows
    return sealed


def heads() -> dict[str, str]:
    """The newest link of each chain; kept elsewhere, it proves the whole history before it."""
    newest = HistorySeal.objects.values("table_name").annotate(last=Max("pk")).values("last")
    return dict(HistorySeal.objects.filter(pk__in=newest).values_list("table_name", "digest"))


def _digest(table: str, first_id: int, last_id: int, previous: str) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(
            "SELECT count(*), encode(sha256(convert_to(%s, 'UTF8') || coalesce(string_agg("
            "sha256(convert_to(to_jsonb(t)::text, 'UTF8')), ''::bytea ORDER BY id), ''::bytea)), 'hex')"
            f" FROM {table} t WHERE id BETWEEN %s AND %s",
            [previous, first_id, last_id],
        )
        rows, digest = cursor.fetchone()
        return int(rows), str(digest)


def _number(query: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return int(cursor.fetchone()[0])
