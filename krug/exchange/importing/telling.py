"""Progress of long work is told outside its transaction, so that people see it move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import Model
from psycopg.errors import DeadlockDetected, LockNotAvailable

from krug.exchange.importing.planned import Cancelled, SteppedAside
from krug.exchange.importing.presets import Progress

EVERY = 0.5
WAITED_FOR = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid)))"


class Teller:
    """A second connection that notes how far a run came and reads whether somebody cancelled it."""

    def __init__(self, run: Model) -> None:
        self.run = run
        connections["default"].ensure_connection()
        self.worker: int = connections["default"].connection.info.backend_pid
        self.beside: DatabaseWrapper = connections["default"].copy()  # type: ignore[assignment]  # the copy is of the same kind

    def is_waited_for(self) -> bool:
        """Whether somebody waits until the work of this process lets a record go."""
        return self._asked(WAITED_FOR, [self.worker])

    def close(self) -> None:
        """Nothing more will be told."""
        self.beside.close()

    def tell(self, done: int, total: int) -> bool:
        """Note the progress; answers whether the run is to stop."""
        told = f"UPDATE {self.run._meta.db_table} SET done = %s, total = %s WHERE id = %s RETURNING is_cancelled"
        return self._asked(told, [done, total, self.run.pk])

    def _asked(self, question: str, values: list[Any]) -> bool:
        with self.beside.cursor() as cursor:
            cursor.execute(question, values)
            row = cursor.fetchone()
        return bool(row and row[0])


@contextmanager
def progress_of(run: Model, *, steps_aside: bool) -> Iterator[Progress]:
    """Tells the progress over a connection of its own, and hears whether to stop or to let go; what steps aside waits
    itself a moment only, because meanwhile it holds all that came before."""
    teller, last = Teller(run), [0.0]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - last[0] < EVERY and done < total:
            return
        last[0] = time.monotonic()
        is_cancelled, is_waited_for = teller.tell(done, total), steps_aside and teller.is_waited_for()
        if is_cancelled:
            raise Cancelled
        if is_waited_for and done < total:
            raise SteppedAside

    try:
        if steps_aside:
            connection.cursor().execute("SET lock_timeout = '1s'")
        yield tell
    except OperationalError as error:
        if steps_aside and isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
            raise SteppedAside from error
        raise
    finally:
        teller.close()
        if steps_aside:
            connection.cursor().execute("RESET lock_timeout")
