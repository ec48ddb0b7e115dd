"""The people of all tests: Anna sells, Boris sells in another team, Vera leads Anna, Gleb administers."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from krug.access.models import Grant, Reach, Role, Team, User
from krug.kernel.journal.models import JournalEntry

_numbers = count(1)


def make_team(name: str = "", **values: Any) -> Team:
    """A team, with a name of its own."""
    return Team.objects.create(name=name or f"Team {next(_numbers)}", **values)


def make_role(code: str, grants: dict[str, tuple[str, list[str]]]) -> Role:
    """A role with its grants: entity code to reach and verbs."""
    role, _is_new = Role.objects.get_or_create(code=code, defaults={"name_ru": code, "name_en": code})
    for entity, (reach, verbs) in grants.items():
        Grant.objects.update_or_create(role=role, entity=entity, defaults={"reach": reach, "verbs": verbs})
    return role


def make_user(email: str = "", *, role: Role | None = None, **values: Any) -> User:
    """A user who may sign in with the password `krug and nothing else`."""
    user = User(email=email or f"user{next(_numbers)}@example.org", **values)
    user.set_password("krug and nothing else")
    user.save()
    if role is not None:
        user.roles.add(role)
    return user


def seller_role() -> Role:
    """Sees the own team's work and may do what a seller does."""
    return make_role("test-seller", {"*": (Reach.OWN, ["*"])})


def head_role() -> Role:
    """Sees the work of the team and of the teams below."""
    return make_role("test-head", {"*": (Reach.TEAM, ["*"])})


def administrator_role() -> Role:
    """Sees and does everything."""
    return make_role("test-administrator", {"*": (Reach.ALL, ["*"])})


@pytest.fixture
def sales_team(db: Any) -> Team:
    """The team of Anna, led by Vera."""
    return make_team("Sales of the north")


@pytest.fixture
def anna(sales_team: Team) -> User:
    """Anna sells."""
    return make_user(
        "anna@example.org",
        role=seller_role(),
        team=sales_team,
        surname="Соколова",
        given_name="Анна",
        patronymic="Игоревна",
    )


@pytest.fixture
def boris(db: Any) -> User:
    """Boris sells in another team."""
    return make_user(
        "boris@example.org",
        role=seller_role(),
        team=make_team("Sales of the south"),
        surname="Орлов",
        given_name="Борис",
    )


@pytest.fixture
def vera(sales_team: Team) -> User:
    """Vera leads Anna's team."""
    vera = make_user("vera@example.org", role=head_role(), team=sales_team, surname="Лебедева", given_name="Вера")
    sales_team.head = vera
    sales_team.save(update_fields=["head"])
    return vera


@pytest.fixture
def gleb(db: Any) -> User:
    """Gleb administers."""
    return make_user("gleb@example.org", role=administrator_role(), surname="Громов", given_name="Глеб")


@pytest.fixture
def happened(db: Any) -> Any:
    """The names of the events recorded since the test began, in order."""
    last = JournalEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def names() -> list[str]:
        return list(JournalEntry.objects.filter(id__gt=last).order_by("id").values_list("event", flat=True))

    return names
