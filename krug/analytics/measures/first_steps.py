"""The five tasks of the first day, each known by the act itself: nobody ticks anything."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.activities.events import InteractionLogged
from krug.administration.actions.first_steps import keep_first_steps
from krug.administration.actions.mail import is_mail_connected
from krug.administration.events import PersonInvited
from krug.administration.models import FirstSteps, Letter
from krug.kernel.journal.models import JournalEntry
from krug.kernel.models import SavedView
from krug.kernel.visibility import may
from krug.sales.events import DealMoved, DealWon


class Step(NamedTuple):
    """One task: what it is called, where it is done, and by which right."""

    name: str
    label: Any
    url: str
    entity: str = ""
    verb: str = ""


STEPS = (
    Step("log", _("Log a call or a meeting"), "/log/", "interaction", "create"),
    Step("move", _("Move a deal to its next stage"), "/deals/?view=board", "deal", "move"),
    Step("view", _("Save a view of a list"), "/deals/views/"),
    Step("invite", _("Invite a colleague"), "/settings/invite/", "user", "invite"),
    Step("letter", _("Send yourself a test e-mail"), "/settings/mail/", "company", "change"),
)
EVENTS = {"log": (InteractionLogged,), "move": (DealMoved, DealWon), "invite": (PersonInvited,)}


def first_steps(person: User) -> list[tuple[Step, bool]]:
    """The tasks open to this person and whether each is done; nothing when all are, or were ever."""
    steps = FirstSteps.objects.filter(person=person).first()
    if steps is None:
        return []
    offered = [step for step in STEPS if _is_open(step, person)]
    done = {*steps.done, *_done(person, steps)}
    if not keep_first_steps(steps, done, [step.name for step in offered]):
        return []
    return [(step, step.name in done) for step in offered]


def _is_open(step: Step, person: User) -> bool:
    has_right = not step.entity or may(person, step.entity, step.verb)
    return has_right and (step.name != "letter" or is_mail_connected())


def _done(person: User, steps: FirstSteps) -> set[str]:
    names = {kind.__name__: name for name, kinds in EVENTS.items() for kind in kinds}
    acts = JournalEntry.objects.filter(actor=person, at__gte=steps.since, event__in=names)
    done = {names[event] for event in acts.order_by().values_list("event", flat=True).distinct()}
    if SavedView.objects.filter(owner=person).exists():
        done.add("view")
    if Letter.objects.filter(person=person, kind=Letter.Kind.TEST, state=Letter.State.SENT).exists():
        done.add("letter")
    return done
