"""What happens with people, their roles and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.access.models import Role, User
from krug.administration.models import Company, Directory, MailServer, Provider
from krug.kernel.attributes.models import AttributeValue
from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody may work here from now on."""

    phrase: ClassVar[Any] = _("Employee added")
    icon: ClassVar[str] = "person"

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Event):
    """A person was given a link to choose a password."""

    phrase: ClassVar[Any] = _("Given a link to choose a password")
    icon: ClassVar[str] = "mail"

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """A person may not come in any more; every session and token ended at once."""

    phrase: ClassVar[Any] = _("Sign-in blocked")
    icon: ClassVar[str] = "lock"

    person: User


@dataclass(frozen=True, kw_only=True)
class PersonActivated(Event):
    """A person may come in again."""

    phrase: ClassVar[Any] = _("Sign-in allowed again")
    icon: ClassVar[str] = "undo"

    person: User


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """A person was signed out on every device."""

    phrase: ClassVar[Any] = _("Signed out on every device")
    icon: ClassVar[str] = "sign-out"

    person: User


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """A password was replaced; the person's other sessions ended."""

    phrase: ClassVar[Any] = _("Password replaced")
    icon: ClassVar[str] = "lock"

    person: User


@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """A person signs in under another address."""

    phrase: ClassVar[Any] = _("Signs in under another address")
    icon: ClassVar[str] = "mail"

    person: User


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """A person got a role."""

    phrase: ClassVar[Any] = _("Role given: %(role)s")
    icon: ClassVar[str] = "star"

    person: User
    role: Role


@dataclass(frozen=True, kw_only=True)
class RoleWithdrawn(Event):
    """A role was taken from a person."""

    phrase: ClassVar[Any] = _("Role taken away: %(role)s")
    icon: ClassVar[str] = "star"

    person: User
    role: Role


@dataclass(frozen=True, kw_only=True)
class GrantsChanged(Event):
    """What a role may see and do was changed."""

    phrase: ClassVar[Any] = _("Rights of the role changed")
    icon: ClassVar[str] = "lock"

    role: Role
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    """A key for programs was made."""

    phrase: ClassVar[Any] = _("API token created: %(name)s")
    icon: ClassVar[str] = "link"

    person: User
    name: str
    prefix: str
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A key for programs was made useless."""

    phrase: ClassVar[Any] = _("API token revoked: %(name)s")
    icon: ClassVar[str] = "link"

    person: User
    name: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class CompanyDescribed(Event):
    """What the company says of itself was written down or changed."""

    phrase: ClassVar[Any] = _("Company details saved")
    icon: ClassVar[str] = "company"

    company: Company
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class AttributeValueMerged(Event):
    """Two values of a list became one; the records that held the first hold the second."""

    phrase: ClassVar[Any] = _("“%(value)s” merged into “%(into)s”, records: %(count)s")
    icon: ClassVar[str] = "move"

    value: AttributeValue
    into: AttributeValue
    count: int


@dataclass(frozen=True, kw_only=True)
class SecondStepAdded(Event):
    """A person shows a code or a passkey beside the password from now on."""

    phrase: ClassVar[Any] = _("Second step of sign-in added")
    icon: ClassVar[str] = "lock"

    person: User
    what: str


@dataclass(frozen=True, kw_only=True)
class SecondStepRemoved(Event):
    """A person took away one way of showing the second step."""

    phrase: ClassVar[Any] = _("Second step of sign-in removed")
    icon: ClassVar[str] = "lock"

    person: User
    what: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(Event):
    """A person got ten new codes for an emergency; the earlier ones are dead."""

    phrase: ClassVar[Any] = _("New recovery codes made")
    icon: ClassVar[str] = "lock"

    person: User


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(Event):
    """A person came in by a code for an emergency."""

    phrase: ClassVar[Any] = _("Recovery code used, left: %(left)s")
    icon: ClassVar[str] = "lock"

    person: User
    left: int


@dataclass(frozen=True, kw_only=True)
class SecondStepReset(Event):
    """An administrator took every second step of a person away, because it was lost."""

    phrase: ClassVar[Any] = _("Lost second step of sign-in reset")
    icon: ClassVar[str] = "lock"

    person: User


@dataclass(frozen=True, kw_only=True)
class SecondStepDemanded(Event):
    """From which day whoever holds a role must show a second step."""

    phrase: ClassVar[Any] = _("Second step of sign-in required from: %(since)s")
    icon: ClassVar[str] = "lock"

    role: Role
    since: str


@dataclass(frozen=True, kw_only=True)
class MailServerDescribed(Event):
    """Through which server the house sends its letters was written down or changed."""

    phrase: ClassVar[Any] = _("Outgoing mail set up")
    icon: ClassVar[str] = "mail"

    server: MailServer
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class ProviderDescribed(Event):
    """A service that may vouch for our people was written down or changed."""

    phrase: ClassVar[Any] = _("Single sign-on set up")
    icon: ClassVar[str] = "lock"

    provider: Provider
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class IdentityJoined(Event):
    """A person comes in by an account kept elsewhere from now on."""

    phrase: ClassVar[Any] = _("Account connected: %(issuer)s")
    icon: ClassVar[str] = "link"

    person: User
    issuer: str


@dataclass(frozen=True, kw_only=True)
class IdentityParted(Event):
    """An account kept elsewhere opens nothing here any more."""

    phrase: ClassVar[Any] = _("Account disconnected: %(issuer)s")
    icon: ClassVar[str] = "link"

    person: User
    issuer: str


@dataclass(frozen=True, kw_only=True)
class DirectoryDescribed(Event):
    """The directory by which people sign in was written down or changed."""

    phrase: ClassVar[Any] = _("Company directory set up")
    icon: ClassVar[str] = "lock"

    directory: Directory
    fields: list[str]
