"""The databases of the tests: their tables are made once, and each process works in a fresh copy of its own."""

from __future__ import annotations

import os

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from krug.config.serving import roles, schema

MADE = "krug_tables"
IN_TURN = "SELECT pg_advisory_lock(hashtext('krug_tables'))"


def name_of_copy() -> str:
    """What the database of this process is called."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return "_".join(filter(None, [os.environ.get("KRUG_TEST_DB", "test_krug"), worker]))


def copy_tables(server: str, name: str) -> None:
    """Lay a fresh copy; what it is copied from is made anew when a migration has changed since."""
    with psycopg.connect(server, autocommit=True, dbname="postgres") as connection:
        connection.execute(IN_TURN)
        _make_if_changed(connection, server)
        _replace(connection, name, MADE)


def _make_if_changed(connection: psycopg.Connection, server: str) -> None:
    wanted = f"krug {schema.fingerprint()}"
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [MADE]
    ).fetchone()
    if row and row[0] == wanted:
        return
    _replace(connection, MADE, "template0")
    address = make_conninfo(server, dbname=MADE)
    with psycopg.connect(address, autocommit=True) as inside:
        roles.make_extensions(inside)
    schema.bring_up_to_date(address)


def _replace(connection: psycopg.Connection, name: str, template: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    query = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY FILE_COPY"
    connection.execute(sql.SQL(query).format(sql.Identifier(name), sql.Identifier(template)))
