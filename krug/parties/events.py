"""What happens with parties, their requisites and their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.kernel.journal.events import Event
from krug.parties.models import Bank, BankAccount, Consent, Contact, ContactPosition, Party, PartyRole, Requisites


@dataclass(frozen=True, kw_only=True)
class PartyRegistered(Event):
    """A party came into our books."""

    phrase = _("Added to the base")
    icon = "plus"

    party: Party


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(Event):
    """The party was handed over to another employee."""

    phrase = _("Handed over: %(before)s → %(after)s")
    icon = "people"

    party: Party
    before: User | None
    after: User | None


@dataclass(frozen=True, kw_only=True)
class PartyVerified(Event):
    """A person held the requisites against a source and found them right."""

    phrase = _("Requisites confirmed on %(verified_on)s: %(source)s")
    icon = "check-circle"

    party: Party
    verified_on: date
    source: str


@dataclass(frozen=True, kw_only=True)
class VerificationOutdated(Event):
    """The last verification of the requisites is too old to rely on."""

    phrase = _("The requisites are to be confirmed again, last time on %(verified_on)s")
    icon = "warning"

    party: Party
    verified_on: date


@dataclass(frozen=True, kw_only=True)
class PartyLiquidated(Event):
    """The party does not exist any more."""

    phrase = _("Liquidated on %(liquidated_on)s")
    icon = "close"

    party: Party
    liquidated_on: date


@dataclass(frozen=True, kw_only=True)
class PartyRoleGiven(Event):
    """The party became something to us: a customer, a dealer, a supplier."""

    phrase = _("Role assigned")
    icon = "star"

    party: Party
    role: PartyRole


@dataclass(frozen=True, kw_only=True)
class RequisitesAdded(Event):
    """A new version of the requisites is in force from a day on."""

    phrase = _("Requisites %(requisites)s in force from %(valid_from)s")
    icon = "file"

    party: Party
    requisites: Requisites
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class BankAccountAdded(Event):
    """The party told us an account."""

    phrase = _("Account %(account)s added")
    icon = "money"

    party: Party
    account: BankAccount


@dataclass(frozen=True, kw_only=True)
class ContactRegistered(Event):
    """We got to know a person."""

    phrase = _("Contact person added")
    icon = "person"

    contact: Contact


@dataclass(frozen=True, kw_only=True)
class PositionTaken(Event):
    """A person is known to work at a party."""

    phrase = _("%(contact)s works at %(party)s")
    icon = "person"

    contact: Contact
    party: Party
    position: ContactPosition


@dataclass(frozen=True, kw_only=True)
class PositionLeft(Event):
    """A person does not work at a party any more."""

    phrase = _("%(contact)s does not work at %(party)s any more")
    icon = "sign-out"

    contact: Contact
    party: Party
    position: ContactPosition


@dataclass(frozen=True, kw_only=True)
class BankDirectoryLoaded(Event):
    """The directory of banks of a day was taken over."""

    phrase = _("Directory of banks of %(of)s: %(banks)s banks, closed %(closed)s")
    icon = "money"

    bank: Bank
    of: date
    banks: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """Somebody agreed to be contacted, advertised to, or that his data are worked with."""

    phrase = _("A consent was given: %(consent)s")
    icon = "check-circle"

    consent: Consent
    party: Party | None
    contact: Contact | None


@dataclass(frozen=True, kw_only=True)
class ConsentRefused(Event):
    """Somebody refused it, and it is obeyed from now on."""

    phrase = _("A refusal was noted: %(consent)s")
    icon = "close"

    consent: Consent
    party: Party | None
    contact: Contact | None


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """What was agreed to or refused holds no more."""

    phrase = _("Withdrawn: %(consent)s, %(how)s")
    icon = "undo"

    consent: Consent
    party: Party | None
    contact: Contact | None
    how: str
