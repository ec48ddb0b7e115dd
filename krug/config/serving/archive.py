"""One file holds everything that people have entered: the database and the files, but not the keys."""

import json
import os
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from krug.config.serving import roles, schema
from krug.config.serving.binaries import find_binaries
from krug.config.serving.installation import Installation

FORMAT = "krug-backup-1"


class ArchiveFailed(Exception):
    """The backup could not be written or read."""


def write(here: Installation, target: Path) -> dict[str, object]:
    """Write the database as it is at this moment, and all files, into one new file."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".backup-") as folder:
        dump = Path(folder) / "database.dump"
        _program(here, "pg_dump", "-Fc", "--no-owner", "--no-privileges", "-f", str(dump))
        manifest: dict[str, object] = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "migrations": schema.fingerprint(),
            "rows": count_rows(here),
        }
        (Path(folder) / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        with tarfile.open(unfinished, "w") as archive:
            archive.add(Path(folder) / "manifest.json", "manifest.json")
            archive.add(dump, "database.dump")
            if (here.data / "files").is_dir():
                archive.add(here.data / "files", "files")
    unfinished.chmod(0o600)
    unfinished.replace(target)
    return manifest


def read(here: Installation, source: Path, *, replace: bool) -> dict[str, object]:
    """Put back what a backup holds; what is here now is lost, so it is only replaced when that was said."""
    with tempfile.TemporaryDirectory(dir=here.data, prefix=".restore-") as folder:
        manifest = _unpack(source, Path(folder))
        _empty(here, replace=replace)
        _fill(here, Path(folder))
        _put_files(here, Path(folder) / "files")
    schema.bring_up_to_date(here.addresses.owner, always=True)
    return manifest


def count_rows(here: Installation) -> dict[str, int]:
    """How many rows each table has, so that a restore can be compared."""
    with psycopg.connect(_admin(here)) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        counts = {}
        for table in sorted(tables):
            query = psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(table))
            row = connection.execute(query).fetchone()
            counts[table] = row[0] if row else 0
    return counts


def _unpack(source: Path, folder: Path) -> dict[str, object]:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (tarfile.TarError, FileNotFoundError, ValueError) as error:
        if not source.exists():
            raise
        raise ArchiveFailed(f"{source} is not a backup of Krug.") from error
    if manifest.get("format") != FORMAT:
        raise ArchiveFailed(f"{source} is not a backup of Krug.")
    return manifest


def _admin(here: Installation) -> str:
    return here.cluster.address(database=roles.DATABASE) if here.cluster else here.addresses.owner


def _empty(here: Installation, *, replace: bool) -> None:
    with psycopg.connect(_admin(here), autocommit=True) as connection:
        busy = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name IN ('krug-web', 'krug-worker', 'krug-events')"
        ).fetchone()
        if busy and busy[0]:
            raise ArchiveFailed("Stop the server before you restore a backup.")
        full = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if full and full[0] and not replace:
            raise ArchiveFailed("There is data here already. Say --replace to lose it.")
        connection.execute("DROP SCHEMA public CASCADE")
        owner = "pg_database_owner" if here.cluster else "CURRENT_USER"
        connection.execute(f"CREATE SCHEMA public AUTHORIZATION {owner}")
        roles.make_extensions(connection)


def _fill(here: Installation, folder: Path) -> None:
    dump = folder / "database.dump"
    contents = _program(here, "pg_restore", "--list", str(dump), connected=False)
    wanted = [line for line in contents.splitlines() if " EXTENSION " not in line and " SCHEMA - public " not in line]
    (folder / "contents").write_text("\n".join(wanted), encoding="utf-8")
    _program(
        here,
        "pg_restore",
        *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
        *("-L", str(folder / "contents"), str(dump)),
    )


def _put_files(here: Installation, source: Path) -> None:
    if source.is_dir():
        target = here.data / "files"
        if target.exists():
            target.rename(here.data / f"files.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        source.rename(target)


def _program(here: Installation, name: str, *arguments: str, connected: bool = True) -> str:
    binaries = here.cluster.binaries if here.cluster else find_binaries()
    given = {key: str(value) for key, value in conninfo_to_dict(here.addresses.owner).items()}
    names = {"user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE"}
    environment = os.environ | {names[key]: value for key, value in given.items() if key in names}
    place = ["-d", given["dbname"]] if connected else []
    done = subprocess.run([binaries.program(name), *place, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise ArchiveFailed(f"{name} failed: {done.stderr.strip()}")
    return done.stdout
