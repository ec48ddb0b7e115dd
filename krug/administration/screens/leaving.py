"""What somebody who was sent away still holds, and the way to hand it over by the bulk edit of each list."""

from __future__ import annotations

from dataclasses import dataclass

from krug.access.models import User
from krug.kernel.fields import ReferenceField
from krug.kernel.listing.filters import Condition, all_of
from krug.kernel.listing.query import count_up_to
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.registry import entities
from krug.kernel.screens.bulk import may_edit
from krug.kernel.ui import formats

MOST = 1000


@dataclass(frozen=True)
class Held:
    """The records of one type that name the person in one field."""

    label: str
    count: str
    list_url: str
    bulk_url: str
    sent: dict[str, str]


def held_by(person: User, user: User) -> list[Held]:
    """What this user sees of it and may hand over, type by type."""
    found = []
    for entity in entities():
        if not may_edit(entity, user):
            continue
        for name in entity.editable:
            field = entity.fields[name]
            if not isinstance(field, ReferenceField) or not field.is_person or name not in entity.filters:
                continue
            if field.is_attribute:
                continue
            counted = count_up_to(entity.rows_for(user).filter(**{name: person}), MOST)
            if counted.count:
                state = ListState(tree=all_of(Condition(name, "eq", person.pk)))
                label = f"{entity.plural}: {field.label}"
                count = formats.number(counted.count) if counted.is_exact else f"≈ {formats.number(counted.count)}"
                sent = {"all": "true", "deed": "edit", "pick": name, "step": "values"}
                bulk = f"{entity.url()}bulk/?{state.query()}"
                found.append(Held(label, count, list_url(entity, state), bulk, sent))
    return found
