"""Addresses of parties: ready-made screens, and the dossier and the search for duplicates that are ours."""

from django.urls import path

from krug.administration.reasons import tell_further
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import door
from krug.kernel.screens.searching import begin_with, offer_when_nothing_is_found
from krug.kernel.screens.urls import entity_urls
from krug.parties.entities.consents import CONSENT
from krug.parties.entities.contacts import CONTACT, CONTACT_POINT, CONTACT_POSITION
from krug.parties.entities.parties import PARTY, PARTY_RELATION, PARTY_ROLE
from krug.parties.entities.rates import TAX_RATE
from krug.parties.entities.requisites import ADDRESS, BANK, BANK_ACCOUNT, REQUISITES
from krug.parties.entities.territories import TERRITORY, TERRITORY_HOLDER
from krug.parties.screens.calling import calls_to
from krug.parties.screens.dossier import party_dossier
from krug.parties.screens.duplicates import duplicates
from krug.parties.screens.quick import customer_called, quick_party
from krug.parties.screens.territories import by_territory

offer_when_nothing_is_found(customer_called)
begin_with(calls_to)
tell_further(by_territory)

urlpatterns = [
    path("parties/duplicates/", door("party.view")(duplicates), name="party-duplicates"),
    path("parties/quick/", door("party.create")(quick_party), name="party-quick"),
    *entity_urls(PARTY, record=party_dossier),
    *entity_urls(CONTACT),
    *entity_urls(CONTACT_POSITION),
    *entity_urls(CONTACT_POINT),
    *entity_urls(CONSENT),
    *entity_urls(REQUISITES),
    *entity_urls(BANK_ACCOUNT),
    *entity_urls(BANK),
    *entity_urls(ADDRESS),
    *entity_urls(TAX_RATE),
    *entity_urls(PARTY_ROLE),
    *entity_urls(PARTY_RELATION),
    *entity_urls(TERRITORY),
    *entity_urls(TERRITORY_HOLDER),
    *entity_urls(get_entity("industry")),
    *entity_urls(get_entity("contact-source")),
]
