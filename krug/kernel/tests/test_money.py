"""Sums are read as people type them, rounded half up and divided to the kopeck."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.errors import Refusal
from krug.kernel.money import checked_money, parse_amount, parse_money, round_money

SUMS = st.decimals(min_value=-(10**13), max_value=10**13, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 234,5", "1234.50"),
        ("1234.5", "1234.50"),
        ("1,2 млн", "1200000.00"),
        ("1.2m", "1200000.00"),
        ("300 тыс", "300000.00"),
        ("300 тыс. руб.", "300000.00"),
        ("1\u00a0234\u202f567,89 ₽", "1234567.89"),
        ("−1 234,5", "-1234.50"),
        ("-0,005", "-0.01"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("2 млрд", "2000000000.00"),
        ("$1,200.00", "1200.00"),
        ("0", "0.00"),
        ("1,234", "1.23"),
        ("11 340,00", "11340.00"),
    ],
)
def test_a_typed_sum_is_read(typed, amount):
    assert parse_money(typed, language="ru") == Decimal(amount)


def test_a_comma_before_three_digits_means_thousands_in_english():
    assert parse_money("1,234", language="en") == Decimal("1234.00")
    assert parse_money("1,2", language="en") == Decimal("1.20")
    assert parse_money("1,234m", language="en") == Decimal("1234000.00")


@pytest.mark.parametrize("typed", ["", " ", "NaN", "inf", "12 штук", "1-2", "10^5", "1e5", "٣", "=1+1", "--5", ","])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(Refusal) as no:
        parse_money(typed, field="amount")
    assert (no.value.code, no.value.field) == ("NUMBER_UNREADABLE", "amount")
    assert isinstance(no.value, ValueError)


@pytest.mark.parametrize("typed", ["10 000 000 000 000 000", "9" * 300, "9999999999999999,999", "99999999999 млрд"])
def test_a_number_that_can_not_be_kept_is_refused(typed):
    with pytest.raises(Refusal) as no:
        parse_money(typed)
    assert no.value.code == "NUMBER_TOO_LARGE"


def test_the_refusal_speaks_both_languages():
    with pytest.raises(Refusal) as no:
        parse_amount("много")
    with translation.override("en"):
        assert str(no.value) == "“много” is not a number. Write it like 1 234,5 or 1.2 mln."
    with translation.override("ru"):
        assert str(no.value) == "«много» — не число. Напишите, например, 1 234,5 или 1,2 млн."


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_sum_that_is_no_number_is_never_stored(value):
    with pytest.raises(Refusal):
        checked_money(Decimal(value))


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("2.2154", "2.22")]
)
def test_rounding_is_half_up(exact, rounded):
    assert round_money(Decimal(exact)) == Decimal(rounded)


@given(SUMS)
def test_a_sum_shown_is_a_sum_that_can_be_typed(total):
    from krug.kernel.ui.formats import money

    for language in ("ru", "en"):
        assert parse_money(money(total, language=language), language=language) == total
