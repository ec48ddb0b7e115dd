"""People, teams and roles for tests and the demo company."""

from __future__ import annotations

from itertools import count
from typing import Any

from krug.access.models import Role, Team, User
from krug.administration.actions.attribute_values import add_value, add_values
from krug.administration.actions.attributes import add_attribute
from krug.administration.actions.outgoing import open_host
from krug.administration.actions.people import create_person, setup_actor
from krug.administration.actions.roles import create_role, give_role
from krug.administration.models import OpenedHost
from krug.kernel.attributes.models import Attribute, AttributeValue
from krug.kernel.testing.cast import make_team, make_user

_numbers = count(1)
WORDS = ("Height", "Colour", "Weight", "Storeys", "Region", "Motive", "Habit")


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


def make_attribute(
    name: str = "", *, entity: str = "party", kind: str = "text", by: Any = None, **given: Any
) -> Attribute:
    """A field that the company added, with its details and the values of its list."""
    values, details = given.pop("values", ()), given.pop("details", {})
    number = next(_numbers)
    actor = by or setup_actor()
    made = add_attribute(
        by=actor,
        entity=entity,
        kind=kind,
        name_en=name or WORDS[number % len(WORDS)] + f" {number}",
        details=details,
        **given,
    )
    add_values(made, values, by=actor, language="en")
    return made


def make_value(name: str = "", *, attribute: Attribute | None = None, by: Any = None, **given: Any) -> AttributeValue:
    """A value of a list."""
    attribute = attribute or make_attribute(kind="choice")
    return add_value(by=by or setup_actor(), attribute=attribute, name_en=name or f"Value {next(_numbers)}", **given)


def make_opened_host(host: str = "", *, by: Any = None, **given: Any) -> OpenedHost:
    """A host of the inner network that adapters may connect to."""
    return open_host(by=by or setup_actor(), host=host or f"erp{next(_numbers)}.local", **given)


SAMPLES = {
    "opened-host": make_opened_host,
    "attribute": make_attribute,
    "attribute-value": make_value,
    "user": make_person,
    "team": make_own_team,
    "role": make_own_role,
}
