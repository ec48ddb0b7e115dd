"""Two entity types over the tables that every test has: the list machinery is proved on people and their teams."""

from __future__ import annotations

from typing import Any

import pytest

from krug.access.models import Team, User
from krug.kernel import registry
from krug.kernel.entity import Board, CalendarView, Entity, Section
from krug.kernel.fields import Reading
from krug.kernel.visibility import rights_of


def _teams(user: User) -> list[int]:
    """The own team and the teams below it."""
    found, below = [], [user.team_id] if user.team_id else []
    while below:
        found += below
        below = list(Team.objects.filter(parent__in=below).values_list("pk", flat=True))
    return found


def people_seen(rows: Any, user: User) -> Any:
    """Everybody for those who see all, otherwise the own team."""
    reach = rights_of(user).reach("human").value
    if reach == "none":
        return rows.none()
    return rows if reach == "all" else rows.filter(team__in=_teams(user))


def teams_seen(rows: Any, user: User) -> Any:
    """All teams for those who see all, otherwise the own ones."""
    reach = rights_of(user).reach("crew").value
    if reach == "none":
        return rows.none()
    return rows if reach == "all" else rows.filter(pk__in=_teams(user))


CREW = Entity(
    code="crew",
    model=Team,
    label="team",
    plural="teams",
    visible=teams_seen,
    columns=("name", "office"),
    form=(Section("Team", "name", "office", "parent", "head"),),
)
HUMAN = Entity(
    code="human",
    model=User,
    label="person",
    plural="people",
    visible=people_seen,
    columns=("surname", "team", "position", "theme", "created_at"),
    filters=("surname", "team", "theme", "created_at", "team__office"),
    form=(Section("Person", "surname", "given_name", "position", "team", "theme", "timezone"),),
    protected=("is_active", "is_system"),
    hidden=("password",),
    search={"surname": "A", "position": "B", "team__name": "B"},
    title="surname",
    owner="",
    views=(Board(by="theme"), CalendarView(by="created_at")),
)


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """People and teams as entity types, for one test."""
    for entity in (CREW, HUMAN):
        monkeypatch.setitem(registry._entities, entity.code, entity)
        monkeypatch.setitem(registry._by_model, entity.model, entity)


def reading_for(user: User, language: str = "en") -> Reading:
    """What that user reads on the day of the tests."""
    from datetime import date

    return Reading(user=user, today=date(2026, 11, 21), language=language)
