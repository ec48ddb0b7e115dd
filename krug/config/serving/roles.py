"""Three database roles: the owner changes tables, the application works in them, reports only read (CFG-06)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from krug.config.serving.postgres import Cluster
from krug.config.settings.secrets import kept_secret

OWNER, APP, REPORT = "krug_owner", "krug_app", "krug_report"
DATABASE = "krug"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist")
JOURNALS = ("journal_entry", "journal_mention", "row_change", "audit_record", "history_seal")
WORKS_AS_OWNER = (
    "The role of DATABASE_URL may not create roles: the application works as the owner of its tables,"
    " so that nothing but the application itself protects the history from change"
)
ROLE_CAN_BE_LEFT = (
    "The server of DATABASE_URL does not let in the roles that were made for the application (see pg_hba.conf):"
    " it works as krug_app by SET ROLE, which somebody who could send SQL of his own could leave"
)
PRIVATE = ("session", "token", "attempt", "password", "procrastinate")


@dataclass(frozen=True)
class Addresses:
    """How each kind of work reaches the database."""

    owner: str
    app: str
    report: str
    warning: str = ""


def prepare_own(cluster: Cluster) -> Addresses:
    """Make the roles, the database and its extensions in our own server, as far as they are missing."""
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        for role in (OWNER, APP, REPORT):
            _make_login(connection, role, cluster.password(role))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (DATABASE, OWNER))))
        _keep_strangers_out(connection)
    with psycopg.connect(cluster.address(database=DATABASE), autocommit=True) as connection:
        make_extensions(connection)
    return Addresses(*(cluster.address(role, DATABASE) for role in (OWNER, APP, REPORT)))


def prepare_given(address: str, secrets: Path) -> Addresses:
    """On a server we were given: sign-ins of our own for the application and for reports where we may make them."""
    with psycopg.connect(address, autocommit=True) as connection:
        make_extensions(connection)
        try:
            for role in (APP, REPORT):
                _make_group(connection, role)
            found = [_own_sign_in(connection, address, role, secrets) for role in (APP, REPORT)]
            if all(found):
                return Addresses(address, *found)
            for role in (APP, REPORT):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
        except psycopg.errors.InsufficientPrivilege:
            return Addresses(address, address, address, WORKS_AS_OWNER)
    return Addresses(address, as_role(address, APP), as_role(address, REPORT), ROLE_CAN_BE_LEFT)


def _make_group(connection: psycopg.Connection, role: str) -> None:
    if not _role_exists(connection, role):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def _own_sign_in(connection: psycopg.Connection, address: str, group: str, secrets: Path) -> str:
    """The address of a sign-in that has the rights of the group and can become nobody else; empty if it is not let in.

    Its name belongs to this data folder, so that two installations on one server do not change each other's password.
    """
    secrets.mkdir(mode=0o700, exist_ok=True)
    password = kept_secret(secrets / f"given-{group}")
    name = f"{group}_{hashlib.sha256(password.encode()).hexdigest()[:10]}"
    own = make_conninfo(address, user=name, password=password)
    if not _lets_in(own, group):
        with connection.transaction():
            _make_login(connection, name, password)
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name)))
    return own if _lets_in(own, group) else ""


def _lets_in(address: str, group: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            row = connection.execute("SELECT pg_has_role(current_user, %s, 'USAGE')", [group]).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def as_role(address: str, role: str) -> str:
    """The same address, but every connection works as another role."""
    options = str(conninfo_to_dict(address).get("options") or "")
    return make_conninfo(address, options=f"{options} -c role={role}".strip())


def make_extensions(connection: psycopg.Connection) -> None:
    """Have the extensions that search and constraints need."""
    for name in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def grant(owner_address: str) -> None:
    """Give the application its rights on every table; on journals only to read and to add (LOG-03).

    Everything given before is taken back first, so that an old database is not wider open than a new one.
    """
    with psycopg.connect(owner_address) as connection:
        if not _role_exists(connection, APP):
            return
        for kind in ("TABLES", "SEQUENCES"):
            connection.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {APP}, {REPORT}")
        connection.execute(f"REVOKE ALL ON SCHEMA public FROM {APP}, {REPORT}")
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {REPORT}")
        connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}")
        connection.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {REPORT}")
        for table in _tables(connection):
            if _is_journal(table):
                connection.execute(_revoke("UPDATE, DELETE, TRUNCATE", table, APP))
            if any(word in table for word in PRIVATE):
                connection.execute(_revoke("SELECT", table, REPORT))
        connection.execute(_revoke("INSERT, UPDATE, DELETE", "django_migrations", APP))
        _hide_passwords(connection)


def is_superuser(address: str) -> bool:
    """Whether somebody who works through this address may do everything, which the application never may."""
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _hide_passwords(connection: psycopg.Connection) -> None:
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('person')"
        " AND attnum > 0 AND NOT attisdropped AND attname <> 'password'"
    )
    columns = [row[0] for row in connection.execute(query)]
    if columns:
        connection.execute(_revoke("SELECT", "person", REPORT))
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        connection.execute(sql.SQL("GRANT SELECT ({}) ON person TO {}").format(names, sql.Identifier(REPORT)))


def _make_login(connection: psycopg.Connection, role: str, password: str) -> None:
    verb = "ALTER" if _role_exists(connection, role) else "CREATE"
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    query = sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD {}")
    connection.execute(query.format(sql.Identifier(role), sql.Literal(hashed)))


def _keep_strangers_out(connection: psycopg.Connection) -> None:
    connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
    connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}")
    connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {REPORT}")


def _role_exists(connection: psycopg.Connection, role: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _tables(connection: psycopg.Connection) -> list[str]:
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname"
    )
    return [row[0] for row in connection.execute(query)]


def _is_journal(table: str) -> bool:
    return any(table == journal or table.startswith(f"{journal}_") for journal in JOURNALS)


def _revoke(rights: str, table: str, role: str) -> sql.Composed:
    return sql.SQL(f"REVOKE {rights} ON {{}} FROM {role}").format(sql.Identifier(table))
