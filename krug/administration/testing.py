"""People, teams and roles for tests and the demo company."""

from __future__ import annotations

from typing import Any

from krug.access.models import Role, Team, User
from krug.administration.actions.people import create_person, setup_actor
from krug.administration.actions.roles import create_role, give_role
from krug.kernel.testing.cast import make_team, make_user


def make_person(email: str = "", *, roles: tuple[str, ...] = (), owner: Any = None, **values: Any) -> User:
    """Somebody who works here, with shipped roles by their codes."""
    person = make_user(email, **values)
    for role in Role.objects.filter(code__in=roles):
        give_role(person, role=role, by=setup_actor())
    return person


def make_own_role(name: str = "Night watch", *, owner: Any = None) -> Role:
    """A role that the company has made itself."""
    return create_role(by=setup_actor(), name_ru=name, name_en=name)


def make_own_team(name: str = "", *, owner: Any = None, **values: Any) -> Team:
    """A team."""
    return make_team(name, **values)


def make_invited(email: str, **values: Any) -> User:
    """Somebody who has no password yet."""
    return create_person(by=setup_actor(), email=email, **values)


SAMPLES = {"user": make_person, "team": make_own_team, "role": make_own_role}
