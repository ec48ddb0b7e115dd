"""Promising, keeping, breaking, postponing and calling off what two sides owe each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.actions.tasks import must_be_ahead
from krug.activities.events import (
    ObligationBroken,
    ObligationCancelled,
    ObligationGiven,
    ObligationKept,
    ObligationPostponed,
    ObligationReopened,
)
from krug.activities.models import Interaction, Obligation
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.links import tie
from krug.kernel.writing import check
from krug.parties.models import Contact, Party

CLOSING = ("state", "outcome", "closed_at", "updated_at")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What one side promised the other, and by which day; `owner` is the employee who answers for it here."""

    side: str
    name: str
    due_on: date | None = None
    owner: User | None = None


@transaction.atomic
def give_obligation(
    promise: Promise,
    *,
    by: User,
    party: Party,
    contact: Contact | None = None,
    about: Any = None,
    interaction: Interaction | None = None,
) -> Obligation:
    """Put a promise into the ledger; it is answered for by whoever writes it down unless another is named."""
    if not promise.name.strip():
        raise Refusal(_("Say what is promised."), field="name", code="REQUIRED")
    given = Obligation(
        side=promise.side,
        name=promise.name.strip(),
        due_on=promise.due_on,
        owner=promise.owner or by,
        party=party,
        contact=contact,
        interaction=interaction,
        created_by=by,
        updated_by=by,
    )
    tie(given, about)
    check(given)
    given.save(force_insert=True)
    record(ObligationGiven(obligation=given, side=promise.side, due_on=given.due_on, by=by))
    return given


def create_obligation(*, by: User, **values: Any) -> Obligation:
    """Put a promise into the ledger from the fields of its form."""
    promise = Promise(
        side=values.get("side") or Obligation.Side.OURS,
        name=values["name"],
        due_on=values.get("due_on"),
        owner=values.get("owner"),
    )
    return give_obligation(promise, by=by, party=values["party"], contact=values.get("contact"))


@transaction.atomic
def keep_obligation(obligation: Obligation, *, by: User, outcome: str = "") -> Obligation:
    """Note that a promise was kept; the outcome says by what that is seen."""
    _close(obligation, Obligation.State.KEPT, outcome)
    record(ObligationKept(obligation=obligation, outcome=outcome, by=by))
    return obligation


@transaction.atomic
def break_obligation(obligation: Obligation, *, by: User, reason: str) -> Obligation:
    """Note that a promise was not kept, and why."""
    _must_say_why(reason)
    _close(obligation, Obligation.State.BROKEN, reason)
    record(ObligationBroken(obligation=obligation, reason=reason, by=by))
    return obligation


@transaction.atomic
def cancel_obligation(obligation: Obligation, *, by: User, reason: str) -> Obligation:
    """Release whoever promised: neither kept nor broken."""
    _must_say_why(reason)
    _close(obligation, Obligation.State.CANCELLED, reason)
    record(ObligationCancelled(obligation=obligation, reason=reason, by=by))
    return obligation


@transaction.atomic
def postpone_obligation(obligation: Obligation, *, by: User, due_on: date, reason: str = "") -> Obligation:
    """Agree on another day; each move is counted."""
    _must_be_open(obligation)
    if due_on == obligation.due_on:
        return obligation
    must_be_ahead(due_on, by=by, field="due_on")
    was, obligation.due_on = obligation.due_on, due_on
    obligation.postponed_times += 1
    obligation.save(update_fields=["due_on", "postponed_times", "updated_at"])
    record(ObligationPostponed(obligation=obligation, was_due_on=was, due_on=due_on, reason=reason, by=by))
    return obligation


@transaction.atomic
def reopen_obligation(obligation: Obligation, *, by: User) -> Obligation:
    """Let a closed promise stand again."""
    if obligation.is_open:
        return obligation
    obligation.state, obligation.closed_at = Obligation.State.OPEN, None
    obligation.save(update_fields=["state", "closed_at", "updated_at"])
    record(ObligationReopened(obligation=obligation, by=by))
    return obligation


def _close(obligation: Obligation, state: str, words: str) -> None:
    _must_be_open(obligation)
    obligation.state, obligation.outcome, obligation.closed_at = state, words.strip(), timezone.now()
    check(obligation, ["outcome"])
    obligation.save(update_fields=list(CLOSING))


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say why."), field="reason", code="REASON_REQUIRED")


def _must_be_open(obligation: Obligation) -> None:
    if not obligation.is_open:
        raise Refusal(_("This obligation is already closed."), code="WRONG_STATE")
