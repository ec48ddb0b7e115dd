"""The next step of a deal in lists, files and answers, and the mark where there is none."""

from __future__ import annotations

import json
from datetime import date

import pytest

from krug.activities.testing import make_task
from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


def test_the_list_shows_the_nearest_step_and_marks_open_deals_without_one(anna, client):
    planned, bare = make_deal(owner=anna, name="Planned"), make_deal(owner=anna, name="Bare")
    make_task("Later", owner=anna, about=planned, due_on=date(2027, 3, 2))
    make_task("Sooner", owner=anna, about=planned, due_on=date(2027, 3, 1))
    make_deal(owner=anna, name="Resting", state="suspended", suspended_until=date(2027, 5, 1))
    client.force_login(anna)
    text = client.get("/deals/").content.decode()
    assert "01.03.2027 Sooner" in text
    assert text.count('class="card-stepless"') == 1
    assert text.index("Bare") < text.index('class="card-stepless"')
    assert bare.pk


@pytest.mark.parametrize(("operator", "found"), [("empty", ["Bare"]), ("not_empty", ["Planned"])])
def test_deals_are_filtered_by_whether_a_step_stands(anna, operator, found):
    make_task("Call", owner=anna, about=make_deal(owner=anna, name="Planned"))
    make_deal(owner=anna, name="Bare")
    tree = {"field": "next_step", "operator": operator}
    rows = rows_matching(get_entity("deal"), ListState(tree=tree), Reading(anna, date(2026, 11, 22), "en"))
    assert list(rows.values_list("name", flat=True)) == found


def test_a_colleagues_step_that_one_may_not_read_is_no_missing_step(anna, boris, client):
    make_task("Secret", owner=boris, by=boris, about=make_deal(owner=anna, name="Shared"))
    client.force_login(anna)
    text = client.get("/deals/", {"filter": json.dumps({"field": "name", "operator": "eq", "value": "Shared"})})
    assert "card-stepless" not in text.content.decode()
    assert "Secret" not in text.content.decode()
