"""Every change in an order that never changes any more, for programs that keep a copy of what they may see."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _
from psycopg import sql

from krug.access.models import Reach, User
from krug.kernel.errors import BadRequest, Repeated
from krug.kernel.fields import MoneyField
from krug.kernel.journal.differences import columns_of
from krug.kernel.journal.models import HistorySeal
from krug.kernel.models import RecordMerge
from krug.kernel.registry import entities
from krug.kernel.sight import seen_by, sight_of
from krug.kernel.visibility import member_ids_of, rights_of
from krug.parties.models.territories import territory_ids_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

NOW = "now"
STEP, STEPS = 5_000, 40
NUMBERS = "row_change_id_seq"
MERGES = RecordMerge._meta.db_table
MERGED_INTO = "merged_into"
# A number of our own is above every one given out before; the upper end of a snapshot is only above the finished.
NEXT_TRANSACTION = "SELECT pg_current_xact_id()::text::bigint"
# What is open in another database of the same server can write nothing here.
OPEN = """
SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS x WHERE x::text::bigint < %s AND NOT EXISTS (
    SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE l.locktype = 'transactionid' AND l.granted
    AND l.mode = 'ExclusiveLock' AND l.transactionid = x::xid AND a.datname <> current_database())
"""
ROWS = """
SELECT id, at, act::text, actor_id, table_name, row_id, kind, old::text, (new -> 'custom')::text FROM row_change
WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""
# A row as it stood before these changes takes the place of its table, so that the policy itself judges it.
BEFORE = """
WITH {table} AS (
    SELECT r.* FROM unnest(%s::bigint[], %s::jsonb[]) AS c(row_id, old)
    LEFT JOIN public.{table} t ON t.id = c.row_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.{table}, coalesce(to_jsonb(t), '{{}}') || c.old) r
)
"""


@dataclass(frozen=True)
class Place:
    """How far somebody has read, and which numbers are final once every transaction of that time has ended.

    A number is given out before its change is seen by others, so a later number may be seen first: nothing is
    handed out beyond the numbers that were announced before every transaction that is open now began.
    """

    position: int = 0
    announced: int = 0
    until: int = 0
    rights: str = ""

    def written(self) -> str:
        """The cursor as programs keep it."""
        return base64.urlsafe_b64encode(json.dumps(list(asdict(self).values())).encode()).decode().rstrip("=")


@dataclass
class Change:
    """What became of one record since the place: its last change here, how it stood before the first, and which
    columns and added fields were touched on the way."""

    entity: Entity
    record: int
    at: datetime
    act: str
    actor: int | None
    first: str
    last: str
    old: dict[str, Any]
    touched: set[str] = field(default_factory=set)
    kind: str = "changed"


def place_at(cursor: str, user: User) -> Place:
    """The place that a cursor means: the beginning without one, the newest final change for `now`."""
    known = rights_mark(user)
    if not cursor:
        return Place(rights=known)
    if cursor == NOW:
        final, place = final_numbers(Place(rights=known))
        sealed = HistorySeal.objects.filter(table_name="row_change").aggregate(last=Max("last_id"))["last"] or 0
        return replace(place, position=max(final, sealed))
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position, announced, until = (int(each) for each in told[:3])
        place = Place(position, announced, until, str(told[3]))
        if len(told) != 4 or not 0 <= place.position <= place.announced < 2**63 or not 0 <= place.until < 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise BadRequest(_("This cursor is not known."), field="after", code="CURSOR") from error
    if place.rights != known:
        raise Repeated(
            _("Your rights have changed since. Read everything anew and go on from a new cursor."),
            code="CURSOR_OUTDATED",
        )
    return place


def changes_from(place: Place, user: User, limit: int) -> tuple[list[Change], Place, bool]:
    """The next changes that concern this user, each record once; where to go on, and whether there is more."""
    (final, place), position = final_numbers(place), place.position
    told = {entity.model._meta.db_table: entity for entity in entities()}
    rows: list[Any] = []
    for _step in range(STEPS):
        if position >= final or len(rows) >= limit:
            break
        upper = min(final, position + STEP)
        with connection.cursor() as cursor:
            cursor.execute(ROWS, [position, upper, limit - len(rows)])
            rows += cursor.fetchall()
        position = int(rows[-1][0]) if len(rows) >= limit else upper
    changes = _by_record(_with_merges(rows), told)
    kept = [change for entity in {c.entity.code: c.entity for c in changes}.values() for change in
            _seen(entity, [c for c in changes if c.entity is entity], user)]  # fmt: skip
    order = {id(change): number for number, change in enumerate(changes)}
    kept.sort(key=lambda change: order[id(change)])
    return kept, replace(place, position=position), position < final


def rights_mark(user: User) -> str:
    """A short mark of everything that decides what the user sees; another mark means another world."""
    rights = rights_of(user)
    seen = [sorted(rights.reaches.items()), sorted((code, sorted(verbs)) for code, verbs in rights.verbs.items())]
    fields = sorted((code, repr(told)) for code, told in rights.fields.items())
    works = sorted(territory_ids_of(user)) if Reach.TERRITORY in rights.reaches.values() else []
    told = [user.pk, seen, fields, sorted(member_ids_of(user)), *works]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def final_numbers(place: Place, sequence: str = NUMBERS) -> tuple[int, Place]:
    """Up to which number everything is final, and the place with what is announced for the next call.

    What was announced before is kept while it waits, so that the feed goes on under any load; an announcement of
    another life of the database, from before a restore, counts for nothing.
    """
    announced = max(_number(f"SELECT last_value FROM {sequence}"), place.position)
    fresh = replace(place, announced=announced, until=_number(NEXT_TRANSACTION))
    is_ours = place.until <= fresh.until
    if not _number(OPEN, fresh.until):
        return announced, fresh
    if is_ours and _number(OPEN, place.until):
        return place.position, place
    return place.announced if is_ours else place.position, fresh


def _with_merges(rows: Sequence[Any]) -> list[Any]:
    """The rows with every merge and split told as a change of the record that went, whatever else changed in it."""
    made = [row[5] for row in rows if row[4] == MERGES and row[6] == "I"]
    known = RecordMerge.objects.in_bulk(made)
    tables = {entity.code: entity.model._meta.db_table for entity in entities()}
    found = []
    for row in rows:
        if row[4] == MERGES:
            old = json.loads(row[7] or "{}")
            merge = known.get(row[5])
            code, loser = (merge.entity, merge.loser_id) if merge else (old.get("entity"), old.get("loser_id"))
            if code not in tables or loser is None:
                continue
            row = (*row[:4], tables[code], loser, "U", None, None)
        found.append(row)
    return found


def _by_record(rows: Iterable[Sequence[Any]], told: dict[str, Entity]) -> list[Change]:
    """One change a record, where its last one stands."""
    found: dict[tuple[str, int], Change] = {}
    for _id, at, act, actor, table, record, kind, old, custom in rows:
        if table not in told:
            continue
        before, was = found.pop((table, record), None), json.loads(old or "{}")
        touched = _touched(was, json.loads(custom or "{}")) | (before.touched if before else set())
        was |= before.old if before else {}
        first = before.first if before else kind
        found[table, record] = Change(told[table], record, at, act or "", actor, first, kind, was, touched)
    return list(found.values())


def _touched(old: dict[str, Any], custom: dict[str, Any]) -> set[str]:
    """The columns that one change touched, and the added fields instead of the column that holds them."""
    was = old.get("custom") or {}
    inner = {name for name in {*was, *custom} if was.get(name) != custom.get(name)} if "custom" in old else set()
    return ({*old} or {MERGED_INTO}) - {"custom"} | inner


def _seen(entity: Entity, changes: list[Change], user: User) -> list[Change]:
    """What the user sees now, and what he saw before and sees no more; not what changed in closed fields alone."""
    now = set(entity.rows_for(user).filter(pk__in=[c.record for c in changes]).values_list("pk", flat=True))
    silent = [change for change in changes if change.record in now and _is_silent(entity, change, user)]
    lost = [change for change in changes if change.record not in now and change.first != "I"]
    before = _seen_before(entity, [*lost, *silent], user) if lost or silent else set()
    for change in changes:
        change.kind = "gone" if change.record not in now else "created" if change.first == "I" else "changed"
    untold = {change.record for change in silent} & before
    return [change for change in changes if change.record in now | before and change.record not in untold]


def _is_silent(entity: Entity, change: Change, user: User) -> bool:
    """Whether this reader can see nothing of what was changed, because his role closes those fields to him."""
    if change.first == "I" or sight_of(entity, user) is None:
        return False
    with seen_by(user):
        known = columns_of(entity)
    open_ = {*known, MERGED_INTO, *(each.currency_at for each in known.values() if isinstance(each, MoneyField))}
    return not change.touched & open_


def _seen_before(entity: Entity, lost: list[Change], user: User) -> set[int]:
    rows = entity.visible(entity.model._default_manager.all(), user).order_by().values("pk")
    if rows.query.is_empty():
        return set()
    query, values = rows.query.sql_with_params()
    table = sql.SQL(BEFORE).format(table=sql.Identifier(entity.model._meta.db_table))
    with connection.cursor() as cursor:
        text = table.as_string(cursor.connection)
        stood = [json.dumps({**c.old, "id": c.record}) for c in lost]
        cursor.execute(text + query, [[c.record for c in lost], stood, *values])
        return {number for (number,) in cursor.fetchall()}


def _number(query: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return int(cursor.fetchone()[0])
