"""The plan of an import: what each table is, where its columns go, and what happens to known records."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

FILLERS = ("select", "#n/a", "#н/д", "n/a", "null", "none", "-", "—", "–", "(пусто)", "не указано", "нет данных")


class OnMatch(TextChoices):
    """What happens to a row whose record is known already."""

    SKIP = "skip", _("Leave the existing record as it is")
    FILL = "fill", _("Fill only what is empty in it")
    UPDATE = "update", _("Overwrite what differs")
    INSERT = "insert", _("Create a new record anyway")
    ASK = "ask", _("Leave the row for a decision")


class Missing(TextChoices):
    """What happens when a cell names a record that is not there."""

    REFUSE = "refuse", _("Refuse the row")
    EMPTY = "empty", _("Leave the field empty")
    CREATE = "create", _("Create a record with that name")


class Days(TextChoices):
    """In which order a file writes day, month and year."""

    AUTO = "", _("Detect automatically")
    DMY = "dmy", _("Day, month, year")
    MDY = "mdy", _("Month, day, year")


@dataclass(frozen=True)
class ColumnPlan:
    """One column: where it goes and how its cells are read; without a column the `constant` goes there."""

    column: str
    target: str = ""
    constant: str = ""
    by: str = ""
    missing: str = Missing.REFUSE.value
    splitter: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TablePlan:
    """One table: what its rows are, its columns, and how known records are recognised and treated."""

    table: str
    entity: str = ""
    columns: tuple[ColumnPlan, ...] = ()
    keys: tuple[str, ...] = ()
    on_match: str = OnMatch.SKIP.value
    system: str = "file"
    days: str = ""
    decimal: str = ""
    fillers: tuple[str, ...] = FILLERS
    leave: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""
    encoding: str = ""  # of a text file, where somebody chose it
    separator: str = ""
    head: int | None = None  # the line that names the columns, where somebody chose it; 0 for none

    @property
    def used(self) -> tuple[ColumnPlan, ...]:
        """The columns that go anywhere."""
        return tuple(column for column in self.columns if column.target)


@dataclass(frozen=True)
class Plan:
    """The whole set in the order in which it is written: what is named by others comes before them."""

    tables: tuple[TablePlan, ...] = ()
    preset: str = ""

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept with the run."""
        return asdict(self)


def plan_from(kept: dict[str, Any]) -> Plan:
    """The plan as it was kept."""
    tables = tuple(
        TablePlan(
            **{
                **table,
                "columns": tuple(ColumnPlan(**column) for column in table.get("columns", ())),
                "keys": tuple(table.get("keys", ())),
                "fillers": tuple(table.get("fillers", FILLERS)),
            }
        )
        for table in kept.get("tables", ())
    )
    return Plan(tables, kept.get("preset", ""))


@dataclass(frozen=True)
class SetPlan:
    """A shipped plan for files of another program, found by the heads of their columns, whatever they are called."""

    code: str
    label: Any
    tables: tuple[TablePlan, ...]
    prepare: Any = None
    note: Any = ""


_shipped: dict[str, SetPlan] = {}


def ship_plan(plan: SetPlan) -> None:
    """Put a shipped plan on the list."""
    _shipped[plan.code] = plan


def shipped_plans() -> list[SetPlan]:
    """All shipped plans."""
    return list(_shipped.values())


def shipped_plan(code: str) -> SetPlan | None:
    """The shipped plan of that code."""
    return _shipped.get(code)
