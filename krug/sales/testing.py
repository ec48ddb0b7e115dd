"""Pipelines and deals for tests and the demo company."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from krug.access.models import User
from krug.activities.testing import make_interaction
from krug.catalogue.testing import make_product
from krug.documents.testing import make_document
from krug.kernel import writing
from krug.kernel.dates import today_in, zone_called
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_user
from krug.parties.testing import make_contact, make_party
from krug.sales.actions.deals import open_deal
from krug.sales.actions.lines import add_line
from krug.sales.actions.moves import move_deal
from krug.sales.actions.pipelines import create_pipeline, create_stage
from krug.sales.actions.results import record_result
from krug.sales.actions.shipped import LOST, WON, PipelinePlan, StagePlan, ensure_shipped_pipeline, install_pipeline
from krug.sales.actions.works import plan_work
from krug.sales.models import (
    Competitor,
    Deal,
    DealContact,
    DealLine,
    LossReason,
    Pipeline,
    PipelineVersion,
    Stage,
    StageResult,
    StageVisit,
    Work,
)

_numbers = count(1)
Maker = User | None


def make_version(*results: str, by: Maker = None, owner: Maker = None) -> PipelineVersion:
    """A pipeline in force with one working stage per result type named; an empty one asks for nothing."""
    number = next(_numbers)
    stages = [
        StagePlan(ru=f"Этап {place}", en=f"Stage {place}", probability=Decimal(20 * place), result=result, max_days=7)
        for place, result in enumerate(results or ("", "", ""), start=1)
    ]
    plan = PipelinePlan(
        code=f"pipeline-{number}", ru=f"Воронка {number}", en=f"Pipeline {number}", stages=[*stages, WON, LOST]
    )
    return install_pipeline(plan, by=by or owner)


def make_pipeline(*, by: Maker = None, owner: Maker = None) -> Pipeline:
    """A pipeline with its first draft."""
    number = next(_numbers)
    return create_pipeline(
        by=by or owner or make_user(), code=f"draft-{number}", name_ru=f"Воронка {number}", name_en=f"Pipeline {number}"
    )


def make_draft(*, by: Maker = None, owner: Maker = None) -> PipelineVersion:
    """A draft with its two ends and no working stage yet."""
    return make_pipeline(by=by, owner=owner).versions.get()


def make_stage(*, by: Maker = None, owner: Maker = None, **values: Any) -> Stage:
    """A working stage of a draft."""
    by = by or owner or make_user()
    values.setdefault("pipeline_version", None)
    values["pipeline_version"] = values["pipeline_version"] or make_draft(by=by)
    number = next(_numbers)
    values.setdefault("position", 1)
    values.setdefault("name_ru", f"Этап {number}")
    return create_stage(by=by, **values)


def make_deal(name: str = "", *, by: Maker = None, owner: Maker = None, **values: Any) -> Deal:
    """An open deal of a new customer in the first stage of the shipped pipeline."""
    by = by or owner or make_user()
    values.setdefault("amount", Decimal("620000.00"))
    if "party" not in values:
        values["party"] = make_party(owner=owner or by, by=by)
    if "pipeline" not in values:
        values["pipeline"] = ensure_shipped_pipeline(by=by).pipeline
    return open_deal(by=by, name=name or f"Насосы, партия {next(_numbers)}", owner=owner or by, **values)


def stage_of(deal: Deal, place: int) -> Stage:
    """The stage at that place of the deal's pipeline, from 1."""
    return deal.pipeline_version.stages.get(position=place)


def prove(deal: Deal, *, by: User) -> None:
    """Make the record that proves the result of the present stage."""
    wanted = Stage.objects.get(pk=deal.stage_id).exit_result_type
    if wanted in ("meeting_minutes", "customer_confirmation"):
        said = make_interaction(by=by, party=deal.party, about=deal, kind="meeting", text="Обсудили и согласовали")
        record_result(deal, by=by, evidence=said)
    elif wanted == "document_signed":
        today = today_in(zone_called(by.timezone))
        make_document(by=by, about=deal, signed_on=today, number=str(next(_numbers)))
    elif wanted == "shipment":
        make_document("Накладная", by=by, about=deal, kind="delivery_note", number=str(next(_numbers)))
    elif wanted:
        record_result(deal, by=by, evidence=make_document("Бумага", by=by, about=deal, kind="other"))


def advance(deal: Deal, *, by: User, to: int) -> Deal:
    """Bring a deal on evidence to the working stage at that place."""
    while deal.stage.position < to:
        prove(deal, by=by)
        move_deal(deal, stage=stage_of(deal, deal.stage.position + 1), by=by)
    return deal


def make_winnable_deal(*, by: Maker = None, owner: Maker = None, **values: Any) -> Deal:
    """A deal in its last stage, with a signed contract and the last result."""
    by = by or owner or make_user()
    deal = make_deal(by=by, owner=owner or by, **values)
    advance(deal, by=by, to=deal.pipeline_version.stages.filter(kind="open").count())
    prove(deal, by=by)
    return deal


def make_loss_reason(*, by: Maker = None, owner: Maker = None, **values: Any) -> LossReason:
    """A reason of loss."""
    values.setdefault("name_ru", f"Причина {next(_numbers)}")
    return LossReason.objects.create(created_by=by or owner, **values)


def make_competitor(*, by: Maker = None, owner: Maker = None, **values: Any) -> Competitor:
    """A competitor."""
    values.setdefault("name", f"Гидро-{next(_numbers)}")
    return writing.create(get_entity("competitor"), values, by=by or owner or make_user())


def make_deal_line(*, by: Maker = None, owner: Maker = None, **values: Any) -> DealLine:
    """Two pumps in a deal."""
    by = by or owner or make_user()
    deal = values.pop("deal", None) or make_deal(by=by, owner=owner)
    product = values.pop("product", None) or make_product(by=by)
    return add_line(deal=deal, product=product, by=by, quantity=values.pop("quantity", Decimal(2)), **values)


def make_deal_contact(*, by: Maker = None, owner: Maker = None, **values: Any) -> DealContact:
    """A person who decides."""
    by = by or owner or make_user()
    values["deal"] = values.get("deal") or make_deal(by=by, owner=owner)
    values["contact"] = values.get("contact") or make_contact(by=by, owner=owner or by)
    values.setdefault("role", DealContact.Role.DECISION_MAKER)
    return writing.create(get_entity("deal-contact"), values, by=by)


def make_work(name: str = "Подготовить расчёт", *, by: Maker = None, owner: Maker = None, **values: Any) -> Work:
    """A planned work in the first stage of a deal."""
    by = by or owner or make_user()
    deal = values.pop("deal", None) or make_deal(by=by, owner=owner)
    return plan_work(deal, name=name, by=by, **values)


def make_visit(*, by: Maker = None, owner: Maker = None) -> StageVisit:
    """The open stay of a new deal."""
    return make_deal(by=by, owner=owner).visits.get()


def make_result(*, by: Maker = None, owner: Maker = None) -> StageResult:
    """The minutes of a meeting as the result of the first stage."""
    by = by or owner or make_user()
    deal = make_deal(by=by, owner=owner)
    prove(deal, by=by)
    return deal.results.get()


SAMPLES = {
    "deal": make_deal,
    "deal-line": make_deal_line,
    "deal-contact": make_deal_contact,
    "work": make_work,
    "stage-visit": make_visit,
    "stage-result": make_result,
    "pipeline": make_pipeline,
    "pipeline-version": make_draft,
    "stage": make_stage,
    "loss-reason": make_loss_reason,
    "competitor": make_competitor,
}
