"""Trees by formulas and summaries: nodes add up before their index is made, after it, and while records are due."""

from __future__ import annotations

from typing import Any

import pytest

from krug.administration.actions.recalculation import keep_up
from krug.administration.testing import make_attribute
from krug.kernel.attributes.catalogue import look_again
from krug.lists.tests.test_trees import everything_adds_up, told, tree_over
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def counted(anna: Any) -> Any:
    """Three customers with two deals, one and none."""
    two, one = make_party("Two", owner=anna, region="North"), make_party("One", owner=anna, region="North")
    make_party("None", owner=anna, region="South")
    for party, amount in ((two, 100), (two, 250), (one, 50)):
        deal = make_deal(owner=anna, party=party)
        type(deal).objects.filter(pk=deal.pk).update(amount=amount, currency="RUB")
    return two


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_summary_makes_levels_for_those_who_see_all_and_for_those_who_see_some(counted, gleb, anna, boris, is_kept):
    deals = make_attribute("Deals in all", kind="roll_up", details={"roll_up": "deal.party.count."})
    worth = make_attribute("Worth", kind="roll_up", details={"roll_up": "deal.party.sum.amount"})
    if is_kept:
        keep_up()
    for person in (gleb, anna):
        look, top = tree_over(person, deals.key, "region")
        assert sorted(told(look, top)) == [("0", 1), ("1", 1), ("2", 1)]
        everything_adds_up(look, top)
        look, top = tree_over(person, "region", worth.key)
        everything_adds_up(look, top)
    look, top = tree_over(boris, deals.key)
    assert [count for _label, count in told(look, top) if count] in ([], [3])


def test_a_formula_makes_a_level(counted, gleb):
    from krug.kernel.registry import get_entity

    deal = get_entity("deal")
    fee = make_attribute("Fee", entity="deal", kind="formula", details={"formula": "[amount] / 3"})
    for is_kept in (False, True):
        if is_kept:
            keep_up()
            look_again()
            assert deal.fields[fee.key].is_indexed(gleb)
        look, top = tree_over(gleb, fee.key, "stage", entity=deal)
        assert [count for _label, count in told(look, top)] == [1, 1, 1]
        assert [label for label, _count in told(look, top)][:3] == ["16.67", "33.33", "83.33"]
        everything_adds_up(look, top)
