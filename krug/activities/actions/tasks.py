"""Planning, doing, postponing and cancelling tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.events import TaskCancelled, TaskDone, TaskPlanned, TaskPostponed
from krug.activities.models import Interaction, Task
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.links import tie
from krug.kernel.phrases import phrase
from krug.kernel.writing import check
from krug.parties.models import Contact, Party


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is to be done next, by whom and when; `occasion` is the code of what made the house plan it by itself."""

    name: str
    due_on: date | None = None
    due_time: time | None = None
    assignee: User | None = None
    occasion: str = ""


@transaction.atomic
def plan_task(
    step: NextStep,
    *,
    by: User,
    party: Party | None = None,
    contact: Contact | None = None,
    about: Any = None,
    interaction: Interaction | None = None,
) -> Task:
    """Give somebody something to do by a day; whoever plans it for nobody else does it himself."""
    if not step.name.strip():
        raise Refusal(_("Say what is to be done."), field="next_step", code="REQUIRED")
    task = Task(
        name=step.name.strip(),
        assignee=step.assignee or by,
        due_on=step.due_on,
        due_time=step.due_time,
        party=party,
        contact=contact,
        interaction=interaction,
        occasion=step.occasion,
        created_by=by,
        updated_by=by,
    )
    tie(task, about)
    check(task)
    task.save(force_insert=True)
    record(TaskPlanned(task=task, due_on=task.due_on, by=by))
    return task


def create_task(*, by: User, **values: Any) -> Task:
    """Make a task from the fields of its form."""
    step = NextStep(name=values["name"], due_on=values.get("due_on"), assignee=values.get("assignee"))
    return plan_task(step, by=by, party=values.get("party"), contact=values.get("contact"))


@transaction.atomic
def complete_task(task: Task, *, by: User, outcome: str = "") -> Task:
    """Mark a task as done."""
    _must_be_open(task)
    task.state, task.outcome, task.closed_at = Task.State.DONE, outcome, timezone.now()
    task.save(update_fields=["state", "outcome", "closed_at", "updated_at"])
    record(TaskDone(task=task, outcome=outcome, by=by))
    return task


@transaction.atomic
def postpone_task(task: Task, *, by: User, due_on: date, reason: str = "") -> Task:
    """Move a task to another day; each move is counted."""
    _must_be_open(task)
    if due_on == task.due_on:
        return task
    must_be_ahead(due_on, by=by, field="due_on")
    was, task.due_on, task.due_time = task.due_on, due_on, None
    task.postponed_times += 1
    task.save(update_fields=["due_on", "due_time", "postponed_times", "updated_at"])
    record(TaskPostponed(task=task, was_due_on=was, due_on=due_on, reason=reason, by=by))
    return task


@transaction.atomic
def cancel_task(task: Task, *, by: User, reason: str) -> Task:
    """Drop a task that will not be done, and say why."""
    _must_be_open(task)
    if not reason.strip():
        raise Refusal(_("Say why the task is cancelled."), field="reason", code="REASON_REQUIRED")
    task.state, task.outcome, task.closed_at = Task.State.CANCELLED, reason, timezone.now()
    task.save(update_fields=["state", "outcome", "closed_at", "updated_at"])
    record(TaskCancelled(task=task, reason=reason, by=by))
    return task


@transaction.atomic
def reopen_task(task: Task, *, by: User) -> Task:
    """Put a closed task back on the list."""
    if task.is_open:
        return task
    task.state, task.closed_at = Task.State.OPEN, None
    task.save(update_fields=["state", "closed_at", "updated_at"])
    record(TaskPlanned(task=task, due_on=task.due_on, by=by))
    return task


def must_be_ahead(due_on: date | None, *, by: User, field: str) -> None:
    """What is still to be done can not be due on a day that has passed where its planner lives."""
    if due_on is not None and due_on < today_in(zone_called(by.timezone)):
        said = phrase(_("%(day)s has already passed. Choose today or a later day."), day=due_on)
        raise Refusal(said, field=field, code="ASSIGN_DUE_PAST")


def _must_be_open(task: Task) -> None:
    if not task.is_open:
        raise Refusal(_("This task is already closed."), code="WRONG_STATE")
