"""How interactions and tasks present themselves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.activities import policies
from krug.activities.actions.interactions import create_interaction, withdraw_interaction
from krug.activities.actions.tasks import cancel_task, complete_task, create_task, postpone_task, reopen_task
from krug.activities.models import Interaction, Task
from krug.kernel.dates import today_in, zone_called
from krug.kernel.entity import CalendarView, Entity, Section, Verb
from krug.kernel.fields import DateField, TextField

REASON = TextField(name="reason", label=_("reason"), required=True, max_length=300)
WHY = TextField(name="reason", label=_("reason"), max_length=300)
NEW_DAY = DateField(name="due_on", label=_("new day"), required=True)
FRIDAY = 4


def with_a_day(task: Task, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """A task is put off to the next working day unless another is named."""
    today = today_in(zone_called(user.timezone))
    after = max(task.due_on or today, today)
    days = 7 - after.weekday() if after.weekday() >= FRIDAY else 1
    return (replace(NEW_DAY, default=after + timedelta(days=days)), WHY)


INTERACTION = Entity(
    code="interaction",
    model=Interaction,
    label=_("Interaction"),
    new=_("New interaction"),
    plural=_("Interactions"),
    icon="phone",
    visible=policies.interactions,
    columns=("at", "kind", "party", "text", "curator", "state"),
    filters=("kind", "state", "party", "curator", "at"),
    sorts=("at",),
    order="-at",
    title="text",
    owner="curator",
    search={"text": "C"},
    form=(
        Section(_("Contact"), "party", "kind", "at", "minutes", "curator"),
        Section(_("Content"), "text", "outcome", "reason"),
    ),
    protected=("state", "contacts", "colleagues"),
    hidden=("custom",),
    create=create_interaction,
    menu="work",
    verbs=(Verb(withdraw_interaction, _("Withdraw the record"), icon="undo", code="withdraw"),),
    views=(CalendarView(by="at"),),
    stands_with=("party",),
)

TASK = Entity(
    code="task",
    model=Task,
    label=_("Task"),
    new=_("New task"),
    plural=_("Tasks"),
    icon="check",
    visible=policies.tasks,
    columns=("name", "due_on", "party", "assignee", "state"),
    filters=("state", "due_on", "assignee", "party"),
    sorts=("due_on",),
    order="due_on",
    owner="assignee",
    search={"name": "B"},
    quick=("name", "due_on", "party"),
    form=(Section(_("Task"), "name", "due_on", "assignee"), Section(_("About"), "party", "contact")),
    protected=("state", "outcome", "closed_at"),
    hidden=("custom", "occasion"),
    in_work={"field": "state", "operator": "eq", "value": "open"},
    create=create_task,
    menu="work",
    verbs=(
        Verb(
            complete_task,
            _("Finish"),
            icon="check",
            when="is_open",
            primary=True,
            bulk=True,
            asks=(TextField(name="outcome", label=_("outcome"), max_length=300),),
        ),
        Verb(
            postpone_task,
            _("Postpone"),
            icon="clock",
            when="is_open",
            asks=(NEW_DAY, WHY),
            fitting=with_a_day,
        ),
        Verb(cancel_task, _("Cancel the task"), icon="close", when="is_open", asks=(REASON,)),
        Verb(reopen_task, _("Reopen the task"), icon="undo", when="is_closed"),
    ),
    views=(CalendarView(by="due_on"),),
    stands_with=("party", "contact"),
)
