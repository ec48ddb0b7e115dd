"""The filter language: what it finds, what it refuses, and how it is told in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation

from krug.access.models import Reach, User
from krug.kernel.errors import BadRequest
from krug.kernel.fields import ReferenceField
from krug.kernel.listing.chips import describe
from krug.kernel.listing.filters import Condition, compile, mentions, read_tree, with_condition
from krug.kernel.listing.groups import without_condition
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.testing.cast import make_role, make_team, make_user
from krug.kernel.tests.listing_cast import CREW, HUMAN, listed, reading_for  # noqa: F401  (fixtures are found by name)


@pytest.fixture(autouse=True)
def in_english() -> Any:
    """Words are compared in English, whatever another test left behind."""
    with translation.override("en"):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("listed")]


def surnames(tree: Any, user: User) -> list[str]:
    found = rows_matching(HUMAN, ListState(tree=tree), reading_for(user)).filter(is_system=False)
    return sorted(found.exclude(pk=user.pk).values_list("surname", flat=True))


def refusal(tree: Any, user: User) -> BadRequest:
    with pytest.raises(BadRequest) as no:
        compile(HUMAN, tree, reading_for(user))
    assert no.value.status == 400
    return no.value


@pytest.fixture
def crowd(gleb: User) -> User:
    north, south = make_team("North", office="Tver"), make_team("South", office="Sochi")
    make_user(surname="Иванова", position="Head of sales", team=north, theme="dark")
    make_user(surname="Петров", position="Seller 100%", team=south, theme="light")
    make_user(surname="Ёлкин", position="", team=None, theme="light")
    return gleb


def test_one_condition_needs_no_group(crowd: User) -> None:
    assert surnames({"field": "theme", "op": "eq", "value": "light"}, crowd) == ["Ёлкин", "Петров"]


def test_all_any_and_not_join_conditions(crowd: User) -> None:
    dark = {"field": "theme", "operator": "eq", "value": "dark"}
    seller = {"field": "position", "operator": "contains", "value": "SELLER"}
    assert surnames({"any": [dark, seller]}, crowd) == ["Иванова", "Петров"]
    assert surnames({"all": [dark, seller]}, crowd) == []
    assert surnames({"all": [{"not": dark}, {"field": "position", "operator": "not_empty"}]}, crowd) == ["Петров"]


def test_a_group_of_nothing_says_what_logic_says(crowd: User) -> None:
    assert len(surnames({"all": []}, crowd)) == 3
    assert surnames({"any": []}, crowd) == []
    assert len(surnames(None, crowd)) == len(surnames("", crowd)) == 3


def test_signs_of_patterns_are_ordinary_letters(crowd: User) -> None:
    assert surnames({"field": "position", "operator": "contains", "value": "100%"}, crowd) == ["Петров"]
    assert surnames({"field": "position", "operator": "contains", "value": "_"}, crowd) == []
    assert surnames({"field": "surname", "operator": "starts", "value": "ив"}, crowd) == ["Иванова"]


def test_a_filter_follows_links(crowd: User) -> None:
    assert surnames({"field": "team__office", "operator": "eq", "value": "Tver"}, crowd) == ["Иванова"]
    assert surnames({"field": "team", "operator": "empty"}, crowd) == ["Ёлкин"]


def test_relative_dates_move_with_the_day(crowd: User) -> None:
    User.objects.filter(surname="Петров").update(created_at="2026-11-15T10:00:00+03:00")
    User.objects.exclude(surname="Петров").update(created_at="2026-10-01T10:00:00+03:00")
    week = {"field": "created_at", "operator": "gte", "value": "today-7d"}
    assert surnames(week, crowd) == ["Петров"]
    assert surnames({"not": week}, crowd) == ["Ёлкин", "Иванова"]
    upto = {"field": "created_at", "operator": "lte", "value": "15.11.2026"}
    assert "Петров" in surnames(upto, crowd), "the day itself belongs to “not later than”"


def test_me_is_whoever_reads(anna: User, gleb: User) -> None:
    field = ReferenceField(name="head", label="head", model=User)
    assert field.condition("eq", "me", reading_for(anna)) == field.condition("eq", str(anna.pk), reading_for(gleb))


@pytest.mark.parametrize(
    ("tree", "field"),
    [
        ({"field": "password", "operator": "eq", "value": "x"}, "password"),
        ({"field": "team__members", "operator": "eq", "value": 1}, "members"),
        ({"field": "team__head__password", "operator": "eq", "value": 1}, "password"),
        ({"field": "surname__regex", "operator": "eq", "value": "("}, "surname__regex"),
        ({"field": "surname", "operator": "regex", "value": "("}, "surname"),
        ({"field": "theme", "operator": "eq", "value": "pink"}, "theme"),
        ({"field": "created_at", "operator": "gt", "value": "31.02.2026"}, "created_at"),
        ({"field": "surname", "operator": "in", "value": "one"}, "surname"),
        ({"field": "surname", "operator": "contains", "value": "\x00"}, "surname"),
        ({"field": "surname", "operator": "eq", "value": "a", "sql": "1"}, "surname"),
        ({"field": "team", "operator": "eq", "value": 999_999_999}, "team"),
        ({"field": "team", "operator": "in", "value": [999_999_999, "1; drop"]}, "team"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_its_name(tree: Any, field: str, crowd: User) -> None:
    assert refusal(tree, crowd).field == field


@pytest.mark.parametrize(
    "tree",
    [
        "{",
        "[" * 3000,
        "17",
        '"word"',
        '{"all": 1}',
        '{"not": [1]}',
        '{"all": [], "any": []}',
        '{"field": 1, "operator": "eq"}',
        '{"field": "surname", "operator": "eq", "value": NaN}',
        json.dumps({"all": [{"field": "surname", "operator": "eq", "value": "x"}] * 101}),
        json.dumps({"field": "surname", "operator": "eq", "value": "x" * 17_000}),
        '{"not":' * 8 + '{"field": "surname", "operator": "empty"}' + "}" * 8,
    ],
)
def test_what_is_not_a_filter_or_too_large_is_refused_in_words(tree: str, crowd: User) -> None:
    assert str(refusal(tree, crowd)).endswith(".")


def test_seven_levels_are_not_too_deep(crowd: User) -> None:
    compile(HUMAN, '{"not":' * 7 + '{"field": "surname", "operator": "empty"}' + "}" * 7, reading_for(crowd))


def test_a_filter_can_not_guess_what_lies_behind_a_hidden_record(crowd: User) -> None:
    role = make_role("looker", {"human": (Reach.ALL, []), "crew": (Reach.OWN, [])})
    looker = make_user(surname="Смотрящий", role=role, team=make_team("East", office="Omsk"))
    mate = make_user(surname="Соседова", team=looker.team)
    assert surnames({"field": "team__office", "operator": "eq", "value": "Omsk"}, looker) == [mate.surname]
    assert surnames({"field": "team__office", "operator": "starts", "value": "Tv"}, looker) == []
    assert surnames({"field": "team__office", "operator": "ne", "value": "Omsk"}, looker) == ["Ёлкин", "Громов"]
    assert refusal(
        {"field": "team", "operator": "eq", "value": HUMAN.model.objects.get(surname="Иванова").team_id}, looker
    )


def test_a_type_out_of_reach_can_not_be_asked_about(crowd: User) -> None:
    blind = make_user(role=make_role("blind", {"human": (Reach.ALL, []), "crew": (Reach.NONE, [])}))
    no = refusal({"field": "team__office", "operator": "eq", "value": "Tver"}, blind)
    assert (no.code, no.field) == ("FIELD_OUT_OF_REACH", "team__office")


def test_a_list_of_links_is_looked_up_at_once(crowd: User, django_assert_max_num_queries: Any) -> None:
    teams = [make_team(office="x").pk for _number in range(20)]
    reading = reading_for(crowd)
    compile(HUMAN, {"field": "team", "operator": "in", "value": teams[:1]}, reading)
    with django_assert_max_num_queries(1):
        compile(HUMAN, {"field": "team", "operator": "in", "value": teams}, reading)


def test_chips_say_the_filter_in_words(crowd: User) -> None:
    team = CREW.model.objects.get(name="North")
    tree = {
        "all": [
            {"field": "team", "operator": "eq", "value": team.pk},
            {"field": "created_at", "operator": "gte", "value": "today-7d"},
            {
                "any": [
                    {"field": "theme", "operator": "in", "value": ["dark", "light"]},
                    {"not": {"field": "surname", "operator": "empty"}},
                ]
            },
        ]
    }
    assert [chip.text for chip in describe(HUMAN, tree, reading_for(crowd))] == [
        "team is North",
        "created not earlier than 7 d. ago",
        "Theme is one of Dark, Light or not: surname is empty",
    ]


def test_conditions_are_added_and_dropped_by_place() -> None:
    one = with_condition(None, Condition("surname", "empty"))
    two = with_condition(one, Condition("theme", "eq", "dark"))
    assert two == {
        "all": [{"field": "surname", "operator": "empty"}, {"field": "theme", "operator": "eq", "value": "dark"}]
    }
    assert without_condition(two, 0) == {"all": [{"field": "theme", "operator": "eq", "value": "dark"}]}
    assert without_condition(one, 0) is None
    assert mentions(two, "theme") and not mentions(two, "team")
    assert read_tree(two).to_json() == two
