"""The database of the large base: made beside the product's own, filled once, found again, dropped."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from krug.config.serving import roles, schema
from krug.config.serving.installation import Installation

Say = Callable[[str], None]
MARK = "bench_base"


class Scratch:
    """One scratch database, as its superuser and as the application reach it."""

    def __init__(self, here: Installation, parties: int) -> None:
        self.parties = parties
        self.name = f"krug_bench_{parties}"
        cluster = here.cluster
        self._server = cluster.address() if cluster else here.addresses.owner
        self.owner = self._within(self._server)
        self.app = self._within(
            cluster.address(roles.APP) if cluster else roles.as_role(here.addresses.owner, roles.APP)
        )
        self._owner_role = roles.OWNER if cluster else ""

    def _within(self, address: str) -> str:
        return make_conninfo(address, dbname=self.name)

    def prepare(self) -> bool:
        """Have the database with its tables; tells whether it is filled already."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
            if self._owner_role:
                order = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
                connection.execute(order.format(sql.Identifier(self.name), sql.Identifier(roles.APP)))
        with psycopg.connect(self.owner, autocommit=True) as connection:
            roles.make_extensions(connection)
        schema.bring_up_to_date(self.owner)
        with psycopg.connect(self.owner) as connection:
            row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [MARK]).fetchone()
        return bool(row and row[0])

    def fill(self, say: Say) -> None:
        """Fill the tables; indexes are built and statistics gathered at the end."""
        from krug.config.bench import filling, following
        from krug.config.bench.copying import without_indexes
        from krug.config.bench.people import hire

        first = hire()
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET jit = off")
            base = filling.Base(self.parties, connection, first)
            with without_indexes(connection, TABLES):
                names: list[str] = []
                for said, step in (
                    ("parties", lambda: names.extend(filling.fill_parties(base))),
                    ("contacts", lambda: filling.fill_contacts(base, names)),
                    ("interactions", lambda: filling.fill_interactions(base)),
                    ("people of interactions", lambda: following.fill_people_of_interactions(base)),
                    ("journal", lambda: following.fill_journal(base)),
                    ("deals", lambda: following.fill_deals(base)),
                    ("journal of deals", lambda: following.fill_deal_journal(base)),
                    ("tasks", lambda: following.fill_tasks(base)),
                    ("search", lambda: following.fill_search(base)),
                ):
                    _timed(said, step, say)
                began = time.monotonic()
            say(f"indexes: {time.monotonic() - began:.0f} s")
            _timed("sequences", lambda: _count_on(connection), say)
            _timed("vacuum and statistics", lambda: connection.execute("VACUUM (ANALYZE)"), say)
            connection.execute(f"CREATE TABLE {MARK} (parties bigint)")
            connection.execute(f"INSERT INTO {MARK} VALUES (%s)", [self.parties])

    def fill_attributes(self, say: Say) -> None:
        """Give the customers fields of the company's own, also where the base was filled before there were such."""
        from krug.config.bench.attributes import fill_attributes

        _timed("attributes", lambda: fill_attributes(self.owner), say)

    def size(self) -> str:
        """How much room the database takes."""
        with psycopg.connect(self.owner) as connection:
            row = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        return str(row[0]) if row else ""

    def drop(self) -> None:
        """Take the database away."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


TABLES = (
    "party", "requisites", "party_role", "contact", "contact_position", "contact_point", "interaction",
    "interaction_contact", "interaction_colleague", "deal", "stage_visit", "stage_result", "document", "task",
    "search_document", "search_word",
)  # fmt: skip


def _timed(said: str, step: Callable[[], object], say: Say) -> None:
    began = time.monotonic()
    step()
    say(f"{said}: {time.monotonic() - began:.0f} s")


def _count_on(connection: psycopg.Connection) -> None:
    """Numbers given by the database go on after those that were written."""
    found = connection.execute(
        "SELECT c.oid::regclass::text, a.attname, pg_get_serial_sequence(c.oid::regclass::text, a.attname)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind = 'r' AND NOT c.relispartition AND a.attname = 'id'"
        " AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL"
    ).fetchall()
    for table, column, sequence in [*found, ("journal_entry", "id", "journal_entry_id_seq")]:
        connection.execute(f"SELECT setval(%s, (SELECT coalesce(max({column}), 0) + 1 FROM {table}))", [sequence])
