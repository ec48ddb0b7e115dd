"""Interactions, tasks and obligations for tests and the demo company."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from krug.access.models import User
from krug.activities.actions.calls import Rung, register_call
from krug.activities.actions.interactions import Said, log_interaction
from krug.activities.actions.obligations import Promise, give_obligation
from krug.activities.actions.tasks import NextStep, plan_task
from krug.activities.models import Call, Interaction, Obligation, PhoneExtension, PhoneLine, Task
from krug.kernel.testing.cast import make_user
from krug.parties.models import Party
from krug.parties.testing import make_party

_numbers = count(101)


def make_interaction(
    *,
    by: User | None = None,
    owner: User | None = None,
    party: Party | None = None,
    text: str = "Asked for the price",
    **said: Any,
) -> Interaction:
    """A contact with a customer."""
    by = by or owner or make_user()
    next_step = said.pop("next_step", None)
    about = said.pop("about", None)
    return log_interaction(
        party or make_party(owner=by), Said(text=text, **said), by=by, about=about, next_step=next_step
    )


def make_task(name: str = "Call back", *, by: User | None = None, owner: User | None = None, **values: Any) -> Task:
    """Something to do."""
    by = by or owner or make_user()
    step = NextStep(
        name=name,
        due_on=values.pop("due_on", None),
        due_time=values.pop("due_time", None),
        assignee=values.pop("assignee", None),
    )
    return plan_task(step, by=by, **values)


def make_obligation(
    name: str = "Send the drawings",
    *,
    by: User | None = None,
    owner: User | None = None,
    party: Party | None = None,
    side: str = Obligation.Side.OURS,
    due_on: date | None = None,
    **values: Any,
) -> Obligation:
    """A promise of ours, or of theirs."""
    by = by or owner or make_user()
    promise = Promise(side=side, name=name, due_on=due_on, owner=owner)
    return give_obligation(promise, by=by, party=party or make_party(owner=by), **values)


def make_call(
    number: str = "+7 812 555-01-42", *, by: User | None = None, owner: User | None = None, **rung: Any
) -> Call:
    """A call that was answered unless it is said otherwise."""
    by = by or owner or make_user()
    return register_call(Rung(number=number, **{"employee": owner, **rung}), by=by)


def make_phone_line(
    name: str = "Sales", *, by: User | None = None, owner: User | None = None, number: str = ""
) -> PhoneLine:
    """A number of ours."""
    return PhoneLine.objects.create(
        name=name, number=number or f"+7812556{next(_numbers):04d}", owner=owner, created_by=by or owner
    )


def make_phone_extension(number: str = "", *, by: User | None = None, owner: User | None = None) -> PhoneExtension:
    """An inner number."""
    return PhoneExtension.objects.create(
        number=number or str(next(_numbers)), employee=owner or by or make_user(), created_by=by or owner
    )


SAMPLES = {
    "interaction": make_interaction,
    "task": make_task,
    "obligation": make_obligation,
    "call": make_call,
    "phone-line": make_phone_line,
    "phone-extension": make_phone_extension,
}
