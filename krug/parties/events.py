"""What happens with parties, their requisites and their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from krug.access.models import User
from krug.kernel.journal.events import Event
from krug.parties.models import BankAccount, Contact, ContactPosition, Party, PartyRole, Requisites


@dataclass(frozen=True, kw_only=True)
class PartyRegistered(Event):
    """A party came into our books."""

    party: Party


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(Event):
    """The party was handed over to another employee."""

    party: Party
    before: User | None
    after: User | None


@dataclass(frozen=True, kw_only=True)
class PartyVerified(Event):
    """A person held the requisites against a source and found them right."""

    party: Party
    verified_on: date
    source: str


@dataclass(frozen=True, kw_only=True)
class VerificationOutdated(Event):
    """The last verification of the requisites is too old to rely on."""

    party: Party
    verified_on: date


@dataclass(frozen=True, kw_only=True)
class PartyLiquidated(Event):
    """The party does not exist any more."""

    party: Party
    liquidated_on: date


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """The party became something to us: a customer, a dealer, a supplier."""

    party: Party
    role: PartyRole


@dataclass(frozen=True, kw_only=True)
class RequisitesAdded(Event):
    """A new version of the requisites is in force from a day on."""

    party: Party
    requisites: Requisites
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class BankAccountAdded(Event):
    """The party told us an account."""

    party: Party
    account: BankAccount


@dataclass(frozen=True, kw_only=True)
class ContactRegistered(Event):
    """We got to know a person."""

    contact: Contact


@dataclass(frozen=True, kw_only=True)
class PositionTaken(Event):
    """A person is known to work at a party."""

    contact: Contact
    party: Party
    position: ContactPosition


@dataclass(frozen=True, kw_only=True)
class PositionLeft(Event):
    """A person does not work at a party any more."""

    contact: Contact
    party: Party
    position: ContactPosition
