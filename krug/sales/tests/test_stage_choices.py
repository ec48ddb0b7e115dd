"""A stage stands in several editions of a pipeline; people filter by its name, programs by its number."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from krug.kernel.errors import BadRequest
from krug.kernel.listing.bulk import reading_for
from krug.kernel.listing.chips import describe
from krug.kernel.listing.filters import compile
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.kernel.tokens import issue
from krug.sales.actions.pipelines import activate_version, new_version
from krug.sales.models import Deal, Stage
from krug.sales.testing import make_deal, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions(anna) -> tuple[Deal, Deal]:
    """A deal in the first edition, and another in the second; both stand in “Stage 1”."""
    first = make_version(by=anna)
    older = make_deal(owner=anna, pipeline=first.pipeline)
    activate_version(new_version(first.pipeline, by=anna), by=anna)
    return older, make_deal(owner=anna, pipeline=first.pipeline)


def found(user, *values) -> set[int]:
    tree = {"field": "stage", "operator": "in", "value": list(values)}
    return set(rows_matching(get_entity("deal"), ListState(tree=tree), reading_for(user)).values_list("pk", flat=True))


def test_the_filter_form_offers_each_stage_once(editions, anna, client):
    client.force_login(anna)
    page = client.get("/deals/?add=stage").content.decode()
    assert page.count("<span>Этап 1</span>") == 1
    assert Stage.objects.filter(name_ru="Этап 1").count() == 2
    newest = Stage.objects.filter(name_ru="Этап 1").latest("pk")
    assert f'value="like:{newest.pk}"' in page


def test_a_stage_chosen_by_name_finds_the_deals_of_all_editions_and_is_told_once(editions, anna, client):
    older, newer = editions
    assert older.stage_id != newer.stage_id
    assert found(anna, f"like:{newer.stage_id}") == {older.pk, newer.pk}
    assert found(anna, f"like:{older.stage_id}") == {older.pk, newer.pk}
    client.force_login(anna)
    sent = urlencode({"add": "stage", "operator": "in", "value": f"like:{newer.stage_id}"})
    answer = client.get(f"/deals/?{sent}", follow=True)
    assert answer.status_code == 200
    assert (answer.content.decode().count(older.name), answer.content.decode().count(newer.name)) >= (1, 1)
    tree = {"field": "stage", "operator": "in", "value": [f"like:{newer.stage_id}", older.stage_id]}
    assert [chip.value for chip in describe(get_entity("deal"), tree, reading_for(anna))] == ["Этап 1"]


def test_a_stage_named_by_its_number_is_that_one_alone(editions, anna, client):
    older, newer = editions
    assert found(anna, older.stage_id) == {older.pk}
    said = json.dumps({"field": "stage", "operator": "eq", "value": newer.stage_id})
    head = {"Authorization": f"Bearer {issue(anna).text}"}
    answer = client.get("/api/v1/deals/", {"filter": said}, headers=head).json()
    assert [row["id"] for row in answer["results"]] == [newer.pk]


@pytest.mark.parametrize("wrong", ["like:", "like:0", "like:999999999", "like:like:1", "like:x"])
def test_a_stage_that_is_not_there_is_refused(editions, anna, wrong):
    with pytest.raises(BadRequest):
        compile(get_entity("deal"), {"field": "stage", "operator": "in", "value": [wrong]}, reading_for(anna))
