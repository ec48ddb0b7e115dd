"""Who took part in a contact: their people, ours, and the curator."""

from __future__ import annotations

from typing import Any

from krug.access.models import User
from krug.activities.models import Interaction
from krug.kernel.registry import get_entity
from krug.kernel.ui.names import called, short_name


def participants_panel(interaction: Interaction, user: User) -> dict[str, Any]:
    """Their people whom the reader may see, with the way to them, and our people with the curator first."""
    contact = get_entity("contact")
    theirs = contact.rows_for(user).filter(pk__in=interaction.their_side.values("contact")).order_by("pk")
    ours = interaction.colleagues.exclude(pk=interaction.curator_id).order_by("pk")
    return {
        "theirs": [(called(person), contact.url(person.pk)) for person in theirs],
        "curator": _name(interaction.curator),
        "ours": [_name(person) for person in ours],
    }


def _name(person: User) -> str:
    return short_name(person.surname, person.given_name, person.patronymic)
