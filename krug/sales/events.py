"""What happens with deals, their stages, works and pipelines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from krug.kernel.journal.events import Event
from krug.sales.models import Competitor, Deal, DealLine, LossReason, PipelineVersion, Stage, StageResult, Work


@dataclass(frozen=True, kw_only=True)
class DealOpened(Event):
    """A deal began, in the first stage of its pipeline."""

    phrase = _("Deal opened in the stage “%(stage)s”")
    icon = "deal"

    deal: Deal
    stage: Stage
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class DealMoved(Event):
    """A deal went on to a later stage on evidence, or back to an earlier one with a reason."""

    phrase = _("Moved: %(from_stage)s → %(stage)s")
    icon = "move"

    deal: Deal
    from_stage: Stage
    stage: Stage
    way: str
    reason: str = ""
    override: str = ""


@dataclass(frozen=True, kw_only=True)
class DealWon(Event):
    """The customer buys."""

    phrase = _("Won, %(amount)s")
    icon = "trophy"

    deal: Deal
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class DealLost(Event):
    """The customer does not buy."""

    phrase = _("Lost: %(loss_reason)s")
    icon = "lost"

    deal: Deal
    loss_reason: LossReason | None = None
    competitor: Competitor | None = None
    note: str = ""
    return_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DealSuspended(Event):
    """A deal was set aside until a day."""

    phrase = _("Suspended until %(until)s")
    icon = "pause"

    deal: Deal
    until: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DealResumed(Event):
    """A deal that was set aside is in work again."""

    phrase = _("Back in work")
    icon = "play"

    deal: Deal


@dataclass(frozen=True, kw_only=True)
class DealReopened(Event):
    """A won or lost deal is in work again."""

    phrase = _("Reopened in the stage “%(stage)s”")
    icon = "undo"

    deal: Deal
    stage: Stage
    reason: str
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class DealCorrected(Event):
    """A supervisor corrected a closed deal; the old and new values stand in the row history."""

    phrase = _("Corrected after closing")
    icon = "edit"

    deal: Deal
    reason: str
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ResponsibleChanged(Event):
    """Somebody else answers for the stage from now on."""

    phrase = _("Stage “%(stage)s” handed over: %(from_user)s → %(to_user)s")
    icon = "people"

    deal: Deal
    stage: Stage
    from_user: str
    to_user: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultRecorded(Event):
    """Evidence was put to a stage."""

    phrase = _("Result attached: %(evidence)s")
    icon = "clip"

    deal: Deal
    result: StageResult
    type: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class DealLineAdded(Event):
    """A product was put into a deal."""

    phrase = _("Product added: %(line)s, %(amount)s")
    icon = "plus"

    line: DealLine
    deal: Deal
    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class DealLineChanged(Event):
    """Quantity or price of a product in a deal changed."""

    phrase = _("Product changed: %(line)s, %(amount)s")
    icon = "edit"

    line: DealLine
    deal: Deal
    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class DealLineRemoved(Event):
    """A product was taken out of a deal."""

    phrase = _("Product removed: %(product)s")
    icon = "trash"

    deal: Deal
    product: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class WorkPlanned(Event):
    """Something is to be done within a stage."""

    phrase = _("Work planned: %(work)s")
    icon = "task"

    work: Work
    deal: Deal
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class WorkStarted(Event):
    """Somebody began a work."""

    phrase = _("Work started: %(work)s")
    icon = "play"

    work: Work
    deal: Deal


@dataclass(frozen=True, kw_only=True)
class WorkFinished(Event):
    """A work was done."""

    phrase = _("Work done: %(work)s")
    icon = "check"

    work: Work
    deal: Deal
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkCancelled(Event):
    """A work will not be done."""

    phrase = _("Work cancelled: %(work)s")
    icon = "close"

    work: Work
    deal: Deal
    reason: str


@dataclass(frozen=True, kw_only=True)
class WorkCarriedOver(Event):
    """A work is closed in this stage and will be made anew in the next one."""

    phrase = _("Work continues in the next stage: %(work)s")
    icon = "move"

    work: Work
    deal: Deal


@dataclass(frozen=True, kw_only=True)
class PipelineDrafted(Event):
    """A new version of a pipeline was begun."""

    phrase = _("Draft started")
    icon = "copy"

    version: PipelineVersion


@dataclass(frozen=True, kw_only=True)
class PipelineActivated(Event):
    """A version of a pipeline is in force for new deals; running deals keep theirs."""

    phrase = _("Brought into force")
    icon = "check-circle"

    version: PipelineVersion
