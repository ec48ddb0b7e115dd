"""Progress of long work is told outside its transaction, so that people see it move."""

from __future__ import annotations

import time

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import Model

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
        with self.beside.cursor() as cursor:
            cursor.execute(WAITED_FOR, [self.worker])
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Nothing more will be told."""
        self.beside.close()

    def tell(self, done: int, total: int) -> bool:
        """Note the progress; answers whether the run is to stop."""
        with self.beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.run._meta.db_table} SET done = %s, total = %s WHERE id = %s RETURNING is_cancelled",
                [done, total, self.run.pk],
            )
            row = cursor.fetchone()
        return bool(row and row[0])


def progress_of(run: Model, *, steps_aside: bool) -> Progress:
    """Tells the progress over a connection of its own, and hears whether to stop or to let go."""
    teller, last = Teller(run), [0.0]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - last[0] < EVERY and done < total:
            return
        last[0] = time.monotonic()
        is_cancelled, is_waited_for = teller.tell(done, total), steps_aside and teller.is_waited_for()
        if done >= total or is_cancelled or is_waited_for:
            teller.close()
        if is_cancelled:
            raise Cancelled
        if is_waited_for and done < total:
            raise SteppedAside

    return tell
