"""Works live and end within one stay of a deal in one stage."""

from datetime import timedelta

import pytest

from krug.kernel.dates import today_in, zone_called
from krug.kernel.doors import create_record
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity
from krug.sales.actions.deals import lose_deal
from krug.sales.actions.moves import move_deal
from krug.sales.actions.works import cancel_work, continue_work, finish_work, plan_work, start_work
from krug.sales.models import Stage, Work
from krug.sales.testing import make_deal, make_loss_reason, make_version, make_work, prove, stage_of


def test_a_work_is_planned_in_the_present_stage_for_its_responsible(anna, happened):
    deal = make_deal(owner=anna)
    work = plan_work(deal, name="Подготовить расчёт", by=anna)
    assert (work.visit, work.assignee, work.state) == (deal.visits.get(), anna, "planned")
    assert happened()[-1] == "WorkPlanned"


def test_a_work_begins_and_ends(anna, happened):
    work = make_work(owner=anna)
    start_work(work, by=anna)
    assert work.state == "in_progress"
    with pytest.raises(Refusal) as no:
        start_work(work, by=anna)
    assert no.value.code == "WORK_STATE"
    finish_work(work, by=anna, outcome="Готово")
    assert (work.state, work.outcome) == ("done", "Готово")
    assert happened()[-2:] == ["WorkStarted", "WorkFinished"]
    for call in (lambda: finish_work(work, by=anna), lambda: continue_work(work, by=anna)):
        with pytest.raises(Refusal) as no:
            call()
        assert no.value.code == "WORK_STATE"


def test_cancelling_a_work_needs_a_reason(anna, happened):
    work = make_work(owner=anna)
    told = happened()
    with pytest.raises(Refusal) as no:
        cancel_work(work, by=anna, reason="")
    assert (no.value.code, Work.objects.get().state) == ("REASON_REQUIRED", "planned")
    assert happened() == told
    cancel_work(work, by=anna, reason="Не понадобилось")
    assert Work.objects.get().state == "cancelled"


def test_a_work_that_goes_on_is_made_anew_in_the_next_stage_with_a_link(anna):
    deal = make_deal(owner=anna)
    work = make_work(deal=deal, by=anna)
    prove(deal, by=anna)
    continue_work(work, by=anna)
    move_deal(deal, stage=stage_of(deal, 2), by=anna)
    new = Work.objects.get(state="planned")
    assert (new.name, new.continues, new.visit.stage.position) == (work.name, work, 2)
    assert (work.visit.stage.position, work.state) == (1, "cancelled")


def test_a_stage_plans_its_usual_works(anna):
    version = make_version("", "")
    Stage.objects.filter(pipeline_version=version, position=2).update(
        work_templates=[{"name": "Собрать КП", "days": 3}]
    )
    deal = make_deal(owner=anna, pipeline=version.pipeline)
    move_deal(deal, stage=stage_of(deal, 2), by=anna)
    work = Work.objects.get()
    assert (work.name, work.assignee, work.due) == (
        "Собрать КП",
        anna,
        today_in(zone_called(anna.timezone)) + timedelta(days=3),
    )


def test_a_closed_deal_takes_no_new_works(anna):
    deal = lose_deal(make_deal(owner=anna), by=anna, loss_reason=make_loss_reason())
    with pytest.raises(Refusal) as no:
        create_record(get_entity("work"), {"deal": deal, "name": "Поздно"}, by=anna)
    assert no.value.code == "DEAL_CLOSED"
    assert not Work.objects.exists()


def test_a_work_is_seen_by_its_assignee_though_not_its_deal(anna, boris):
    work = make_work(owner=anna, assignee=boris)
    assert work in get_entity("work").rows_for(boris)
    assert not get_entity("deal").rows_for(boris).exists()
