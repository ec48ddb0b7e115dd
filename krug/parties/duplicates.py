"""Parties that may be the one being typed: indexes bring some near, the judge of duplicates says which and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q

from krug.access.models import User
from krug.duplicates.matching.typed import LookAlike, look_alikes
from krug.kernel.registry import get_entity
from krug.language.company_names import company_key
from krug.parties.models import Contact, ContactPoint, Party, Requisites
from krug.parties.rules.channels import read_channel
from krug.parties.rules.russian_ids import clean

SHORTEST_NAME, SHORTEST_NUMBER = 3, 8
SIMILAR = 0.6
NEAR, SHOWN = 20, 5


@dataclass(frozen=True)
class Typed:
    """What somebody has typed so far of a new party."""

    name: str = ""
    inn: str = ""
    phone: str = ""
    email: str = ""
    city: str = ""


@dataclass(frozen=True)
class Duplicate:
    """A party that may be the same, why, and the person through whom it was found."""

    party: Party
    reasons: list[str]
    person: Contact | None = None


def similar_parties(typed: Typed, user: User) -> list[Duplicate]:
    """The visible parties that may be the one being typed, the surest first, each named once."""
    party, number = get_entity("party"), clean(typed.inn)
    keys = _keys(typed)
    parties, people = _holders(keys)
    near = {*parties, *_with_number(number), *_named_so(typed.name, party.rows_for(user))}
    said = {"": [typed.name], "requisites__inn": [number], "points__comparison_key": keys, "city": [typed.city]}
    alike = look_alikes(party, {name: list(filter(None, texts)) for name, texts in said.items()}, near, user)
    rows = party.rows_for(user).in_bulk([one.id for one in alike])
    found = {one.id: Duplicate(rows[one.id], one.reasons) for one in alike}
    persons = look_alikes(get_entity("contact"), {"points__comparison_key": keys}, people, user)
    for pk, one in _through(persons, user).items():
        found.setdefault(pk, one)
    return list(found.values())[:SHOWN]


def _keys(typed: Typed) -> list[str]:
    read = [read_channel(kind, text) for kind, text in (("phone", typed.phone), ("email", typed.email)) if text]
    return [one.key for one in read if one.valid and one.key]


def _holders(keys: list[str]) -> tuple[set[int], set[int]]:
    """The parties and the persons that are reached there."""
    points = ContactPoint.objects.filter(is_archived=False, comparison_key__in=keys)
    held = points.values_list("party_id", "contact_id")[:NEAR] if keys else []
    return {party for party, _person in held if party}, {person for _party, person in held if person}


def _with_number(number: str) -> list[int]:
    if len(number) < SHORTEST_NUMBER:
        return []
    holders = Requisites.objects.filter(Q(inn=number) | Q(foreign_tax_id=number), is_archived=False)
    return list(holders.values_list("party_id", flat=True)[:NEAR])


def _named_so(name: str, rows: Any) -> list[int]:
    key = company_key(name)
    if len(key) < SHORTEST_NAME:
        return []
    near = rows.active().filter(Q(name_key__trigram_similar=key) | Q(name_key__startswith=key))
    near = near.annotate(near=TrigramSimilarity("name_key", key)).order_by("-near", "sort_key")
    with transaction.atomic(), connection.cursor() as cursor:
        # The index gives up what is less similar at once, but only inside the transaction that says so.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILAR)])
        return list(near.values_list("pk", flat=True)[:NEAR])


def _through(persons: list[LookAlike], user: User) -> dict[int, Duplicate]:
    """The parties at which these persons are."""
    reasons = {one.id: one.reasons for one in persons}
    people = get_entity("contact").rows_for(user).in_bulk(list(reasons))
    rows = get_entity("party").rows_for(user).active()
    pairs = rows.filter(positions__contact__in=list(people), positions__is_archived=False)
    held = list(pairs.values_list("pk", "positions__contact")[:NEAR]) if people else []
    parties = rows.in_bulk([pk for pk, _person in held])
    return {pk: Duplicate(parties[pk], reasons[person], people[person]) for pk, person in held if person in people}
