"""Whatever people do with deals, a running deal stands in exactly one stage and a closed one in none."""

import itertools
import random
from datetime import date

import pytest
from django.db import connection, transaction

from krug.kernel.errors import Refusal
from krug.sales.actions.deals import lose_deal, reopen_deal, resume_deal, suspend_deal, win_deal
from krug.sales.actions.moves import move_deal
from krug.sales.actions.visits import change_responsible
from krug.sales.actions.works import cancel_work, continue_work, plan_work
from krug.sales.models import Deal, StageVisit, Work
from krug.sales.testing import make_deal, make_loss_reason, make_version, prove


def acts(deal, anna, boris, reason):
    """Everything that somebody may try, sensible or not."""
    stages = list(deal.pipeline_version.stages.all())
    first_work = Work.objects.open().filter(deal=deal).first()
    return [
        *(
            lambda stage=stage: move_deal(deal, stage=stage, by=anna, reason="Назад", loss_reason=reason)
            for stage in stages
        ),
        lambda: prove(deal, by=anna),
        lambda: prove(deal, by=anna),
        lambda: plan_work(deal, name="Работа", by=anna),
        lambda: first_work and cancel_work(first_work, by=anna, reason="Не нужна"),
        lambda: first_work and continue_work(first_work, by=anna),
        lambda: win_deal(deal, by=anna),
        lambda: lose_deal(deal, by=anna, loss_reason=reason),
        lambda: suspend_deal(deal, until=date(2100, 1, 1), by=anna),
        lambda: resume_deal(deal, by=anna),
        lambda: reopen_deal(deal, by=anna, reason="Снова"),
        lambda: change_responsible(deal, to=random.choice([anna, boris]), by=anna),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_acts_leaves_one_open_stay_per_running_deal(anna, boris, seed):
    chance = random.Random(seed)
    random.seed(seed)
    reason = make_loss_reason()
    pipeline = make_version("meeting_minutes", "", "document_signed").pipeline
    deal = make_deal(owner=anna, pipeline=pipeline)
    done = 0
    for _step in itertools.repeat(None, 30):
        deal = Deal.objects.select_related("stage", "pipeline_version", "party", "owner").get(pk=deal.pk)
        try:
            with transaction.atomic():
                chance.choice(acts(deal, anna, boris, reason))()
                done += 1
        except Refusal:
            pass
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        now = Deal.objects.get(pk=deal.pk)
        open_stays = StageVisit.objects.filter(deal=now, left_at=None)
        assert open_stays.count() == (0 if now.is_closed else 1)
        assert now.is_closed or open_stays.get().stage_id == now.stage_id
        assert not Work.objects.open().filter(deal=now).exclude(visit__left_at=None).exists()
    assert done > 5
    for visit in StageVisit.objects.filter(deal=deal, outcome__in=("forward", "won")).select_related("stage", "result"):
        assert not visit.stage.exit_result_type or visit.result.type == visit.stage.exit_result_type
