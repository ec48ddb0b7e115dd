"""Ageing and the weighted forecast, by the figures of the specification."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from krug.sales.rules.ageing import age_of, days_between
from krug.sales.rules.forecasting import weighted_forecast


def test_four_deals_are_expected_to_bring_1_750_000_give_or_take_698_000():
    deals = [("500000", 20), ("1200000", 50), ("300000", 80), ("900000", 90)]
    forecast = weighted_forecast((Decimal(amount), Decimal(percent)) for amount, percent in deals)
    assert forecast.expected == Decimal("1750000.00")
    assert forecast.spread == Decimal("698068.76")


def test_no_deals_no_forecast():
    assert weighted_forecast([]).expected == 0


@pytest.mark.parametrize(
    ("days", "norm", "age"),
    [
        (0, 14, "fresh"),
        (14, 14, "fresh"),
        (15, 14, "yellow"),
        (28, 14, "yellow"),
        (29, 14, "red"),
        (900, None, "fresh"),
    ],
)
def test_a_deal_is_yellow_beyond_the_norm_and_red_beyond_twice_the_norm(days, norm, age):
    assert age_of(days, norm) == age


def test_days_in_a_stage_are_whole_days():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert days_between(now - timedelta(days=3, hours=23), now) == 3
    assert days_between(now + timedelta(hours=1), now) == 0
