"""What follows from what happens with deals, works and pipelines."""

from django.utils.translation import gettext as _

from krug.activities.actions.tasks import NextStep, cancel_task, complete_task, plan_task
from krug.activities.models import Task
from krug.activities.models.tasks import TaskQuerySet
from krug.kernel.journal.recording import on
from krug.sales.events import (
    DealCorrected,
    DealLineAdded,
    DealLineChanged,
    DealLineRemoved,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealResumed,
    DealSuspended,
    DealWon,
    PipelineActivated,
    PipelineDrafted,
    ResponsibleChanged,
    ResultRecorded,
    WorkCancelled,
    WorkCarriedOver,
    WorkFinished,
    WorkPlanned,
    WorkStarted,
)
from krug.sales.models import Deal


@on(DealOpened)
def deal_opened(event: DealOpened) -> None:
    """The board shows the new card; the line in the timeline is enough."""


@on(DealMoved)
def deal_moved(event: DealMoved) -> None:
    """The line in the timeline is enough."""


@on(DealWon)
def deal_won(event: DealWon) -> None:
    """A won deal stands in the history of its customer; orders and points will follow from here."""


@on(DealLost)
def deal_lost(event: DealLost) -> None:
    """The day on which to come back to the customer becomes a task of the owner; nothing is to be taken up again."""
    for task in taking_up_again(event.deal):
        cancel_task(task, reason=_("The deal was lost."), by=event.by)
    if event.return_on is not None:
        step = NextStep(
            name=_("Come back: %(deal)s") % {"deal": event.deal.name},
            due_on=event.return_on,
            assignee=event.deal.owner or event.by,
        )
        plan_task(step, by=event.by, party=event.deal.party, about=event.deal)


@on(DealSuspended)
def deal_suspended(event: DealSuspended) -> None:
    """The day on which the deal is to be taken up again becomes a task of the owner."""
    step = NextStep(
        name=_("Take up again: %(deal)s") % {"deal": event.deal.name},
        due_on=event.until,
        assignee=event.deal.owner or event.by,
        occasion=DealSuspended.__name__,
    )
    plan_task(step, by=event.by, party=event.deal.party, about=event.deal)


@on(DealResumed)
def deal_resumed(event: DealResumed) -> None:
    """The task of taking the deal up again is done with it."""
    for task in taking_up_again(event.deal):
        complete_task(task, by=event.by)


def taking_up_again(deal: Deal) -> TaskQuerySet:
    """The tasks that the suspension of a deal has left to be done."""
    return Task.objects.open().filter(about_entity="deal", about_id=deal.pk, occasion=DealSuspended.__name__)


@on(DealReopened)
def deal_reopened(event: DealReopened) -> None:
    """The line in the timeline is enough."""


@on(DealCorrected)
def deal_corrected(event: DealCorrected) -> None:
    """The reason in the timeline and the old values in the row history are enough."""


@on(ResponsibleChanged)
def responsible_changed(event: ResponsibleChanged) -> None:
    """The line in the timeline is enough."""


@on(ResultRecorded)
def result_recorded(event: ResultRecorded) -> None:
    """The line in the timeline is enough."""


@on(DealLineAdded)
def deal_line_added(event: DealLineAdded) -> None:
    """The line in the timeline is enough."""


@on(DealLineChanged)
def deal_line_changed(event: DealLineChanged) -> None:
    """The line in the timeline is enough."""


@on(DealLineRemoved)
def deal_line_removed(event: DealLineRemoved) -> None:
    """The line in the timeline is enough."""


@on(WorkPlanned)
def work_planned(event: WorkPlanned) -> None:
    """The line in the timeline is enough."""


@on(WorkStarted)
def work_started(event: WorkStarted) -> None:
    """The line in the timeline is enough."""


@on(WorkFinished)
def work_finished(event: WorkFinished) -> None:
    """The line in the timeline is enough."""


@on(WorkCancelled)
def work_cancelled(event: WorkCancelled) -> None:
    """The line in the timeline is enough."""


@on(WorkCarriedOver)
def work_carried_over(event: WorkCarriedOver) -> None:
    """The line in the timeline is enough."""


@on(PipelineDrafted)
def pipeline_drafted(event: PipelineDrafted) -> None:
    """The line in the timeline is enough."""


@on(PipelineActivated)
def pipeline_activated(event: PipelineActivated) -> None:
    """The line in the timeline is enough."""
