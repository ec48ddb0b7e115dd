"""Works: what is to be done within one stage, and how it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.sales.actions.visits import open_visit
from krug.sales.events import WorkCancelled, WorkCarriedOver, WorkFinished, WorkPlanned, WorkStarted
from krug.sales.models import Deal, Work


@transaction.atomic
def plan_work(
    deal: Deal, *, name: str, by: User, assignee: User | None = None, due: date | None = None, type: str = ""
) -> Work:
    """Plan a work within the stage in which the deal stands now."""
    visit = open_visit(deal)
    work = Work(
        visit=visit,
        deal=deal,
        name=name.strip(),
        type=type,
        assignee=assignee or visit.responsible,
        due=due,
        created_by=by,
        updated_by=by,
    )
    writing.check(work)
    work.save(force_insert=True)
    record(WorkPlanned(work=work, deal=deal, due=due, by=by))
    return work


def create_work(*, by: User, deal: Deal, **values: Any) -> Work:
    """Plan a work from the fields of its form or of a program's request."""
    if deal.is_closed:
        raise Refusal(_("This deal is already closed."), field="deal", code="DEAL_CLOSED")
    return plan_work(deal, by=by, **{name: value for name, value in values.items() if value is not None})


@transaction.atomic
def start_work(work: Work, *, by: User) -> Work:
    """Begin a planned work."""
    if not work.is_planned:
        raise Refusal(_("This work is not waiting to begin."), code="WORK_STATE")
    _become(work, Work.State.IN_PROGRESS)
    record(WorkStarted(work=work, deal=work.deal, by=by))
    return work


@transaction.atomic
def finish_work(work: Work, *, by: User, outcome: str = "") -> Work:
    """Note that a work is done, and what came of it."""
    _must_be_open(work)
    _become(work, Work.State.DONE, outcome=outcome)
    record(WorkFinished(work=work, deal=work.deal, outcome=outcome, by=by))
    return work


@transaction.atomic
def cancel_work(work: Work, *, by: User, reason: str) -> Work:
    """Drop a work, with the reason."""
    _must_be_open(work)
    if not reason.strip():
        raise Refusal(_("Say why the work is cancelled."), field="reason", code="REASON_REQUIRED")
    _become(work, Work.State.CANCELLED, outcome=reason)
    record(WorkCancelled(work=work, deal=work.deal, reason=reason, by=by))
    return work


@transaction.atomic
def continue_work(work: Work, *, by: User) -> Work:
    """Close a work in this stage; entering the next stage makes a new one that is linked to it."""
    _must_be_open(work)
    work.is_carried = True
    _become(work, Work.State.CANCELLED, outcome=_("Continues in the next stage."))
    record(WorkCarriedOver(work=work, deal=work.deal, by=by))
    return work


def _must_be_open(work: Work) -> None:
    if not work.is_open:
        raise Refusal(_("This work is already over."), code="WORK_STATE")


def _become(work: Work, state: str, *, outcome: str = "") -> None:
    work.state, work.outcome = state, outcome
    work.save(update_fields=["state", "outcome", "is_carried", "updated_at"])
