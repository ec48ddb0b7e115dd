"""Tables of parties: whom we deal with, their requisites, people, addresses and means of contact."""

from krug.parties.models.addresses import Address
from krug.parties.models.consents import Consent
from krug.parties.models.contacts import Contact, ContactPoint, ContactPosition
from krug.parties.models.parties import ContactSource, Industry, Party, PartyRelation, PartyRole
from krug.parties.models.rates import TaxRate
from krug.parties.models.requisites import Bank, BankAccount, Requisites
from krug.parties.models.territories import Territory, TerritoryHolder

__all__ = [
    "Address",
    "Bank",
    "BankAccount",
    "Consent",
    "Contact",
    "ContactPoint",
    "ContactPosition",
    "ContactSource",
    "Industry",
    "Party",
    "PartyRelation",
    "PartyRole",
    "Requisites",
    "TaxRate",
    "Territory",
    "TerritoryHolder",
]
