"""Counts and sums by any field: the same figures for the page, the API and the board."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from krug.access.models import Reach, User
from krug.kernel.entity import Board
from krug.kernel.errors import BadRequest
from krug.kernel.listing.state import ListState
from krug.kernel.listing.totals import Total, totals
from krug.kernel.testing.cast import make_role, make_team, make_user
from krug.kernel.tests.listing_cast import HUMAN, listed, reading_for  # noqa: F401  (fixtures are found by name)
from krug.kernel.visibility import rights_of
from krug.lists.rules.boards import Look, board_state, read_columns


@pytest.fixture(autouse=True)
def in_english() -> Any:
    """Words are compared in English, whatever another test left behind."""
    with translation.override("en"):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("listed")]
STAFF = ListState(tree={"field": "position", "operator": "eq", "value": "staff"})


@pytest.fixture
def staff(gleb: User) -> User:
    north, south = make_team("North", office="Tver"), make_team("South", office="Sochi")
    for number in range(6):
        make_user(
            position="staff",
            team=(north, south, None)[number // 2 - (number == 5)],
            theme="dark" if number < 4 else "light",
        )
    return gleb


def test_records_are_counted_by_a_choice_with_its_label(staff: User) -> None:
    found = totals(HUMAN, reading_for(staff), by="theme", state=STAFF)
    assert found == [Total("dark", "Dark", 4), Total("light", "Light", 2)]
    assert found[0].to_json() == {"value": "dark", "label": "Dark", "count": 4}


def test_records_are_counted_by_a_link_and_those_without_come_last(staff: User) -> None:
    found = totals(HUMAN, reading_for(staff), by="team", state=STAFF)
    assert [(total.label, total.count) for total in found] == [("South", 3), ("North", 2), ("No value", 1)]


def test_records_are_counted_by_a_field_of_a_link(staff: User) -> None:
    found = totals(HUMAN, reading_for(staff), by="team__office", state=STAFF)
    assert [(total.value, total.count) for total in found] == [("Sochi", 3), ("Tver", 2), (None, 1)]


def test_a_group_behind_a_hidden_record_has_no_name(staff: User) -> None:
    looker = make_user(role=make_role("looker", {"human": (Reach.ALL, []), "crew": (Reach.OWN, [])}))
    found = totals(HUMAN, reading_for(looker), by="team__office", state=STAFF)
    assert [(total.value, total.label, total.count) for total in found] == [(None, "No value", 6)]


def test_a_number_is_summed(staff: User) -> None:
    found = totals(HUMAN, reading_for(staff), by="theme", sum="id", state=STAFF)
    ids = list(User.objects.filter(position="staff", theme="light").values_list("pk", flat=True))
    assert found[1].sum == sum(ids)
    assert found[1].to_json()["sum"] == str(sum(ids))


@pytest.mark.parametrize(
    ("by", "summed"), [("password", ""), ("theme", "surname"), ("theme", "password"), ("nothing", "")]
)
def test_what_can_not_be_grouped_or_summed_is_refused(by: str, summed: str, staff: User) -> None:
    with pytest.raises(BadRequest):
        totals(HUMAN, reading_for(staff), by=by, sum=summed)


def test_a_board_whose_columns_are_counted_reads_all_cards_in_one_statement(
    staff: User, django_assert_num_queries: Any
) -> None:
    board, reading = HUMAN.views[0], reading_for(staff)
    look = Look(HUMAN, board, STAFF, reading)
    columns = look.layout.columns
    assert [column.label for column in columns] == ["As on the device", "Light", "Dark"]
    rights_of(staff)
    with django_assert_num_queries(1):
        found, _marks = read_columns(look, columns)
    assert [(facts.count, len(facts.ids), facts.has_more) for facts in found] == [
        (0, 0, False),
        (2, 2, False),
        (4, 4, False),
    ]
    newest = list(User.objects.filter(theme="dark").order_by("-id").values_list("pk", flat=True))
    assert list(found[2].ids) == newest


def test_a_board_shows_what_is_in_work_until_the_user_says_otherwise(staff: User) -> None:
    working = replace(HUMAN, in_work={"field": "is_active", "operator": "eq", "value": True})
    assert board_state(working, HUMAN.views[0], STAFF).tree == {"all": [working.in_work, STAFF.tree]}
    asked = ListState(tree={"field": "is_active", "operator": "eq", "value": False})
    assert board_state(working, HUMAN.views[0], asked) == asked
    assert board_state(working, Board(by="is_active"), STAFF) == STAFF
