"""Tables are brought up to date only when a migration has changed since the last time."""

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from krug.config.serving import roles

THIRD_PARTY = ("django.contrib.contenttypes", "django.contrib.auth", "procrastinate.contrib.django")
PACKAGE = Path(__file__).resolve().parents[2]


class MigrationFailed(Exception):
    """The tables could not be brought up to date."""


def bring_up_to_date(owner_address: str, *, always: bool = False) -> bool:
    """Migrate and give rights, if what the database was made from differs from what is here; tell whether."""
    wanted = f"krug {fingerprint()}"
    if not always and _made_from(owner_address) == wanted:
        return False
    environment = os.environ | {"DATABASE_URL": owner_address, "KRUG_PROCESS": "migration"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"],
        env=environment,
        cwd=PACKAGE.parent,
    )
    if done.returncode:
        raise MigrationFailed("The tables could not be brought up to date; the reason is above.")
    roles.grant(owner_address)
    _note(owner_address, wanted)
    return True


def fingerprint() -> str:
    """One value for all migrations that the tables are made from, and for what is shipped in them: roles and rates."""
    digest = hashlib.sha256(Path(roles.__file__).read_bytes())
    shipped = [PACKAGE / "administration" / "actions" / "shipped_roles.py"]
    shipped += [*PACKAGE.glob("*/entities/roles.py"), *PACKAGE.glob("*/shipped/*")]
    for file in sorted([*PACKAGE.glob("*/migrations/*.py"), *shipped, *_third_party()]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


def _third_party() -> list[Path]:
    found: list[Path] = []
    for name in THIRD_PARTY:
        spec = find_spec(name)
        if spec and spec.origin:
            found += Path(spec.origin).parent.glob("migrations/*.py")
    return found


def _made_from(address: str) -> str:
    question = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname = current_database() AND to_regclass('django_migrations') IS NOT NULL"
    )
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()
    return (row and row[0]) or ""


def _note(address: str, text: str) -> None:
    with psycopg.connect(address) as connection:
        name = connection.execute("SELECT current_database()").fetchone()
        assert name
        query = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name[0]), sql.Literal(text))
        try:
            with connection.transaction():
                connection.execute(query)
        except psycopg.errors.InsufficientPrivilege:
            return
