"""Measures imports and exports of many customers: how long, and how much memory the program takes."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from krug.access.models import User
from krug.administration.actions.people import setup_actor
from krug.config.serving.memory import settle
from krug.exchange.exporting.files import Wanted, write_file
from krug.exchange.importing.plans import Plan, plan_from
from krug.exchange.importing.receiving import open_now, start_run
from krug.exchange.importing.running import carry_out_now
from krug.kernel.fields import Reading
from krug.kernel.journal.runs import begin_undo, carry_out_undo
from krug.kernel.listing.bulk import Deed, Selection, carry_out, reading_for, start
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity

ROWS = 100_000
HEAD = "Название;Город;Область;Сотрудников\r\n"


class _Sent:
    """A file of customers as it would be uploaded."""

    name = "customers.csv"

    def __init__(self, rows: int) -> None:
        self.rows, self.size = rows, rows * 60

    def chunks(self) -> Iterator[bytes]:
        """The file in windows-1251, a thousand lines at a time."""
        yield HEAD.encode("cp1251")
        for first in range(0, self.rows, 1000):
            lines = (f"ООО Замер номер {first + n};Омск;Омская область;{n}\r\n" for n in range(1000))
            yield "".join(lines).encode("cp1251")


def measure_exchange(rows: int = ROWS) -> list[str]:
    """The figures of a check, a writing with matching by name, a second run that finds all known, and the exports."""
    by = setup_actor()
    settle()  # as every worker does
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA = Path(folder)
        told = [
            _timed(f"import {rows} rows: check", rows, lambda: _imported(rows, by, write=False)),
            _timed(f"import {rows} rows: write", rows, lambda: _imported(rows, by, write=True)),
            _timed(f"import {rows} rows: all known", rows, lambda: _imported(rows, by, write=True)),
        ]
        for kind in ("csv", "xlsx", "ods", "jsonl"):
            path = Path(folder) / f"out.{kind}"
            told.append(_timed(f"export {rows} rows: {kind}", rows, partial(_exported, path, kind, by)))
        return told + _many_changed(rows, by)


def _many_changed(rows: int, by: User) -> list[str]:
    """The figures of a bulk edit of that many customers and of its undoing, both as the jobs do them."""
    party, reading = get_entity("party"), reading_for(by)
    found = {"field": "display_name", "operator": "contains", "value": "Замер номер"}
    run = start(party, Selection(is_all=True, tree=found), Deed("edit", {"employees": "4242"}), reading)
    told = [_timed(f"bulk edit of {run.total} rows", run.total, lambda: carry_out(run))]
    back = begin_undo(run, by=by)
    return [*told, _timed("the same undone", run.total, lambda: carry_out_undo(back))]


def _timed(name: str, rows: int, act: Callable[[], None]) -> str:
    before, served, began = time.process_time(), _server_time(), time.monotonic()
    act()
    took, busy = time.monotonic() - began, time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    server = _server_time() - served
    return (
        f"| {name} | {took:.1f} s | {busy:.1f} s | {server:.1f} s | {rows / took:,.0f} | {rows / (busy + server):,.0f}"
        f" | {memory:.0f} MB |"
    )


def _server_time() -> float:
    """The processor time of our connection's process at the server, where the server runs here on Linux."""
    connection.ensure_connection()
    try:
        told = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    ticks = told.rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _imported(rows: int, by: User, *, write: bool) -> None:
    run = open_now(start_run([_Sent(rows)], by=by))
    guessed = plan_from(run.plan)
    plan = Plan(tuple(replace(table, keys=("name",)) for table in guessed.tables))
    run = carry_out_now(run, plan, by=by, write=write)
    if run.trouble:
        raise SystemExit(f"krug bench exchange: {run.trouble}")


def _exported(path: Path, kind: str, by: User) -> None:
    reading = Reading(user=by, today=localdate(), language="ru")
    write_file(path, kind, Wanted(get_entity("party"), ListState(), reading))
