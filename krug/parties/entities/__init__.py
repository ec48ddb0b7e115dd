"""The entity types of parties."""

from krug.administration.actions.shipped_roles import ship
from krug.kernel.registry import register
from krug.parties.entities import intakes  # noqa: F401  # puts the intakes on the list
from krug.parties.entities.consents import CONSENT
from krug.parties.entities.contacts import CONTACT, CONTACT_POINT, CONTACT_POSITION
from krug.parties.entities.parties import CONTACT_SOURCE, INDUSTRY, PARTY, PARTY_RELATION, PARTY_ROLE
from krug.parties.entities.rates import TAX_RATE
from krug.parties.entities.requisites import ADDRESS, BANK, BANK_ACCOUNT, REQUISITES
from krug.parties.entities.roles import PARTIES, SEEN
from krug.parties.entities.territories import TERRITORY, TERRITORY_HOLDER

register(PARTY, CONTACT, REQUISITES, BANK_ACCOUNT, BANK, ADDRESS, CONTACT_POINT, CONTACT_POSITION)
register(CONSENT, TAX_RATE, TERRITORY, TERRITORY_HOLDER)
register(PARTY_ROLE, PARTY_RELATION, INDUSTRY, CONTACT_SOURCE)
ship(PARTIES, SEEN)
