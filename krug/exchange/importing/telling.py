"""Progress of long work is told outside its transaction, so that people see it move."""

from __future__ import annotations

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper


class Teller:
    """A second connection that notes how far a run came and reads whether somebody cancelled it."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.beside: DatabaseWrapper = connections["default"].copy()  # type: ignore[assignment]  # the copy is of the same kind

    def tell(self, done: int, total: int) -> bool:
        """Note the progress; answers whether the run is to stop."""
        with self.beside.cursor() as cursor:
            cursor.execute(
                "UPDATE import_run SET done = %s, total = %s WHERE id = %s RETURNING is_cancelled",
                [done, total, self.run_id],
            )
            row = cursor.fetchone()
        if done >= total or (row and row[0]):
            self.beside.close()
        return bool(row and row[0])
