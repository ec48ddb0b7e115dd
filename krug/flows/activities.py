"""What follows from contacts with customers, from tasks, obligations and calls."""

from krug.activities.actions.calls import forgo_call, settle_call
from krug.activities.events import (
    CallAttached,
    CallForgone,
    CallRegistered,
    CallSettled,
    InteractionLogged,
    InteractionWithdrawn,
    ObligationBroken,
    ObligationCancelled,
    ObligationGiven,
    ObligationKept,
    ObligationPostponed,
    ObligationReopened,
    TaskCancelled,
    TaskDone,
    TaskPlanned,
    TaskPostponed,
)
from krug.activities.models import Call
from krug.kernel.journal.recording import on


@on(InteractionLogged)
def interaction_logged(event: InteractionLogged) -> None:
    """The line in the histories of everybody who took part is enough."""


@on(InteractionWithdrawn)
def interaction_withdrawn(event: InteractionWithdrawn) -> None:
    """The line in the timeline is enough."""


@on(TaskPlanned)
def task_planned(event: TaskPlanned) -> None:
    """The assignee sees the task on My day."""


@on(TaskDone)
def task_done(event: TaskDone) -> None:
    """Whoever was to call back has done so."""
    for call in Call.objects.waiting().filter(task=event.task).order_by("pk"):
        settle_call(call, by=event.by)


@on(TaskPostponed)
def task_postponed(event: TaskPostponed) -> None:
    """The count of moves on the task is enough."""


@on(TaskCancelled)
def task_cancelled(event: TaskCancelled) -> None:
    """A missed call whose task was dropped waits for nobody."""
    for call in Call.objects.waiting().filter(task=event.task).order_by("pk"):
        forgo_call(call, by=event.by)


@on(ObligationGiven)
def obligation_given(event: ObligationGiven) -> None:
    """The owner sees the promise on My day."""


@on(ObligationKept)
def obligation_kept(event: ObligationKept) -> None:
    """The line in the timeline is enough."""


@on(ObligationBroken)
def obligation_broken(event: ObligationBroken) -> None:
    """The reason in the timeline is enough."""


@on(ObligationPostponed)
def obligation_postponed(event: ObligationPostponed) -> None:
    """The count of moves on the obligation is enough."""


@on(ObligationCancelled)
def obligation_cancelled(event: ObligationCancelled) -> None:
    """The reason in the timeline is enough."""


@on(ObligationReopened)
def obligation_reopened(event: ObligationReopened) -> None:
    """The owner sees the promise on My day again."""


@on(CallRegistered)
def call_registered(event: CallRegistered) -> None:
    """A missed call has planned its own task; the line in the timeline is enough."""


@on(CallSettled)
def call_settled(event: CallSettled) -> None:
    """The line in the timeline is enough."""


@on(CallForgone)
def call_forgone(event: CallForgone) -> None:
    """The line in the timeline is enough."""


@on(CallAttached)
def call_attached(event: CallAttached) -> None:
    """The line in the timeline is enough."""
