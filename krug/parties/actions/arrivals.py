"""Many parties, persons and their means of contact at once, as an import or a move from another program brings them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from krug.access.models import User
from krug.exchange.importing.bringing import made_of
from krug.kernel import writing
from krug.kernel.copying import insert_many
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.journal.recording import record_past
from krug.parties.actions.addresses import add_address
from krug.parties.actions.channels import add_point, point_values
from krug.parties.actions.consents import refused_kinds
from krug.parties.actions.contacts import contact_values, register_contact, take_position
from krug.parties.actions.parties import prepare_party, register_party
from krug.parties.actions.relations import give_role
from krug.parties.actions.requisites import add_requisites, note_inn
from krug.parties.actions.territories import refuse_lesser
from krug.parties.events import ContactRegistered, PartyRegistered, PartyRoleGiven, PositionTaken, RequisitesAdded
from krug.parties.models import Address, Contact, ContactPoint, ContactPosition, Party, PartyRole, Requisites
from krug.parties.rules.russian_ids import clean, inn_fault

Told = Sequence[Mapping[str, Any]]


@transaction.atomic
def register_parties(told: Told, *, by: User, source: str = "") -> list[Party]:
    """Take many parties into our books at once; whoever brings them answers for those without an owner."""
    if len(told) == 1:
        return [register_party(**told[0], by=by)]
    if any(values.get("territory") is not None for values in told):
        refuse_lesser(by)
    made = made_of(Party, told, created_by=by, updated_by=by)
    for party in made:
        party.owner_id = party.owner_id or by.pk
        prepare_party(party)
    insert_many(made)
    now = timezone.now()
    record_past([(PartyRegistered(party=party, by=by), now) for party in made], source=source)
    return made


@transaction.atomic
def register_contacts(told: Told, *, by: User, source: str = "") -> list[Contact]:
    """Get to know many persons at once."""
    if len(told) == 1:
        return [register_contact(**told[0], by=by)]
    blank = Contact()
    made = made_of(Contact, (contact_values(dict(values), blank) for values in told), created_by=by, updated_by=by)
    for contact in made:
        contact.owner_id = contact.owner_id or by.pk
    insert_many(made)
    now = timezone.now()
    record_past([(ContactRegistered(contact=contact, by=by), now) for contact in made], source=source)
    return made


@transaction.atomic
def add_points(told: Told, *, by: User, source: str = "") -> list[ContactPoint]:
    """Write down many means of contact at once; one that stands there already is not written again."""
    if len(told) == 1:
        return [add_point(**told[0], by=by)]
    holders = {name: {values[name].pk for values in told if values.get(name)} for name in ("party", "contact")}
    known: set[tuple[Any, ...]] = set()
    for name, ids in holders.items():
        rows = (
            ContactPoint.objects.filter(**{f"{name}__in": ids}, is_archived=False)
            if ids
            else ContactPoint.objects.none()
        )
        known |= {(name, *row) for row in rows.values_list(f"{name}_id", "type", "comparison_key", "extension")}
    refused = {name: refused_kinds(f"{name}_id", ids) if ids else set() for name, ids in holders.items()}
    begun = {row[:3] for row in known}
    made: list[ContactPoint] = []
    for values in told:
        point = ContactPoint(**point_values(dict(values)), created_by=by, updated_by=by)
        holder = ("party", point.party_id) if point.party_id else ("contact", point.contact_id)
        same = (*holder, point.type, point.comparison_key, point.extension)
        if same in known and point.comparison_key:
            continue
        point.do_not_contact = point.do_not_contact or (holder[1], point.type) in refused[holder[0]]
        point.is_main = (*holder, point.type) not in begun
        known.add(same)
        begun.add((*holder, point.type))
        made.append(point)
    insert_many(made)
    now = timezone.now()
    record_past([(writing.RecordCreated(record=point, by=by), now) for point in made], source=source)
    return made


@transaction.atomic
def note_requisites(told: Told, *, by: User, source: str = "") -> list[Requisites]:
    """Keep what a file knows of the law's names of parties; an INN alone leaves the party a draft."""
    alone = all(values.keys() == {"party", "inn"} for values in told)
    if len(told) == 1 or not alone:
        return [_note(dict(values), by) for values in told]
    made = [
        Requisites(party=values["party"], inn=clean(values["inn"]), created_by=by, updated_by=by) for values in told
    ]
    faults = [fault for one in made if (fault := inn_fault(one.inn)) is not None]
    if faults:
        raise Invalid(faults)
    insert_many(made)
    now = timezone.now()
    record_past(
        [(RequisitesAdded(party=one.party, requisites=one, valid_from=one.valid_from, by=by), now) for one in made],
        source=source,
    )
    return made


def _note(values: dict[str, Any], by: User) -> Requisites:
    party = values.pop("party")
    return note_inn(party, values["inn"], by=by) if values.keys() == {"inn"} else add_requisites(party, by=by, **values)


@transaction.atomic
def take_positions(told: Told, *, by: User, source: str = "") -> list[ContactPosition]:
    """Put many persons at their parties; a position without its party can not be kept."""
    whole = [values for values in told if values.get("party") is not None]
    if len(whole) == 1:
        return [take_position(**whole[0], by=by)]
    made = made_of(ContactPosition, whole, created_by=by, updated_by=by)
    insert_many(made)
    now = timezone.now()
    record_past(
        [(PositionTaken(contact=one.contact, party=one.party, position=one, by=by), now) for one in made],
        source=source,
    )
    return made


@transaction.atomic
def give_roles(told: Told, *, by: User, source: str = "") -> list[PartyRole]:
    """Make many parties something to us at once; who is it already stays so."""
    if len(told) == 1:
        return [give_role(**told[0], by=by)]
    made = made_of(PartyRole, told, created_by=by, updated_by=by)
    insert_many(made)
    now = timezone.now()
    record_past([(PartyRoleGiven(party=one.party, role=one, by=by), now) for one in made], source=source)
    return made


@transaction.atomic
def add_addresses(told: Told, *, by: User, source: str = "") -> list[Address]:
    """Write many addresses in one line down at once, each the main one of a party that has none of its kind."""
    if len(told) == 1:
        return [add_address(**told[0], by=by)]
    parties = {values["party"].pk for values in told}
    have = set(Address.objects.filter(party__in=parties, is_archived=False, is_main=True).values_list("party", "kind"))
    made = []
    for values in told:
        one = Address(**values, created_by=by, updated_by=by)
        one.is_main = (one.party_id, one.kind) not in have
        have.add((one.party_id, one.kind))
        made.append(one)
    insert_many(made)
    now = timezone.now()
    record_past([(writing.RecordCreated(record=one, by=by), now) for one in made], source=source)
    return made


def point_fault(values: Mapping[str, Any]) -> str:
    """What is wrong with an address of mail or of a site before anything is written."""
    try:
        point_values(dict(values))
    except Refusal as no:
        return str(no)
    return ""
