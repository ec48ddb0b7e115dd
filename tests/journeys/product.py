"""The real product for the journeys: its own database, its own processes, the demo company told once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tools.tables import copy_tables

PROJECT = Path(__file__).resolve().parents[2]
SIGN_INS = "demo-signins.txt"
RUNNING = "KRUG_JOURNEYS_AT"


@dataclass(frozen=True)
class Product:
    """Where it answers, who may sign in with which password, and where its database is."""

    url: str
    data: Path
    database: str

    def password_of(self, email: str) -> str:
        """The password that the demo story made for this person."""
        lines = (line.split("  ") for line in (self.data / SIGN_INS).read_text(encoding="utf-8").splitlines())
        return next(password for known, password, _who in lines if known == email)


@contextmanager
def running_product(data: Path) -> Iterator[Product]:
    """Start `krug serve --demo`, or use that which KRUG_JOURNEYS_AT, KRUG_DATA and DATABASE_URL name."""
    if RUNNING in os.environ:
        yield Product(os.environ[RUNNING], Path(os.environ["KRUG_DATA"]), os.environ["DATABASE_URL"])
        return
    with _scratch_database() as address:
        process = _start(data, address)
        try:
            yield Product(_ready(process), data, address)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


@contextmanager
def _scratch_database() -> Iterator[str]:
    server, name = os.environ["DATABASE_URL"], f"journeys_{os.getpid()}"
    copy_tables(server, name)
    with psycopg.connect(server, autocommit=True, dbname="postgres") as connection:
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _start(data: Path, address: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "KRUG_"))}
    with (data / "errors.log").open("w") as errors:
        return _launch(data, environment | {"DATABASE_URL": address, "PYTHONPATH": str(PROJECT)}, errors)


def _launch(data: Path, environment: dict[str, str], errors: TextIO) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "krug.config.cli", "--data", str(data), "serve", "--demo", "--port", "0"],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = process.stdout.readline()
    assert said.startswith("Ready: http://127.0.0.1:"), "the product did not start; see errors.log in its data folder"
    return said.split()[1]
