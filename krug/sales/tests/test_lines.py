"""The products of a deal and its amount."""

from decimal import Decimal

import pytest

from krug.catalogue.testing import make_product
from krug.kernel.doors import change_record, create_record, perform
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.registry import get_entity
from krug.sales.actions.deals import lose_deal
from krug.sales.models import Deal, DealLine
from krug.sales.testing import make_deal, make_deal_line, make_loss_reason

LINE = get_entity("deal-line")


def test_lines_take_the_list_price_and_make_the_amount(anna, happened):
    deal = make_deal(owner=anna)
    pump = make_product(price=Decimal("120000.0000"), by=anna)
    told = len(happened())
    create_record(LINE, {"deal": deal, "product": pump, "quantity": Decimal(4)}, by=anna)
    create_record(LINE, {"deal": deal, "product": pump, "price": Decimal("10.005"), "quantity": Decimal(1)}, by=anna)
    assert Deal.objects.get().amount == Decimal("480010.01")
    assert happened()[told:] == ["DealLineAdded", "DealLineAdded"]


def test_changing_and_removing_lines_changes_the_amount(anna):
    line = make_deal_line(owner=anna)
    change_record(LINE, line.pk, {"quantity": Decimal(3)}, by=anna)
    assert Deal.objects.get().amount == Decimal("360000.00")
    perform(LINE, "remove", line.pk, by=anna)
    assert Deal.objects.get().amount == Decimal("0.00") and not DealLine.objects.exists()


def test_a_product_without_a_price_in_this_currency_asks_for_one(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(Refusal) as no:
        create_record(LINE, {"deal": deal, "product": make_product(currency="EUR", by=anna)}, by=anna)
    assert (no.value.code, no.value.field) == ("PRICE_REQUIRED", "price")
    assert not DealLine.objects.exists()


def test_no_quantity_of_nothing(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(Invalid):
        create_record(LINE, {"deal": deal, "product": make_product(by=anna), "quantity": Decimal(0)}, by=anna)
    assert Deal.objects.get().amount == Decimal("620000.00")


def test_a_line_stays_in_its_deal_and_a_closed_deal_keeps_its_lines(anna):
    line = make_deal_line(owner=anna)
    with pytest.raises(Refusal) as no:
        change_record(LINE, line.pk, {"deal": make_deal(owner=anna)}, by=anna)
    assert no.value.code == "LINE_FIXED"
    lose_deal(line.deal, by=anna, loss_reason=make_loss_reason())
    for call in (
        lambda: change_record(LINE, line.pk, {"quantity": Decimal(9)}, by=anna),
        lambda: perform(LINE, "remove", line.pk, by=anna),
        lambda: make_deal_line(owner=anna, deal=line.deal),
    ):
        with pytest.raises(Refusal) as no:
            call()
        assert no.value.code == "DEAL_CLOSED"
