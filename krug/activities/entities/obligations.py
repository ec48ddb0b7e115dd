"""How obligations present themselves: the ledger of what both sides promised."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from krug.activities import policies
from krug.activities.actions.obligations import (
    break_obligation,
    cancel_obligation,
    create_obligation,
    keep_obligation,
    postpone_obligation,
    reopen_obligation,
)
from krug.activities.entities.activities import NEW_DAY, REASON, WHY, with_a_day
from krug.activities.models import Obligation
from krug.kernel.entity import CalendarView, Entity, Section, Verb
from krug.kernel.fields import TextField

SEEN_BY = TextField(name="outcome", label=_("by what it is seen"), max_length=300)

OBLIGATION = Entity(
    code="obligation",
    model=Obligation,
    label=_("Obligation"),
    new=_("New obligation"),
    plural=_("Obligations"),
    icon="swap",
    visible=policies.obligations,
    columns=("name", "side", "due_on", "party", "owner", "state"),
    filters=("state", "side", "due_on", "owner", "party"),
    sorts=("due_on",),
    order="due_on",
    search={"name": "B"},
    quick=("side", "name", "due_on", "party"),
    form=(Section(_("Promise"), "side", "name", "due_on", "owner"), Section(_("With whom"), "party", "contact")),
    protected=("state", "outcome", "closed_at"),
    hidden=("custom",),
    in_work={"field": "state", "operator": "eq", "value": "open"},
    create=create_obligation,
    menu="work",
    verbs=(
        Verb(
            keep_obligation, _("Kept"), icon="check", when="is_open", primary=True, bulk=True, asks=(SEEN_BY,),
        ),
        Verb(postpone_obligation, _("Postpone"), icon="clock", when="is_open", asks=(NEW_DAY, WHY), fitting=with_a_day),
        Verb(break_obligation, _("Not kept"), icon="warning", when="is_open", asks=(REASON,)),
        Verb(
            cancel_obligation, _("Call off"), icon="close", when="is_open",
            asks=(replace(REASON, label=_("why it no longer stands")),),
        ),
        Verb(reopen_obligation, _("Let it stand again"), icon="undo", when="is_closed"),
    ),
    views=(CalendarView(by="due_on"),),
    stands_with=("party", "contact"),
)  # fmt: skip
