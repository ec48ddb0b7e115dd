"""Moving a deal through its pipeline: forward on evidence, back with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.journal.recording import record
from krug.kernel.visibility import demand, may
from krug.parties.models import Contact
from krug.sales.actions.deals import lose_deal, win_deal
from krug.sales.actions.results import Proof, result_of
from krug.sales.actions.visits import enter_stage, leave_stage, open_visit, refuse_open_works
from krug.sales.events import DealMoved
from krug.sales.models import Competitor, Deal, LossReason, Stage, StageResult, StageVisit
from krug.sales.rules.criteria import unmet
from krug.sales.rules.ways import check_the_way


@transaction.atomic
def move_deal(
    deal: Deal,
    *,
    stage: Stage,
    by: User,
    evidence: Model | str | None = None,
    said: str = "",
    with_whom: Contact | str | None = None,
    paper: str = "",
    contract: str = "",
    reason: str = "",
    override: str = "",
    loss_reason: LossReason | None = None,
    competitor: Competitor | None = None,
    new_competitor: str = "",
    loss_note: str = "",
    amount: Decimal | None = None,
    return_on: date | None = None,
) -> Deal:
    """Bring a deal to another column of its board; won and lost ask for their own right and reasons."""
    if stage.pipeline_version_id != deal.pipeline_version_id:
        raise Refusal(
            _("This stage belongs to another pipeline or version."), field="stage", code="STAGE_OTHER_PIPELINE"
        )
    if stage.pk == deal.stage_id:
        return deal
    if stage.kind == Stage.Kind.WON:
        demand(by, "deal", "win")
        return win_deal(deal, by=by, evidence=evidence, said=said, with_whom=with_whom, paper=paper, contract=contract)
    if stage.kind == Stage.Kind.LOST:
        demand(by, "deal", "lose")
        return lose_deal(
            deal,
            by=by,
            loss_reason=loss_reason,
            competitor=competitor,
            new_competitor=new_competitor,
            loss_note=loss_note,
            amount=amount,
            return_on=return_on,
        )
    if not deal.is_open:
        raise Refusal(_("Only a deal in work is moved: reopen or resume it first."), code="DEAL_NOT_OPEN")
    visit = open_visit(deal)
    if stage.position > visit.stage.position:
        proof = Proof(evidence=evidence, said=said, with_whom=with_whom, paper=paper)
        return _move_forward(deal, visit, stage, by=by, proof=proof, override=override)
    return _move_back(deal, visit, stage, by=by, reason=reason)


def _move_forward(deal: Deal, visit: StageVisit, stage: Stage, *, by: User, proof: Proof, override: str) -> Deal:
    refuse_open_works(visit)
    check_the_way(visit.stage, stage)
    result = result_of(visit, deal, by=by, proof=proof)
    _check_entry(deal, stage, by=by, override=override)
    return _pass_over(deal, visit, stage, by=by, outcome=StageVisit.Outcome.FORWARD, result=result, override=override)


def _move_back(deal: Deal, visit: StageVisit, stage: Stage, *, by: User, reason: str) -> Deal:
    if not reason.strip():
        raise Refusal(_("Say why the deal goes back."), field="reason", code="REASON_REQUIRED")
    refuse_open_works(visit)
    return _pass_over(deal, visit, stage, by=by, outcome=StageVisit.Outcome.BACK, reason=reason)


def _pass_over(
    deal: Deal,
    visit: StageVisit,
    stage: Stage,
    *,
    by: User,
    outcome: str,
    result: StageResult | None = None,
    reason: str = "",
    override: str = "",
) -> Deal:
    now = timezone.now()
    leave_stage(visit, outcome, at=now, result=result, reason=reason)
    enter_stage(deal, stage, by=by, at=now, before=visit)
    deal.forecast_category = (
        stage.forecast_category if outcome == StageVisit.Outcome.FORWARD else deal.forecast_category
    )
    deal.save(update_fields=["stage", "stage_since", "forecast_category", "updated_at"])
    record(
        DealMoved(deal=deal, from_stage=visit.stage, stage=stage, way=outcome, reason=reason, override=override, by=by)
    )
    return deal


def _check_entry(deal: Deal, stage: Stage, *, by: User, override: str) -> None:
    failed = unmet(stage.entry_criteria, deal)
    if not failed:
        return
    if not override.strip():
        raise Refusal(
            _("The stage “%(stage)s” is not open yet: %(conditions)s — not met.")
            % {"stage": stage, "conditions": ", ".join(str(item.label) for item in failed)},
            field="override",
            code="STAGE_ENTRY_CRITERIA",
        )
    if not may(by, "deal", "override"):
        raise NotAllowed(_("Only a supervisor may let a deal in past its conditions."))
