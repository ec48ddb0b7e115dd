"""What happens with interactions and tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from krug.access.models import User
from krug.activities.models import Interaction, Task
from krug.kernel.journal.events import Event
from krug.parties.models import Contact


@dataclass(frozen=True, kw_only=True)
class InteractionLogged(Event):
    """A contact with a customer was written down, with everybody who took part."""

    interaction: Interaction
    about: Any = None
    contacts: list[Contact] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)
    kind: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class InteractionWithdrawn(Event):
    """A contact written down by mistake was taken back, with the next step it had set."""

    interaction: Interaction


@dataclass(frozen=True, kw_only=True)
class TaskPlanned(Event):
    """Somebody has something to do by a day."""

    task: Task
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class TaskDone(Event):
    """A task was done."""

    task: Task
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskPostponed(Event):
    """A task was moved to another day."""

    task: Task
    was_due_on: date | None
    due_on: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(Event):
    """A task will not be done."""

    task: Task
    reason: str
