"""The people of the large base: fifty sellers in ten teams, and somebody who sees everything."""

from __future__ import annotations

from typing import Any

from krug.access.models import Role, Team, User
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.sales.actions.shipped import ensure_shipped_pipeline

SELLERS, TEAMS = 50, 10
DOMAIN = "bench.example"


def hire() -> int:
    """Make the people, once; gives the number of the first seller, the others follow without a gap."""
    ensure_shipped_roles()
    ensure_shipped_pipeline()
    top = Team.objects.create(name="Sales")
    teams = [Team.objects.create(name=f"Team {number}", parent=top) for number in range(1, TEAMS + 1)]
    sellers = User.objects.bulk_create(
        User(email=f"seller{number}@{DOMAIN}", surname=f"Seller{number}", team=teams[number % TEAMS], password="!")
        for number in range(SELLERS)
    )
    chief = User.objects.create(email=f"chief@{DOMAIN}", surname="Chief", team=top, password="!")
    _give("seller", sellers)
    _give("administrator", [chief])
    return first_seller()


def first_seller() -> int:
    """The number of the first seller."""
    return int(User.objects.get(email=f"seller0@{DOMAIN}").pk)


def readers() -> dict[str, User]:
    """Those through whose eyes the screens are measured."""
    return {
        "all": User.objects.get(email=f"chief@{DOMAIN}"),
        "seller": User.objects.get(email=f"seller0@{DOMAIN}"),
    }


def _give(code: str, people: list[User]) -> None:
    role = Role.objects.get(code=code)
    through: Any = User.roles.through
    through.objects.bulk_create(through(user_id=person.pk, role_id=role.pk) for person in people)
