"""Opening deals, changing them, winning, losing, setting aside and taking up again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.registry import get_entity
from krug.parties.models import Contact
from krug.sales.actions.competitors import competitor_named
from krug.sales.actions.results import Proof, result_of, sign_contract
from krug.sales.actions.visits import enter_stage, leave_stage, open_visit, refuse_open_works
from krug.sales.events import (
    DealCorrected,
    DealLost,
    DealOpened,
    DealReopened,
    DealResumed,
    DealSuspended,
    DealWon,
)
from krug.sales.models import Competitor, Deal, LossReason, Pipeline, PipelineVersion, Stage, StageVisit, Work
from krug.sales.rules.ways import check_the_way

CORRECTABLE = ("name", "party", "amount", "margin", "owner", "opened_on", "loss_reason", "competitor", "loss_note")


@transaction.atomic
def open_deal(*, by: User, pipeline: Pipeline | None = None, **values: Any) -> Deal:
    """Begin a deal in the first stage of its pipeline, with the one who answers for that stage."""
    version = version_in_force(pipeline)
    stage = version.stages.filter(kind=Stage.Kind.OPEN, is_archived=False).order_by("position").first()
    now = timezone.now()
    values = {name: value for name, value in values.items() if value is not None}
    values.setdefault("owner", by)
    values.setdefault("currency", version.pipeline.currency)
    values.setdefault("opened_on", today_in(zone_called(by.timezone), now=now))
    values.setdefault("forecast_category", stage.forecast_category if stage else "pipeline")
    if stage is None:
        raise _no_pipeline(version.pipeline)
    deal = Deal(**values, pipeline_version=version, stage=stage, stage_since=now, created_by=by, updated_by=by)
    writing.check(deal)
    deal.save(force_insert=True)
    enter_stage(deal, stage, by=by, at=now)
    record(DealOpened(deal=deal, stage=stage, amount=deal.amount, currency=deal.currency, by=by))
    return deal


@transaction.atomic
def change_deal(deal: Deal, values: dict[str, Any], *, by: User) -> Deal:
    """Change the fields of a running deal; a closed one is only corrected by a supervisor."""
    if deal.is_closed:
        raise Refusal(_("A closed deal is not changed. A supervisor can correct it with a reason."), code="DEAL_CLOSED")
    pipeline = values.pop("pipeline", None)
    if pipeline is not None and pipeline.pk != deal.pipeline_version.pipeline_id:
        raise Refusal(
            _("A running deal keeps its pipeline. Open a new deal in the other one."),
            field="pipeline",
            code="PIPELINE_FIXED",
        )
    changed: Deal = writing.change(get_entity("deal"), deal, values, by=by)
    return changed


@transaction.atomic
def win_deal(
    deal: Deal,
    *,
    by: User,
    evidence: Model | str | None = None,
    said: str = "",
    with_whom: Contact | str | None = None,
    paper: str = "",
    contract: str = "",
) -> Deal:
    """Close the deal as won. What follows outside sales: flows/sales.py, deal_won."""
    _must_be_open(deal)
    if deal.party_id is None:
        raise Refusal(_("Name the customer before the deal is won."), field="party", code="PARTY_REQUIRED")
    visit = open_visit(deal)
    won = deal.pipeline_version.stages.get(kind=Stage.Kind.WON)
    refuse_open_works(visit)
    check_the_way(visit.stage, won)
    if contract.strip():
        sign_contract(deal, contract, by=by)
    result = result_of(visit, deal, by=by, proof=Proof(evidence=evidence, said=said, with_whom=with_whom, paper=paper))
    if not deal.results.filter(is_binding=True).exists():
        raise Refusal(
            _("Win a deal on evidence: a signed order or contract."), field="results", code="DEAL_NO_EVIDENCE"
        )
    now = timezone.now()
    leave_stage(visit, StageVisit.Outcome.WON, at=now, result=result)
    deal.stage, deal.stage_since, deal.state, deal.closed_at = won, now, Deal.State.WON, now
    deal.save(update_fields=["stage", "stage_since", "state", "closed_at", "updated_at"])
    record(DealWon(deal=deal, amount=deal.amount, currency=deal.currency, by=by))
    return deal


@transaction.atomic
def lose_deal(
    deal: Deal,
    *,
    by: User,
    loss_reason: LossReason | None = None,
    competitor: Competitor | None = None,
    new_competitor: str = "",
    loss_note: str = "",
    amount: Decimal | None = None,
    return_on: date | None = None,
) -> Deal:
    """Close the deal as lost, with the reason, and with the competitor, known or new, when the reason names one."""
    if not deal.is_running:
        raise Refusal(_("This deal is already closed."), code="DEAL_CLOSED")
    if loss_reason is None:
        raise Refusal(_("Choose the reason of loss."), field="loss_reason", code="LOSS_REASON_REQUIRED")
    competitor = competitor_named(competitor, new_competitor, by=by)
    if loss_reason.requires_competitor and competitor is None:
        raise Refusal(_("Name the competitor who won."), field="competitor", code="COMPETITOR_REQUIRED")
    if deal.party_id is None:
        raise Refusal(_("Name the customer before the deal is closed."), field="party", code="PARTY_REQUIRED")
    now = timezone.now()
    visit = open_visit(deal)
    visit.works.filter(state__in=Work.OPEN).update(state=Work.State.CANCELLED, outcome=_("The deal was lost."))
    leave_stage(visit, StageVisit.Outcome.LOST, at=now, reason=str(loss_reason)[:300])
    deal.stage, deal.stage_since = deal.pipeline_version.stages.get(kind=Stage.Kind.LOST), now
    deal.state, deal.closed_at, deal.suspended_until = Deal.State.LOST, now, None
    deal.loss_reason, deal.competitor, deal.loss_note, deal.return_on = loss_reason, competitor, loss_note, return_on
    deal.amount = deal.amount if amount is None else amount
    writing.check(deal)
    deal.save()
    record(
        DealLost(deal=deal, loss_reason=loss_reason, competitor=competitor, note=loss_note, return_on=return_on, by=by)
    )
    return deal


@transaction.atomic
def suspend_deal(deal: Deal, *, until: date, by: User, reason: str = "") -> Deal:
    """Set the deal aside until a day; forecasts leave it out meanwhile."""
    _must_be_open(deal)
    if until <= today_in(zone_called(by.timezone)):
        raise Refusal(_("Choose a day after today."), field="until", code="DATE_PAST")
    deal.state, deal.suspended_until = Deal.State.SUSPENDED, until
    deal.save(update_fields=["state", "suspended_until", "updated_at"])
    record(DealSuspended(deal=deal, until=until, reason=reason, by=by))
    return deal


@transaction.atomic
def resume_deal(deal: Deal, *, by: User) -> Deal:
    """Take up again a deal that was set aside; it stands where it stood."""
    if not deal.is_suspended:
        raise Refusal(_("This deal is not suspended."), code="DEAL_NOT_SUSPENDED")
    deal.state, deal.suspended_until = Deal.State.OPEN, None
    deal.save(update_fields=["state", "suspended_until", "updated_at"])
    record(DealResumed(deal=deal, by=by))
    return deal


def resume_due_deals(*, today: date, by: User) -> int:
    """Take up again every suspended deal whose day has come; doing it twice changes nothing."""
    due = Deal.objects.filter(state=Deal.State.SUSPENDED, suspended_until__lte=today).order_by("pk")
    numbers = list(due.values_list("pk", flat=True))
    for number in numbers:
        with transaction.atomic():
            begin_act(by)
            deal = due.select_for_update(of=("self",)).filter(pk=number).first()
            if deal is not None:
                resume_deal(deal, by=by)
    return len(numbers)


@transaction.atomic
def reopen_deal(deal: Deal, *, by: User, reason: str, stage: Stage | None = None) -> Deal:
    """Take up a won or lost deal again; its past stays, and a new stay begins."""
    if not deal.is_closed:
        raise Refusal(_("This deal is not closed."), code="DEAL_NOT_CLOSED")
    if not reason.strip():
        raise Refusal(_("Say why the deal is resumed."), field="reason", code="REASON_REQUIRED")
    last = deal.visits.select_related("stage", "responsible").order_by("-entered_at", "-pk").first()
    target = stage or (last.stage if last is not None and last.stage.is_open else None)
    target = target or deal.pipeline_version.stages.filter(kind=Stage.Kind.OPEN).order_by("position").first()
    if target is None or target.pipeline_version_id != deal.pipeline_version_id or not target.is_open:
        raise Refusal(_("Choose a working stage of this deal's pipeline."), field="stage", code="STAGE_UNKNOWN")
    was = deal.state
    enter_stage(deal, target, by=by, at=timezone.now(), before=last)
    deal.state, deal.closed_at = Deal.State.OPEN, None
    deal.loss_reason, deal.competitor, deal.loss_note, deal.return_on = None, None, "", None
    deal.save()
    record(DealReopened(deal=deal, stage=target, reason=reason, was=was, by=by))
    return deal


@transaction.atomic
def correct_deal(deal: Deal, *, by: User, reason: str, **values: Any) -> Deal:
    """Correct a closed deal with a reason; who, when, old and new value stay visible."""
    if not deal.is_closed:
        raise Refusal(_("An open deal is simply edited."), code="DEAL_NOT_CLOSED")
    if not reason.strip():
        raise Refusal(_("Say why the deal is corrected."), field="reason", code="REASON_REQUIRED")
    differing = [
        name for name in CORRECTABLE if values.get(name) not in (None, "") and getattr(deal, name) != values[name]
    ]
    if not differing:
        return deal
    for name in differing:
        setattr(deal, name, values[name])
    writing.check(deal)
    deal.save(update_fields=[*differing, "updated_at"])
    record(DealCorrected(deal=deal, reason=reason, fields=differing, by=by))
    return deal


def _must_be_open(deal: Deal) -> None:
    if deal.is_closed:
        raise Refusal(_("This deal is already closed."), code="DEAL_CLOSED")
    if deal.is_suspended:
        raise Refusal(_("This deal is suspended: resume it first."), code="DEAL_SUSPENDED")


def version_in_force(pipeline: Pipeline | None) -> PipelineVersion:
    """The version by which new deals of a pipeline go, or of the usual one."""
    versions = PipelineVersion.objects.select_related("pipeline").filter(state=PipelineVersion.State.ACTIVE)
    found = (
        versions.filter(pipeline=pipeline).first() if pipeline else versions.filter(pipeline__is_default=True).first()
    )
    found = found or (None if pipeline else versions.order_by("pipeline_id").first())
    if found is None:
        raise _no_pipeline(pipeline)
    return found


def _no_pipeline(pipeline: Pipeline | None) -> Refusal:
    chosen = _("This pipeline has no version in force: activate one first.")
    none = _(
        "Deals go through a pipeline, and none is in force yet: an administrator makes one in Settings, “Pipelines”."
    )
    return Refusal(chosen if pipeline else none, field="pipeline", code="PIPELINE_NOT_ACTIVE")
