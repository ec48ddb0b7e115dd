"""What happens with deals, their stages, works and pipelines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from krug.kernel.journal.events import Event
from krug.sales.models import Competitor, Deal, DealLine, LossReason, PipelineVersion, Stage, StageResult, Work


@dataclass(frozen=True, kw_only=True)
class DealOpened(Event):
    """A deal began, in the first stage of its pipeline."""

    deal: Deal
    stage: Stage
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class DealMoved(Event):
    """A deal went on to a later stage on evidence, or back to an earlier one with a reason."""

    deal: Deal
    from_stage: Stage
    stage: Stage
    outcome: str
    reason: str = ""
    override: str = ""


@dataclass(frozen=True, kw_only=True)
class DealWon(Event):
    """The customer buys."""

    deal: Deal
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class DealLost(Event):
    """The customer does not buy."""

    deal: Deal
    loss_reason: LossReason | None = None
    competitor: Competitor | None = None
    note: str = ""
    return_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DealSuspended(Event):
    """A deal was set aside until a day."""

    deal: Deal
    until: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DealResumed(Event):
    """A deal that was set aside is in work again."""

    deal: Deal


@dataclass(frozen=True, kw_only=True)
class DealReopened(Event):
    """A won or lost deal is in work again."""

    deal: Deal
    stage: Stage
    reason: str
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class DealCorrected(Event):
    """A supervisor corrected a closed deal; the old and new values stand in the row history."""

    deal: Deal
    reason: str
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ResponsibleChanged(Event):
    """Somebody else answers for the stage from now on."""

    deal: Deal
    stage: Stage
    from_user: str
    to_user: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultRecorded(Event):
    """Evidence was put to a stage."""

    deal: Deal
    result: StageResult
    type: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class DealLineAdded(Event):
    """A product was put into a deal."""

    line: DealLine
    deal: Deal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class DealLineChanged(Event):
    """Quantity or price of a product in a deal changed."""

    line: DealLine
    deal: Deal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class DealLineRemoved(Event):
    """A product was taken out of a deal."""

    deal: Deal
    product: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class WorkPlanned(Event):
    """Something is to be done within a stage."""

    work: Work
    deal: Deal
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class WorkStarted(Event):
    """Somebody began a work."""

    work: Work
    deal: Deal


@dataclass(frozen=True, kw_only=True)
class WorkFinished(Event):
    """A work was done."""

    work: Work
    deal: Deal
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkCancelled(Event):
    """A work will not be done."""

    work: Work
    deal: Deal
    reason: str


@dataclass(frozen=True, kw_only=True)
class WorkCarriedOver(Event):
    """A work is closed in this stage and will be made anew in the next one."""

    work: Work
    deal: Deal


@dataclass(frozen=True, kw_only=True)
class PipelineDrafted(Event):
    """A new version of a pipeline was begun."""

    version: PipelineVersion


@dataclass(frozen=True, kw_only=True)
class PipelineActivated(Event):
    """A version of a pipeline is in force for new deals; running deals keep theirs."""

    version: PipelineVersion
