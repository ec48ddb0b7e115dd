"""Conditions joined by “and” and “or”, by plain forms and links; the address holds the whole."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Reading
from krug.kernel.listing.chips import describe
from krug.kernel.listing.filters import Condition
from krug.kernel.listing.groups import joined, negated, places_in, read_place, turned, without_condition
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.parties.testing import make_party

pytestmark = [pytest.mark.django_db]
PARTY = get_entity("party")
NORTH = {"field": "region", "operator": "eq", "value": "North"}
SOUTH = {"field": "region", "operator": "eq", "value": "South"}
SOCHI = {"field": "city", "operator": "eq", "value": "Sochi"}


def node(said: dict[str, Any]) -> Condition:
    return Condition(said["field"], said["operator"], said.get("value"))


@pytest.fixture
def crowd(gleb: Any) -> Any:
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    for name, region, city in (("A", "North", "Pskov"), ("B", "South", "Sochi"), ("C", "South", "Rostov")):
        make_party(name, owner=gleb, region=region, city=city)
    return gleb


def names(tree: Any, user: Any) -> list[str]:
    reading = Reading(user=user, today=date(2026, 11, 21), language="en")
    return sorted(rows_matching(PARTY, ListState(tree=tree), reading).values_list("display_name", flat=True))


def test_a_condition_joins_another_by_or_and_a_third_one_of_them_by_and(crowd):
    either = joined({"all": [NORTH]}, (0,), "any", node(SOUTH))
    assert either == {"all": [{"any": [NORTH, SOUTH]}]}
    assert names(either, crowd) == ["A", "B", "C"]
    deep = joined(either, (0, 1), "all", node(SOCHI))
    assert deep == {"all": [{"any": [NORTH, {"all": [SOUTH, SOCHI]}]}]}
    assert names(deep, crowd) == ["A", "B"]
    assert joined(deep, (0,), "any", node(SOCHI)) == {"all": [{"any": [NORTH, {"all": [SOUTH, SOCHI]}, SOCHI]}]}


def test_what_is_taken_out_of_a_group_leaves_the_rest_as_it_was(crowd):
    deep = {"all": [{"any": [NORTH, {"all": [SOUTH, SOCHI]}]}, SOCHI]}
    assert without_condition(deep, (0, 1, 1)) == {"all": [{"any": [NORTH, SOUTH]}, SOCHI]}
    assert without_condition(deep, (0, 0)) == {"all": [{"all": [SOUTH, SOCHI]}, SOCHI]}
    assert without_condition(deep, 1) == {"all": [{"any": [NORTH, {"all": [SOUTH, SOCHI]}]}]}
    assert without_condition({"all": [NORTH]}, 0) is None
    assert turned(deep, (0,)) == {"all": [{"all": [NORTH, {"all": [SOUTH, SOCHI]}]}, SOCHI]}
    assert negated(deep, (1,)) == {"all": [deep["all"][0], {"not": SOCHI}]}
    assert negated(negated(deep, (1,)), (1,)) == deep


@pytest.mark.parametrize("place", ["7", "0.5", "x", "0.0.0.0.0.0", "-1"])
def test_a_place_that_is_not_there_is_refused(place):
    with pytest.raises(BadRequest):
        without_condition({"all": [NORTH]}, read_place(place))


def test_groups_are_told_readably_in_both_languages(crowd):
    from django.utils import translation

    tree = {"all": [{"any": [NORTH, {"all": [SOUTH, SOCHI]}]}]}
    reading = Reading(user=crowd, today=date(2026, 11, 21), language="en")
    assert [chip.text for chip in describe(PARTY, tree, reading)] == [
        "Region is North or (region is South and city is Sochi)"
    ]
    with translation.override("ru"):
        assert [chip.text for chip in describe(PARTY, tree, Reading(crowd, date(2026, 11, 21), "ru"))] == [
            "Регион = North или (регион = South и город = Sochi)"
        ]
    assert [place for place, _node in places_in(tree)] == [(0,), (0, 0), (0, 1), (0, 1, 0), (0, 1, 1)]


def test_the_plain_form_puts_a_condition_where_it_is_told(crowd, client):
    client.force_login(crowd)
    here = {"filter": json.dumps({"all": [NORTH]}), "add": "region"}
    form = client.get(f"/parties/?{urlencode(here)}").content.decode()
    assert 'name="into"' in form and 'value="any:0"' in form and "or: Region is North" in form
    sent = {**here, "operator": "eq", "value": "South", "into": "any:0"}
    answer = client.get(f"/parties/?{urlencode(sent)}")
    assert answer.status_code == 302
    tree = json.loads(parse_qs(urlsplit(answer["Location"]).query)["filter"][0])
    assert tree == {"all": [{"any": [NORTH, SOUTH]}]}
    page = client.get(answer["Location"]).content.decode()
    assert "Region is North or region is South" in page and "Any of these is enough:" in page
    assert "<strong>A</strong>" in page or ">A</a>" in page
    assert client.get(f"/parties/?{urlencode({**sent, 'into': 'any:9'})}").status_code in (400, 422)
