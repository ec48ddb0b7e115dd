"""The funnel: two views kept apart, honest intervals, and every figure equal to the list it opens."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Q

from krug.analytics.measures.funnel import cohort, flow
from krug.analytics.rules.periods import Period, period_called
from krug.analytics.rules.shares import Share
from krug.kernel.dates import zone_called
from krug.kernel.registry import get_entity
from krug.parties.testing import make_party
from krug.sales.actions.history import PastDeal, PastVisit, record_history
from krug.sales.actions.shipped import PipelinePlan, StagePlan, install_pipeline

pytestmark = pytest.mark.django_db
NAMES = ("Interest", "Offer", "Terms", "Contract")


def test_wilsons_interval_is_that_of_the_specification():
    low, high = Share(22, 200).interval
    assert (round(100 * low, 1), round(100 * high, 1)) == (7.4, 16.1)
    low, high = Share(3, 4).interval
    assert (round(100 * low), round(100 * high)) == (30, 95)
    assert Share(3, 4).is_small
    assert Share(0, 0).interval is None


def test_periods_are_half_open():
    today = date(2026, 11, 21)
    assert period_called("month", today) == Period(date(2026, 11, 1), date(2026, 12, 1))
    assert period_called("last_month", today) == Period(date(2026, 10, 1), date(2026, 11, 1))
    assert period_called("quarter", today) == Period(date(2026, 10, 1), date(2027, 1, 1))
    assert period_called("year", today).last == date(2026, 12, 31)


@pytest.fixture
def version(gleb):
    from krug.sales.models import Stage

    stages = [StagePlan(ru=name, en=name) for name in NAMES]
    ends = [StagePlan(ru="Won", en="Won", kind=Stage.Kind.WON), StagePlan(ru="Lost", en="Lost", kind=Stage.Kind.LOST)]
    return install_pipeline(PipelinePlan(code="test", ru="Проверка", en="Test", stages=(*stages, *ends)), by=gleb)


def past(version, gleb, *, reached: int, won: bool = False, number: int = 0, month: int = 3) -> PastDeal:
    """A deal that went through the first `reached` stages, a day in each, and then was won or lost."""
    stages = list(version.stages.order_by("position"))
    party = make_party(owner=gleb)
    visits = [
        PastVisit(
            stage=stages[place],
            responsible=gleb,
            entered_at=datetime(2026, month, 1 + place, tzinfo=UTC),
            left_at=datetime(2026, month, 2 + place, tzinfo=UTC),
            outcome="forward" if place < reached - 1 else "won" if won else "lost",
        )
        for place in range(reached)
    ]
    return PastDeal(
        source_key=f"{number}",
        name=f"Deal {number}",
        stage=stages[-2] if won else stages[-1],
        owner=gleb,
        party_id=party.pk,
        amount=Decimal(100),
        opened_on=date(2026, month, 1),
        closed_on=date(2026, month, 1 + reached),
        visits=visits,
    )


def test_a_cohort_of_the_specification_converts_as_calculated_by_hand(version, gleb):
    deals, number = [], 0
    for reached, won, count in ((1, False, 8), (2, False, 5), (3, False, 3), (4, False, 2), (4, True, 2)):
        for _ in range(count):
            number += 1
            deals.append(past(version, gleb, reached=reached, won=won, number=number))
    record_history(deals, source="test", by=gleb)
    year = period_called("year", date(2026, 11, 21))
    found = cohort(gleb, version, year)
    assert [step.count for step in found.steps] == [20, 12, 7, 4]
    assert [(step.on.part, step.on.whole) for step in found.steps] == [(12, 20), (7, 12), (4, 7), (2, 4)]
    assert (found.won.part, found.won.whole) == (2, 20)
    assert found.steps[0].amount == {"RUB": Decimal(2000)}
    streamed = flow(gleb, version, year, zone=zone_called("Europe/Moscow"))
    assert [step.count for step in streamed.steps] == [20, 12, 7, 4]
    assert all(step.on.value <= 1 for step in (*found.steps, *streamed.steps))
    assert [step.lost for step in streamed.steps] == [8, 5, 3, 2]


def test_the_worked_example_of_the_specification_is_met_exactly(version, gleb):
    spread = ((1, False, 80), (2, False, 54), (3, False, 33), (4, False, 11), (4, True, 22))
    kinds = [(reached, won) for reached, won, count in spread for _deal in range(count)]
    deals = [past(version, gleb, reached=r, won=won, number=n) for n, (r, won) in enumerate(kinds, start=1)]
    record_history(deals, source="test", by=gleb)
    found = cohort(gleb, version, period_called("year", date(2026, 11, 21)))
    assert [step.count for step in found.steps] == [200, 120, 66, 33]
    assert [round(100 * step.on.value, 1) for step in found.steps] == [60.0, 55.0, 50.0, 66.7]
    assert (found.won.part, found.won.whole, found.won.value) == (22, 200, 0.11)


def test_of_a_month_of_five_hundred_deals_both_views_are_as_counted_by_hand(version, gleb):
    chance = random.Random(500)
    deals = []
    for number in range(1, 501):
        reached = chance.randint(1, 4)
        won = reached == 4 and chance.random() < 0.5
        deals.append(past(version, gleb, reached=reached, won=won, number=number, month=chance.choice((2, 3))))
    record_history(deals, source="test", by=gleb)
    year = period_called("year", date(2026, 11, 21))
    begins = Period(date(2026, 3, 1), date(2026, 4, 1))
    of_march = [deal for deal in deals if deal.opened_on.month == 3]
    shown = cohort(gleb, version, begins)
    assert [step.count for step in shown.steps] == [sum(len(d.visits) > place for d in of_march) for place in range(4)]
    assert shown.won.part == sum(deal.visits[-1].outcome == "won" for deal in of_march)
    cut = Period(date(2026, 3, 3), date(2026, 3, 5))
    ended = [
        (place, visit.outcome)
        for deal in deals
        for place, visit in enumerate(deal.visits)
        if cut.first <= visit.left_at.date() < cut.after
    ]
    flowed = flow(gleb, version, cut, zone=zone_called("UTC"))
    assert [step.count for step in flowed.steps] == [sum(at == place for at, _how in ended) for place in range(4)]
    assert [step.on.part for step in flowed.steps] == [
        sum(at == place and how in ("forward", "won") for at, how in ended) for place in range(4)
    ]
    assert [step.count for step in flowed.steps] != [step.count for step in shown.steps]
    for funnel in (shown, flowed, cohort(gleb, version, year), flow(gleb, version, year, zone=zone_called("UTC"))):
        assert all(step.on.value is None or step.on.value <= 1 for step in funnel.steps)


def test_the_two_views_differ_where_a_period_cuts_a_deal(version, gleb):
    record_history([past(version, gleb, reached=4, won=True, number=1, month=3)], source="test", by=gleb)
    cut = Period(date(2026, 3, 3), date(2026, 4, 1))
    assert [step.count for step in cohort(gleb, version, cut).steps] == [0, 0, 0, 0]
    assert [step.count for step in flow(gleb, version, cut, zone=zone_called("UTC")).steps] == [0, 1, 1, 1]


def test_every_figure_equals_the_list_that_it_opens(version, gleb, client):
    record_history([past(version, gleb, reached=n, number=n) for n in (1, 2, 3, 4)], source="test", by=gleb)
    client.force_login(gleb)
    page = client.get(f"/reports/funnel/?pipeline={version.pk}&period=all&view=cohort")
    assert page.status_code == 200
    deal, stages = get_entity("deal"), list(version.stages.order_by("position"))
    for stage, count in zip(stages, (4, 3, 2, 1), strict=False):
        from krug.kernel.fields import Reading

        condition = deal.fields["reached"].condition("eq", stage.pk, Reading(user=gleb, today=date(2026, 11, 21)))
        assert deal.rows_for(gleb).filter(condition & Q(pipeline_version=version)).count() == count


def test_a_seller_sees_only_his_own_deals_in_the_funnel(version, gleb, anna):
    record_history([past(version, gleb, reached=2, number=1)], source="test", by=gleb)
    assert [step.count for step in cohort(anna, version, period_called("all", date(2026, 11, 21))).steps] == [
        0,
        0,
        0,
        0,
    ]
