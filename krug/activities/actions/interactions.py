"""Writing down contacts with customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.actions.obligations import Promise, cancel_obligation, give_obligation
from krug.activities.actions.tasks import NextStep, cancel_task, must_be_ahead, plan_task
from krug.activities.events import InteractionLogged, InteractionWithdrawn
from krug.activities.models import Interaction, InteractionColleague, InteractionContact, Obligation, Task
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.links import tie
from krug.kernel.phrases import shortened
from krug.kernel.writing import check
from krug.parties.models import Contact, Party

MOST_PEOPLE = 50


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one contact with a customer was: its kind, words, people and time."""

    kind: str = Interaction.Kind.CALL_OUT
    text: str = ""
    state: str = Interaction.State.HELD
    at: datetime | None = None
    minutes: int | None = None
    outcome: str = ""
    reason: str = ""
    contacts: Sequence[Contact] = ()
    colleagues: Sequence[User] = ()
    curator: User | None = None


@transaction.atomic
def log_interaction(
    party: Party,
    said: Said,
    *,
    by: User,
    about: Any = None,
    next_step: NextStep | None = None,
    promises: Sequence[Promise] = (),
) -> Interaction:
    """Write down a contact with everybody who took part; set the next step and note what was promised at once."""
    _must_be_clear(said)
    interaction = _written(party, said, about, by)
    curator = interaction.curator
    colleagues = list(dict.fromkeys([curator, *said.colleagues]))
    InteractionContact.objects.bulk_create(
        [InteractionContact(interaction=interaction, contact=contact) for contact in dict.fromkeys(said.contacts)]
    )
    InteractionColleague.objects.bulk_create(
        [InteractionColleague(interaction=interaction, user=user) for user in colleagues]
    )
    record(
        InteractionLogged(
            interaction=interaction,
            about=about,
            contacts=list(dict.fromkeys(said.contacts)),
            colleagues=colleagues,
            kind=said.kind,
            text=shortened(said.text.strip(), 500),
            by=by,
        ),
        at=interaction.at,
    )
    if next_step is not None:
        plan_task(next_step, by=by, party=party, about=about, interaction=interaction)
    for promise in promises:
        give_obligation(promise, by=by, party=party, about=about, interaction=interaction)
    return interaction


def _written(party: Party, said: Said, about: Any, by: User) -> Interaction:
    interaction = Interaction(
        party=party,
        kind=said.kind,
        state=said.state,
        at=said.at or timezone.now(),
        minutes=said.minutes,
        text=said.text.strip(),
        outcome=said.outcome,
        reason=said.reason,
        curator=said.curator or by,
        created_by=by,
        updated_by=by,
    )
    tie(interaction, about)
    check(interaction)
    interaction.save(force_insert=True)
    return interaction


def _must_be_clear(said: Said) -> None:
    if not said.text.strip():
        raise Refusal(_("Write what was said: one line is enough."), field="text", code="REQUIRED")
    if said.state in (Interaction.State.POSTPONED, Interaction.State.NOT_HELD) and not said.reason:
        raise Refusal(_("Say why it did not take place."), field="reason", code="REASON_REQUIRED")
    if max(len(said.contacts), len(said.colleagues)) > MOST_PEOPLE:
        raise Refusal(_("At most %(count)s people a side.") % {"count": MOST_PEOPLE}, field="contacts", code="TOO_MANY")


PROMISED: dict[str, str] = {Obligation.Side.OURS: "we_promised", Obligation.Side.THEIRS: "they_promised"}
SAID = ("kind", "state", "at", "minutes", "text", "outcome", "reason", "curator", "contacts", "colleagues")


def create_interaction(
    *,
    by: User,
    party: Party,
    about: Any = None,
    next_step: NextStep | None = None,
    promises: Sequence[Promise] = (),
    **values: Any,
) -> Interaction:
    """Write down a contact from the fields of its form or of a program's request."""
    said = Said(**{name: values[name] for name in SAID if values.get(name)})
    if next_step is not None:
        must_be_ahead(next_step.due_on, by=by, field="next_step")
    for promise in promises:
        must_be_ahead(promise.due_on, by=by, field=PROMISED[promise.side])
    return log_interaction(party, said, by=by, about=about, next_step=next_step, promises=promises)


@transaction.atomic
def withdraw_interaction(interaction: Interaction, *, by: User) -> Interaction:
    """Take back a contact written down by mistake, with the open next step and the open promises that it had set."""
    if interaction.is_archived:
        return interaction
    if by.pk not in (interaction.created_by_id, interaction.curator_id):
        raise Refusal(_("Only its author or the curator can withdraw it."), code="NOT_YOURS")
    interaction.is_archived = True
    interaction.save(update_fields=["is_archived", "updated_at"])
    for task in Task.objects.open().filter(interaction=interaction):
        cancel_task(task, reason=_("The interaction was withdrawn."), by=by)
    for promise in Obligation.objects.open().filter(interaction=interaction):
        cancel_obligation(promise, reason=_("The interaction was withdrawn."), by=by)
    record(InteractionWithdrawn(interaction=interaction, by=by))
    return interaction
