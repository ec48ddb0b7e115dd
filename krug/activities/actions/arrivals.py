"""Contacts with customers as another program kept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.events import InteractionLogged
from krug.activities.models import Interaction, InteractionContact
from krug.exchange.importing.intake import SomeRefused
from krug.kernel.copying import insert_many
from krug.kernel.errors import No, Refusal
from krug.kernel.journal.recording import record_past
from krug.parties.models import ContactPosition


@transaction.atomic
def take_interactions(told: Sequence[Mapping[str, Any]], *, by: User, source: str = "") -> list[Interaction]:
    """Write many past contacts down; of a person alone the customer is the party where the person works now."""
    alone = {values["contact"].pk for values in told if values.get("contact") and not values.get("party")}
    places = ContactPosition.objects.filter(contact__in=alone, is_current=True, is_archived=False).order_by("-priority")
    works_at = {place.contact_id: place.party_id for place in places}
    made = []
    refused: dict[int, No] = {}
    for place, values in enumerate(told):
        contact, party = values.get("contact"), values.get("party")
        party_id = party.pk if party is not None else works_at.get(contact.pk) if contact is not None else None
        if party_id is None:
            said = _("The person belongs to no customer: name the customer.")
            refused[place] = Refusal(said, field="contact", code="PARTY_REQUIRED")
            continue
        if not values.get("text"):
            refused[place] = Refusal(_("Write what was said: one line is enough."), field="text", code="REQUIRED")
            continue
        row = {name: value for name, value in values.items() if name not in ("contact", "party") and value is not None}
        row.setdefault("curator", by)
        made.append(Interaction(**row, party_id=party_id, created_by=by, updated_by=by))
    if refused:
        raise SomeRefused(refused)
    insert_many(made)
    pairs = zip(made, told, strict=True)
    insert_many(
        InteractionContact(interaction=one, contact=values["contact"]) for one, values in pairs if values.get("contact")
    )
    record_past(
        [(InteractionLogged(interaction=one, kind=one.kind, text=one.text[:200], by=by), one.at) for one in made],
        source=source,
    )
    return made
