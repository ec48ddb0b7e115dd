"""A tree has up to six levels, and the counts add up all the way down; a seventh is refused."""

from __future__ import annotations

import pytest

from krug.kernel.errors import Refusal
from krug.lists.actions.trees import Wanted, make_tree
from krug.lists.models import ListTree
from krug.lists.rules.nodes import Way
from krug.lists.tests.test_trees import branch_of, tree_over
from krug.parties.entities.parties import PARTY
from krug.parties.testing import make_party

SIX = ("region", "city", "kind", "state", "country", "language")


@pytest.mark.django_db
def test_the_counts_of_six_levels_add_up_from_the_last_to_the_first(anna):
    for city, many in (("Омск", 2), ("Тара", 1)):
        for _party in range(many):
            make_party(owner=anna, region="Омская область", city=city)
    make_party(owner=anna, region="Тульская область", city="Тула")
    make_tree(PARTY, Wanted("Deep", "", SIX), by=anna)
    look, top = tree_over(anna, *SIX)

    def leaves(way: Way, depth: int) -> int:
        nodes = [node for node in branch_of(look, way).nodes if node.count]
        if depth == len(SIX):
            return sum(node.count for node in nodes)
        for node in nodes:
            assert leaves(node.way, depth + 1) == node.count
        return sum(node.count for node in nodes)

    assert leaves(top, 1) == 4


@pytest.mark.django_db
def test_a_seventh_level_is_refused_and_nothing_is_kept(anna):
    with pytest.raises(Refusal):
        make_tree(PARTY, Wanted("Too deep", "", (*SIX, "industry")), by=anna)
    assert not ListTree.objects.exists()
