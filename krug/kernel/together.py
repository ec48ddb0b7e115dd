"""Many changes at once: their rows are written in few statements and told together, after each was judged alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model

MOST_GROUPS = 20
P = ParamSpec("P")
R = TypeVar("R")
_current: ContextVar[Together | None] = ContextVar("together", default=None)


@dataclass
class Together:
    """What waits to be written: records with the columns that changed, and the facts to tell."""

    rows: list[tuple[Model, tuple[str, ...]]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)

    def mark(self) -> tuple[int, int]:
        """A place to which one can return."""
        return len(self.rows), len(self.events)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget what was gathered since: the record was refused."""
        del self.rows[mark[0] :]
        del self.events[mark[1] :]

    def write(self) -> None:
        """Write the rows: one statement for all that get the same values."""
        groups: dict[tuple[Any, ...], list[Model]] = {}
        for row, columns in self.rows:
            values = tuple(repr(getattr(row, row._meta.get_field(name).attname)) for name in columns)  # type: ignore[union-attr]  # columns have one
            groups.setdefault((type(row), columns, values), []).append(row)
        if len(groups) <= MOST_GROUPS:
            for (model, columns, _values), rows in groups.items():
                given = {name: getattr(rows[0], name) for name in columns}
                model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**given)
            return
        alike: dict[tuple[Any, ...], list[Model]] = {}
        for (model, columns, _values), rows in groups.items():
            alike.setdefault((model, columns), []).extend(rows)
        for (model, columns), rows in alike.items():
            model._default_manager.bulk_update(rows, columns)


def whole(action: Callable[P, R]) -> Callable[P, R]:
    """All of it or nothing; where rows are only gathered nothing is written yet, and no savepoint is needed."""
    alone = transaction.atomic(action)

    @wraps(action)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        return alone(*args, **kwargs) if _current.get() is None else action(*args, **kwargs)

    return done


@contextmanager
def together() -> Iterator[Together]:
    """What is changed within this block is written at its end; the database judges it then, and may refuse it whole."""
    gathered = Together()
    before = _current.set(gathered)
    try:
        yield gathered
    finally:
        _current.reset(before)
    gathered.write()
    from krug.kernel.journal.recording import record_many

    record_many(gathered.events)


def gathering() -> Together | None:
    """What is being gathered just now, if anything is."""
    return _current.get()


def later_written(row: Model, columns: Sequence[str]) -> bool:
    """Whether this row is written later with others; then nothing is to be done about it now."""
    gathered = _current.get()
    if gathered is not None:
        gathered.rows.append((row, tuple(sorted(columns))))
    return gathered is not None
