"""Pages by key: every row once, in both directions, whatever the column and however many blanks it has."""

from __future__ import annotations

import base64
import json
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.access.models import Team, User
from krug.kernel.errors import BadRequest
from krug.kernel.listing.query import Found, count_up_to, estimate, read_page, rows_matching
from krug.kernel.listing.state import ListState, list_url, read_state
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import make_team
from krug.kernel.tests.listing_cast import CREW, HUMAN, listed, reading_for  # noqa: F401  (fixtures are found by name)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("listed")]


@pytest.fixture
def rows(gleb: User) -> User:
    """Twenty-three people: surnames repeat, every third has no team."""
    teams = [make_team(f"Team {letter}") for letter in "BACD"]
    User.objects.bulk_create(
        User(
            email=f"row{number}@example.org",
            surname=f"Name {number % 4}",
            position="row",
            team=None if number % 3 == 0 else teams[number % 4],
        )
        for number in range(23)
    )
    return gleb


ONLY_ROWS = {"field": "position", "operator": "eq", "value": "row"}


def walk(state: ListState, user: User, *, by: str) -> list[list[int]]:
    pages, place = [], ""
    while True:
        page = read_page(HUMAN, state.changed(**{by: place}) if place else state, reading_for(user))
        pages.append([row["id"] for row in page.rows])
        place = page.next if by == "after" else page.previous
        if not place:
            return pages


@pytest.mark.parametrize(
    "sort", ["surname", "-surname", "team", "-team", "created_at", "-created_at", "id", "-id", "is_active"]
)
def test_walking_forward_and_back_meets_every_row_once_and_in_order(sort: str, rows: User) -> None:
    state = ListState(tree=ONLY_ROWS, sort=sort, limit=5)
    whole = [
        row["id"] for row in read_page(HUMAN, ListState(tree=ONLY_ROWS, sort=sort, limit=200), reading_for(rows)).rows
    ]
    assert len(whole) == len(set(whole)) == 23
    forward = walk(state, rows, by="after")
    assert [len(page) for page in forward] == [5, 5, 5, 5, 3]
    assert list(chain.from_iterable(forward)) == whole
    last = read_page(HUMAN, state.changed(after=read_page_at(state, rows, 3).next), reading_for(rows))
    back = walk(state.changed(before=last.previous), rows, by="before")
    assert list(chain.from_iterable(reversed(back))) == whole[:20]


def read_page_at(state: ListState, user: User, number: int) -> Any:
    page = read_page(HUMAN, state, reading_for(user))
    for _step in range(number):
        page = read_page(HUMAN, state.changed(after=page.next), reading_for(user))
    return page


@pytest.mark.parametrize("sort", ["team", "-team"])
def test_blanks_come_last_in_both_directions(sort: str, rows: User) -> None:
    found = read_page(HUMAN, ListState(tree=ONLY_ROWS, sort=sort, limit=200), reading_for(rows)).rows
    names = [row["team__name"] for row in found]
    filled = [name for name in names if name is not None]
    assert names == filled + [None] * 8
    assert filled == sorted(filled, reverse=sort.startswith("-"))


def test_a_row_added_before_the_page_moves_nothing(rows: User) -> None:
    state = ListState(tree=ONLY_ROWS, sort="surname", limit=5)
    first = read_page(HUMAN, state, reading_for(rows))
    second = read_page(HUMAN, state.changed(after=first.next), reading_for(rows))
    User.objects.create(email="new@example.org", surname="AAA", position="row")
    assert read_page(HUMAN, state.changed(after=first.next), reading_for(rows)).rows == second.rows


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "a" * 3000,
        cursor("surname", "a", -1),
        cursor("surname", "a", 2**63),
        cursor("surname", "a", True),
        cursor("surname", {"a": 1}, 1),
        cursor("surname", "\x00", 1),
        cursor("-surname", "a", 1),
        cursor("password", "a", 1),
        cursor("surname", "a"),
    ],
)
def test_a_place_that_is_not_ours_is_refused(place: str, rows: User) -> None:
    for way in ("after", "before"):
        with pytest.raises(BadRequest) as no:
            read_page(HUMAN, ListState(sort="surname", **{way: place}), reading_for(rows))
        assert no.value.code == "CURSOR"


def test_a_date_in_a_cursor_must_be_a_date(rows: User) -> None:
    with pytest.raises(BadRequest):
        read_page(HUMAN, ListState(sort="created_at", after=cursor("created_at", "yesterday", 1)), reading_for(rows))


def test_one_row_costs_as_many_queries_as_twenty(rows: User) -> None:
    counts = []
    for surname in ("Name 1", "Name"):
        state = ListState(tree={"field": "surname", "operator": "starts", "value": surname}, sort="team")
        reading = reading_for(rows)
        rows_matching(HUMAN, state, reading)
        with CaptureQueriesContext(connection) as caught:
            read_page(HUMAN, state, reading)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 2


def test_words_are_found_in_any_searched_text_and_all_must_be_there(rows: User) -> None:
    index_records(HUMAN, list(User.objects.values_list("pk", flat=True)))

    def found(words: str) -> int:
        return rows_matching(HUMAN, ListState(q=words), reading_for(rows)).count()

    assert found("name 1") == 6
    assert found("NAME team") == 15, "one word in the surname, the other in the name of the team"
    assert found("na") == 23, "few letters are looked for where a word begins"
    assert found("am") == 0
    assert found("%") == found("name zzz") == 0


def test_what_is_put_away_appears_only_when_asked_for(rows: User) -> None:
    Team.objects.filter(name="Team A").update(is_archived=True)
    asked = {"field": "is_archived", "operator": "eq", "value": True}
    assert "Team A" not in {row["name"] for row in read_page(CREW, ListState(), reading_for(rows)).rows}
    assert [row["name"] for row in read_page(CREW, ListState(tree=asked), reading_for(rows)).rows] == ["Team A"]


def test_few_rows_are_counted_and_many_are_estimated(rows: User) -> None:
    some = rows_matching(HUMAN, ListState(tree=ONLY_ROWS), reading_for(rows))
    assert estimate(some) == Found(23, True)
    assert count_up_to(some, 10).is_exact is False
    assert count_up_to(some, 10).count >= 10


def test_an_address_and_a_state_say_the_same() -> None:
    tree = {"all": [{"field": "surname", "operator": "contains", "value": "я & б"}]}
    state = ListState(view="board", tree=tree, sort="-created_at", columns=("surname", "theme"), limit=100, q="ёлка")
    from django.http import QueryDict

    said = list_url(HUMAN, state)
    assert said.startswith("/humans/?")
    assert read_state(HUMAN, QueryDict(said.partition("?")[2])) == state
    assert list_url(HUMAN) == "/humans/"


def test_a_change_of_filter_returns_to_the_first_page() -> None:
    state = ListState(after="x", open="7", sort="surname")
    assert state.changed(q="a").after == ""
    assert state.changed(open="").after == "x"


def test_a_saved_view_speaks_unless_the_address_does() -> None:
    kept = {"sort": "surname", "filter": '{"all":[{"field":"theme","operator":"eq","value":"dark"}]}', "limit": "100"}
    assert read_state(HUMAN, {"saved": "3"}, kept).query() == "saved=3"
    state = read_state(HUMAN, {"saved": "3", "sort": "-surname", "filter": ""}, kept)
    assert (state.sort, state.tree, state.limit) == ("-surname", None, 100)
    assert state.query() == "filter=&sort=-surname&saved=3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "password"),
        ("columns", "surname,password"),
        ("limit", "201"),
        ("limit", "many"),
        ("view", "globe"),
        ("sort", "team__x"),
    ],
)
def test_what_an_address_may_not_ask_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        read_state(HUMAN, {name: value})
