"""Brings records together in the database by the keys that are kept of them; nothing of it stands in our memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from krug.language.matching.blocking import BUDGET, LARGEST, NEAREST
from krug.language.matching.weighing import Levels, Pair

AT_ONCE = 1_000
READ_AT_ONCE = 5_000
TABLES = ("alike_key", "alike_size", "alike_norm", "alike_pair", "alike_level")
PREPARE = (
    "CREATE TEMP TABLE alike_size AS SELECT key, count(*)::int AS size FROM duplicate_keys, unnest(keys) AS key"
    " WHERE entity = %(entity)s GROUP BY key HAVING count(*) BETWEEN 2 AND %(largest)s",
    # Words with a letter lost are odd and weigh less, as in krug.language.matching.blocking.
    "CREATE TEMP TABLE alike_key AS SELECT key, record_id, size, (ln(1 + %(records)s::float8 / size)"
    " * CASE WHEN key & 1 = 1 THEN 0.3 ELSE 1 END)::float8 AS weight"
    " FROM duplicate_keys CROSS JOIN unnest(keys) AS key JOIN alike_size USING (key) WHERE entity = %(entity)s",
    "CREATE INDEX alike_key_key ON alike_key (key)",
    "CREATE INDEX alike_key_record ON alike_key (record_id)",
    "CREATE TEMP TABLE alike_norm AS SELECT record_id, sqrt(sum(weight * weight)) AS norm FROM alike_key"
    " GROUP BY record_id",
    "CREATE UNIQUE INDEX alike_norm_record ON alike_norm (record_id)",
    "CREATE TEMP TABLE alike_pair (one bigint, two bigint, PRIMARY KEY (one, two))",
    "CREATE TEMP TABLE alike_level (one bigint, two bigint, levels smallint[], PRIMARY KEY (one, two))",
    "ANALYZE alike_key",
    "ANALYZE alike_norm",
)
# Rare keys first, until enough was looked at; of what was found the nearest.
NEAR = """
    INSERT INTO alike_pair
    SELECT DISTINCT least(one, two), greatest(one, two) FROM (
        SELECT one, two, row_number() OVER (PARTITION BY one ORDER BY shared / norm DESC, two) AS place
        FROM (
            SELECT mine.record_id AS one, other.record_id AS two, sum(mine.weight * mine.weight) AS shared
            FROM (
                SELECT record_id, key, weight,
                    sum(size) OVER (PARTITION BY record_id ORDER BY weight DESC, key DESC) AS looked
                FROM alike_key WHERE record_id BETWEEN %s AND %s
            ) AS mine
            JOIN alike_key AS other ON other.key = mine.key AND other.record_id <> mine.record_id
            WHERE mine.looked <= %s GROUP BY 1, 2
        ) AS together JOIN alike_norm ON alike_norm.record_id = two
    ) AS ranked WHERE place <= %s
    ON CONFLICT DO NOTHING
"""
Tell = Callable[[int, int], None]


@contextmanager
def brought_together(code: str, records: int, *, tell: Tell = lambda done, total: None) -> Iterator[int]:
    """Make the pairs worth comparing and answer how many there are; they are gone at the end."""
    drop_tables()
    try:
        with connection.cursor() as cursor:
            for order in PREPARE:
                cursor.execute(order, {"entity": code, "largest": LARGEST, "records": records})
        _find_near(tell)
        yield _number("SELECT count(*) FROM alike_pair")
    finally:
        drop_tables()


def pairs() -> Iterator[list[Pair]]:
    """The pairs that were brought together, some at a time."""
    return _read("SELECT one, two FROM alike_pair")


def not_brought(drawn: Sequence[Pair]) -> list[Pair]:
    """Those of some pairs that nothing has brought together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one, two FROM alike_pair JOIN unnest(%s::bigint[], %s::bigint[]) AS drawn (one, two)"
            " USING (one, two)",
            [[one for one, _two in drawn], [two for _one, two in drawn]],
        )
        brought = set(cursor.fetchall())
    return [pair for pair in drawn if pair not in brought]


def keep_levels(told: Iterable[tuple[Pair, Levels]]) -> None:
    """Keep for a while how pairs agree."""
    with connection.cursor() as cursor, cursor.copy("COPY alike_level FROM STDIN") as target:
        for (one, two), levels in told:
            target.write_row((one, two, list(levels)))


def levels() -> Iterator[list[tuple[int, int, list[int | None]]]]:
    """The pairs with how they agree, some at a time."""
    return _read("SELECT one, two, levels FROM alike_level")


def _find_near(tell: Tell) -> None:
    total, done, last = _number("SELECT count(*) FROM alike_norm"), 0, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*), min(record_id), max(record_id) FROM (SELECT record_id FROM alike_norm"
                " WHERE record_id > %s ORDER BY record_id LIMIT %s) AS next",
                [last, AT_ONCE],
            )
            found, first, last = cursor.fetchone()
            if not found:
                return
            cursor.execute(NEAR, [first, last, BUDGET, NEAREST])
            done += found
            tell(done, total)


def _read(order: str) -> Iterator[list[Any]]:
    last = (0, 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"{order} WHERE (one, two) > (%s, %s) ORDER BY one, two LIMIT %s", [*last, READ_AT_ONCE])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][:2]


def drop_tables() -> None:
    """Leave nothing of an earlier search in this connection."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in TABLES))


def _number(order: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(order)
        return int(cursor.fetchone()[0])
