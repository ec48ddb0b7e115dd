"""What people do with persons: get to know them, put them at a party, see them leave."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.kernel.together import whole
from krug.language.readings import normalise
from krug.parties.actions.channels import add_point
from krug.parties.events import ContactRegistered, PositionLeft, PositionTaken
from krug.parties.models import Contact, ContactPoint, ContactPosition, Party
from krug.parties.rules.person_names import sort_key, split_person_name

PARTS = ("surname", "given_name", "patronymic")
LOWEST = 9


@transaction.atomic
def register_contact(*, by: User, **values: Any) -> Contact:
    """Get to know a person; a name typed in one line is put into its three fields."""
    contact = Contact(**contact_values(values, Contact()), created_by=by, updated_by=by)
    if contact.owner_id is None:
        contact.owner = by
    if not contact.full_name:
        raise Refusal(_("Enter at least the surname or the given name."), field="full_name", code="NAME_REQUIRED")
    writing.check(contact)
    contact.save(force_insert=True)
    record(ContactRegistered(contact=contact, by=by))
    return contact


@whole
def change_contact(contact: Contact, values: dict[str, Any], *, by: User) -> Contact:
    """Change what we know of a person; the line and the three fields of the name follow each other."""
    named = contact_values(values, contact)
    if not named.get("full_name", contact.full_name):
        raise Refusal(_("Enter at least the surname or the given name."), field="full_name", code="NAME_REQUIRED")
    changed: Contact = writing.change(get_entity("contact"), contact, named, by=by)
    return changed


@transaction.atomic
def add_person(
    party: Party,
    *,
    full_name: str,
    position: str = "",
    role: str = "",
    phone: str = "",
    email: str = "",
    by: User,
) -> Contact:
    """Write down a person of this party with position, phone and e-mail in one go."""
    contact = register_contact(full_name=full_name, by=by)
    take_position(contact=contact, party=party, position=position, role=role or ContactPosition.Role.OTHER, by=by)
    for kind, raw in ((ContactPoint.Type.PHONE, phone), (ContactPoint.Type.EMAIL, email)):
        if raw:
            add_point(contact=contact, type=kind, raw=raw, by=by)
    return contact


@transaction.atomic
def take_position(*, by: User, **values: Any) -> ContactPosition:
    """Put a person at a party; without a priority he comes after those already there."""
    position = ContactPosition(**values, created_by=by, updated_by=by)
    if not values.get("priority"):
        there = ContactPosition.objects.filter(party=position.party, is_current=True, is_archived=False)
        last = there.aggregate(last=Max("priority"))["last"] or 0
        position.priority = min(last + 1, LOWEST)
    writing.check(position)
    position.save(force_insert=True)
    record(PositionTaken(contact=position.contact, party=position.party, position=position, by=by))
    return position


@transaction.atomic
def leave_position(position: ContactPosition, *, by: User) -> ContactPosition:
    """Write down that the person does not work there any more; the past stays readable."""
    if not position.is_current:
        raise Refusal(_("This person has left the position already."), code="WRONG_STATE")
    position.is_current = False
    position.save(update_fields=["is_current", "updated_at"])
    record(PositionLeft(contact=position.contact, party=position.party, position=position, by=by))
    return position


def contact_values(values: dict[str, Any], before: Contact) -> dict[str, Any]:
    """The name in one line and in three fields made to agree; the three fields win when both were changed."""
    given = {
        name: " ".join(str(value or "").split()) for name, value in values.items() if name in (*PARTS, "full_name")
    }
    if not given:
        return values
    parts = {name: given.get(name, getattr(before, name)) for name in PARTS}
    line = given.get("full_name", before.full_name)
    if line and line != before.full_name and all(parts[name] == getattr(before, name) for name in PARTS):
        name = split_person_name(line)
        parts = {"surname": name.surname, "given_name": name.given, "patronymic": name.patronymic}
    whole = " ".join(filter(None, (parts[name] for name in PARTS)))
    return {
        **values, **parts, "full_name": whole, "name_key": normalise(whole)[:190], "sort_key": sort_key(whole)[:190],
    }  # fmt: skip
