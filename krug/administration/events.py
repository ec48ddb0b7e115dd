"""What happens with people, their roles and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from krug.access.models import Role, User
from krug.administration.models import Company
from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody may work here from now on."""

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Event):
    """A person was given a link to choose a password."""

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """A person may not come in any more; every session and token ended at once."""

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonActivated(Event):
    """A person may come in again."""

    person: User


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """A person was signed out on every device."""

    person: User


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """A password was replaced; the person's other sessions ended."""

    person: User


@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """A person signs in under another address."""

    person: User


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """A person got a role."""

    person: User
    role: Role


@dataclass(frozen=True, kw_only=True)
class RoleWithdrawn(Event):
    """A role was taken from a person."""

    person: User
    role: Role


@dataclass(frozen=True, kw_only=True)
class GrantsChanged(Event):
    """What a role may see and do was changed."""

    role: Role
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    """A key for programs was made."""

    person: User
    name: str
    prefix: str
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A key for programs was made useless."""

    person: User
    name: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class CompanyDescribed(Event):
    """What the company says of itself was written down or changed."""

    company: Company
    fields: list[str]
