"""What happens with interactions, tasks, obligations and calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.activities.models import Call, Interaction, Obligation, Task
from krug.kernel.journal.events import Event
from krug.parties.models import Contact, Party


@dataclass(frozen=True, kw_only=True)
class InteractionLogged(Event):
    """A contact with a customer was written down, with everybody who took part."""

    phrase: ClassVar[Any] = _("Interaction logged")
    icon: ClassVar[str] = "phone"

    interaction: Interaction
    about: Any = None
    contacts: list[Contact] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)
    kind: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class InteractionWithdrawn(Event):
    """A contact written down by mistake was taken back, with the next step it had set."""

    phrase: ClassVar[Any] = _("Interaction withdrawn")
    icon: ClassVar[str] = "undo"

    interaction: Interaction


@dataclass(frozen=True, kw_only=True)
class TaskPlanned(Event):
    """Somebody has something to do by a day."""

    phrase: ClassVar[Any] = _("Task planned: %(task)s (%(due_on)s)")
    icon: ClassVar[str] = "task"

    task: Task
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class TaskDone(Event):
    """A task was done."""

    phrase: ClassVar[Any] = _("Task done: %(task)s")
    icon: ClassVar[str] = "check-circle"

    task: Task
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskPostponed(Event):
    """A task was moved to another day."""

    phrase: ClassVar[Any] = _("Task postponed: %(task)s, from %(was_due_on)s to %(due_on)s")
    icon: ClassVar[str] = "clock"

    task: Task
    was_due_on: date | None
    due_on: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(Event):
    """A task will not be done."""

    phrase: ClassVar[Any] = _("Task cancelled: %(task)s")
    icon: ClassVar[str] = "close"

    task: Task
    reason: str


@dataclass(frozen=True, kw_only=True)
class ObligationGiven(Event):
    """One side promised the other something by a day."""

    phrase: ClassVar[Any] = _("Promised: %(obligation)s (%(due_on)s)")
    icon: ClassVar[str] = "swap"

    obligation: Obligation
    side: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ObligationKept(Event):
    """A promise was kept."""

    phrase: ClassVar[Any] = _("Promise kept: %(obligation)s")
    icon: ClassVar[str] = "check-circle"

    obligation: Obligation
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class ObligationBroken(Event):
    """A promise was not kept."""

    phrase: ClassVar[Any] = _("Promise not kept: %(obligation)s")
    icon: ClassVar[str] = "warning"

    obligation: Obligation
    reason: str


@dataclass(frozen=True, kw_only=True)
class ObligationPostponed(Event):
    """The two sides agreed on another day."""

    phrase: ClassVar[Any] = _("Promise postponed: %(obligation)s, from %(was_due_on)s to %(due_on)s")
    icon: ClassVar[str] = "clock"

    obligation: Obligation
    was_due_on: date | None
    due_on: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ObligationCancelled(Event):
    """Whoever promised was released."""

    phrase: ClassVar[Any] = _("Promise called off: %(obligation)s")
    icon: ClassVar[str] = "close"

    obligation: Obligation
    reason: str


@dataclass(frozen=True, kw_only=True)
class ObligationReopened(Event):
    """A closed promise stands again."""

    phrase: ClassVar[Any] = _("Promise stands again: %(obligation)s")
    icon: ClassVar[str] = "undo"

    obligation: Obligation


@dataclass(frozen=True, kw_only=True)
class CallRegistered(Event):
    """A call was written down, by hand or by the telephone exchange."""

    phrase: ClassVar[Any] = _("Call: %(call)s")
    icon: ClassVar[str] = "phone"

    call: Call
    direction: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class CallSettled(Event):
    """Somebody has called back whoever was missed."""

    phrase: ClassVar[Any] = _("Called back: %(call)s")
    icon: ClassVar[str] = "check-circle"

    call: Call


@dataclass(frozen=True, kw_only=True)
class CallForgone(Event):
    """Nobody will call back whoever was missed: the task to do so was dropped."""

    phrase: ClassVar[Any] = _("Nobody calls back: %(call)s")
    icon: ClassVar[str] = "close"

    call: Call


@dataclass(frozen=True, kw_only=True)
class CallAttached(Event):
    """It became known who had called."""

    phrase: ClassVar[Any] = _("Call %(call)s is from %(party)s")
    icon: ClassVar[str] = "link"

    call: Call
    party: Party
