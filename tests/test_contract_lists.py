"""What the list of every registered type must keep: trees over any field, with counts that add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.kernel.testing.contract import codes, make
from krug.lists.actions.trees import Wanted, make_tree
from krug.lists.rules.branches import Node, branch_of
from krug.lists.rules.counting import Look
from krug.lists.rules.levels import level_choices, read_level
from krug.lists.rules.nodes import Way, with_node

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
every = pytest.mark.parametrize("code", codes())


def nodes_of(look: Look, way: Way) -> Iterator[Node]:
    """The nodes that lead somewhere; together with those that do not they make what stands above them."""
    branch = branch_of(look, way)
    assert branch.total >= look.rows(way).count() if branch.is_several else branch.total == look.rows(way).count()
    yield from (node for node in branch.nodes if node.way is not None)


@every
def test_every_field_makes_a_level_whose_nodes_find_what_they_count(code, gleb):
    entity = get_entity(code)
    make(entity, gleb), make(entity, gleb)
    look = Look(entity, ListState(), Reading(user=gleb, today=date(2026, 11, 21), language="en"))
    choices = level_choices(entity, gleb)
    assert choices
    for text, _label in choices:
        level = read_level(entity, text, gleb)
        for node in nodes_of(look, Way((level,))):
            found = replace(look.state, tree=with_node(None, node.way))
            assert rows_matching(entity, found, look.reading).count() == node.count, (text, node.label)


@every
def test_the_panel_of_a_tree_opens_beside_the_list(code, gleb, client):
    entity = get_entity(code)
    make(entity, gleb)
    client.force_login(gleb)
    levels = tuple(text for text, _label in level_choices(entity, gleb))[:3]
    tree = make_tree(entity, Wanted("By everything", "", levels), by=gleb)
    page: Any = client.get(f"{entity.url()}?tree={tree.pk}")
    assert page.status_code == 200 and f"/trees/{entity.plural_url}/panel/" in page.content.decode()
