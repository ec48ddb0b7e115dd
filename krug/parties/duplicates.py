"""Parties and people who may be the same as those being typed: by number, phone, e-mail, or a similar name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from krug.language.company_names import company_key
from krug.parties.models import Contact, ContactPoint, Party, Requisites
from krug.parties.models.parties import PartyQuerySet
from krug.parties.rules.channels import normalise_email
from krug.parties.rules.phones import normalise_phone, phone_digits
from krug.parties.rules.russian_ids import clean

SHORTEST_NAME = 3
SIMILAR = 0.6
SHOWN = 5


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
    """A party that may be the same, and by what: inn, phone, email or name."""

    party: Party
    by: str
    person: Contact | None = None


def similar_parties(typed: Typed, rows: PartyQuerySet) -> list[Duplicate]:
    """The visible parties that may be the one being typed, the surest first, each named once."""
    found: dict[int, Duplicate] = {}
    for party in _by_inn(typed.inn, rows):
        found.setdefault(party.pk, Duplicate(party, "inn"))
    for reason, points in (("phone", _points_by_phone(typed.phone)), ("email", _points_by_email(typed.email))):
        for party, person in _holders(points, rows):
            found.setdefault(party.pk, Duplicate(party, reason, person))
    for party in _by_name(typed, rows):
        found.setdefault(party.pk, Duplicate(party, "name"))
    return list(found.values())[:SHOWN]


def _by_inn(inn: str, rows: PartyQuerySet) -> list[Party]:
    number = clean(inn)
    if len(number) < 8:
        return []
    holders = Requisites.objects.filter(Q(inn=number) | Q(foreign_tax_id=number), is_archived=False)
    return list(rows.active().filter(pk__in=holders.values("party"))[:SHOWN])


def _points_by_phone(phone: str) -> QuerySet[Any]:
    digits = phone_digits(phone) if phone else ""
    if len(digits) < 10 or not normalise_phone(phone).valid:
        return ContactPoint.objects.none()
    return ContactPoint.objects.filter(is_archived=False).by_digits(digits)


def _points_by_email(email: str) -> QuerySet[Any]:
    read = normalise_email(email) if email else None
    if read is None or not read.valid:
        return ContactPoint.objects.none()
    return ContactPoint.objects.filter(is_archived=False, comparison_key=read.key)


def _holders(points: QuerySet[Any], rows: PartyQuerySet) -> list[tuple[Party, Contact | None]]:
    """The parties that own these points, directly or through their people."""
    held = list(points.select_related("contact")[:20])
    people = {point.contact_id: point.contact for point in held if point.contact_id}
    direct = [point.party_id for point in held if point.party_id]
    if not held:
        return []
    owners = rows.active().filter(
        Q(pk__in=direct) | Q(positions__contact__in=list(people), positions__is_archived=False)
    )
    pairs = owners.values_list("pk", "positions__contact")
    through = {pk: people[contact] for pk, contact in pairs if contact in people}
    return [(party, through.get(party.pk)) for party in rows.filter(pk__in=[pk for pk, _contact in pairs])[:SHOWN]]


def _by_name(typed: Typed, rows: PartyQuerySet) -> list[Party]:
    key = company_key(typed.name)
    if len(key) < SHORTEST_NAME:
        return []
    near = rows.active().filter(Q(name_key__trigram_similar=key) | Q(name_key__startswith=key))
    if typed.city:
        near = near.filter(Q(city="") | Q(city__iexact=typed.city.strip()))
    near = near.annotate(near=TrigramSimilarity("name_key", key)).order_by("-near", "sort_key")
    with transaction.atomic(), connection.cursor() as cursor:
        # The index gives up what is less similar at once, but only inside the transaction that says so.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILAR)])
        return list(near[:SHOWN])
