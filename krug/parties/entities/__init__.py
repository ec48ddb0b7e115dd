"""The entity types of parties."""

from krug.kernel.registry import register
from krug.parties.entities.contacts import CONTACT, CONTACT_POINT, CONTACT_POSITION
from krug.parties.entities.parties import CONTACT_SOURCE, INDUSTRY, PARTY, PARTY_RELATION, PARTY_ROLE
from krug.parties.entities.requisites import ADDRESS, BANK, BANK_ACCOUNT, REQUISITES

register(PARTY, CONTACT, REQUISITES, BANK_ACCOUNT, BANK, ADDRESS, CONTACT_POINT, CONTACT_POSITION)
register(PARTY_ROLE, PARTY_RELATION, INDUSTRY, CONTACT_SOURCE)
