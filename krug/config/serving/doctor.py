"""What must be true of a database before people's work is trusted to it."""

from dataclasses import dataclass

import psycopg

from krug.config.serving.roles import EXTENSIONS

SETTINGS_ON = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    is_well: bool
    detail: str
    must: bool = True


def examine(address: str) -> list[Finding]:
    """Look at a database: its version, Cyrillic letters, trigrams, extensions and safety of what is written."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        connection.read_only = True
        return [
            _version(connection),
            _asks(connection, "cyrillic", "SELECT lower('Ё') = 'ё'", "Cyrillic letters fold their case"),
            *_extensions(connection),
            _trigrams(connection),
            _asks(
                connection, "encoding", "SELECT current_setting('server_encoding') = 'UTF8'", "text is kept as UTF-8"
            ),
            *(_setting(connection, name) for name in SETTINGS_ON),
            _checksums(connection),
        ]


def examine_work(address: str) -> list[Finding]:
    """Look at what the worker could not do; only whoever runs the installation is told."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        if not (connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() or [None])[0]:
            return []
        query = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
        failed = connection.execute(query).fetchall()
    detail = ", ".join(f"{name} {count}" for name, count in failed) or "none"
    return [Finding("failed jobs", not failed, detail, must=False)]


def failures(findings: list[Finding]) -> list[Finding]:
    """What forbids to start."""
    return [finding for finding in findings if finding.must and not finding.is_well]


def warnings(findings: list[Finding]) -> list[Finding]:
    """What does not forbid to start, but somebody should know."""
    return [finding for finding in findings if not finding.must and not finding.is_well]


def _asks(connection: psycopg.Connection, name: str, question: str, meaning: str, must: bool = True) -> Finding:
    row = connection.execute(question).fetchone()
    return Finding(name, bool(row and row[0]), meaning, must)


def _version(connection: psycopg.Connection) -> Finding:
    number = connection.info.server_version
    return Finding("version", number >= 150000, f"PostgreSQL {number // 10000}.{number % 10000}, 15 or newer is needed")


def _extensions(connection: psycopg.Connection) -> list[Finding]:
    available = {row[0] for row in connection.execute("SELECT name FROM pg_available_extensions")}
    return [Finding(f"extension {name}", name in available, f"{name} can be created") for name in EXTENSIONS]


def _trigrams(connection: psycopg.Connection) -> Finding:
    installed = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()
    if not installed:
        return Finding("trigrams", False, "pg_trgm is not yet created in this database", must=False)
    return _asks(connection, "trigrams", "SELECT cardinality(show_trgm('Ёж')) > 0", "Cyrillic words have trigrams")


def _setting(connection: psycopg.Connection, name: str) -> Finding:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    value = row[0] if row else ""
    meaning = f"{name} is {value}: what is saved {'survives' if value != 'off' else 'may not survive'} a power cut"
    return Finding(name, value != "off", meaning, must=False)


def _checksums(connection: psycopg.Connection) -> Finding:
    question = "SELECT current_setting('data_checksums') = 'on'"
    return _asks(connection, "data_checksums", question, "pages carry checksums", must=False)
