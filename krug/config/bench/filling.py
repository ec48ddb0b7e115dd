"""Fills the large base: customers, people and contacts by COPY, what follows from them by queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg

from krug.activities.models import Interaction
from krug.config.bench import words
from krug.config.bench.copying import Sheet
from krug.config.bench.people import SELLERS
from krug.kernel.models import SearchDocument
from krug.language.company_names import company_key
from krug.language.readings import normalise
from krug.parties.models import Contact, ContactPoint, ContactPosition, Party, Requisites
from krug.parties.rules.person_names import sort_key as person_key
from krug.parties.rules.russian_ids import INN_10

DAYS = 720
CHUNK = 100_000
CONTACTS, INTERACTIONS = 3, 10
KNOWN = 50
KNOWN_NAME, KNOWN_PERSON, KNOWN_PHONE = "Северный Ветер", ("Фёдорова", "Анна", "Сергеевна"), "8125550142"


@dataclass
class Base:
    """The base that is being filled: its size, its clock and the words met so far."""

    parties: int
    connection: psycopg.Connection
    first_seller: int
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    words: set[str] = field(default_factory=set)
    random: Random = field(default_factory=lambda: Random(2026))

    def owner(self, party: int) -> int:
        """Who answers for a party."""
        return self.first_seller + party % SELLERS

    def sheet(self, model: type, *columns: str) -> Sheet:
        """A table to be filled."""
        return Sheet(model, *columns, now=self.now)


def fill_parties(base: Base) -> list[str]:
    """The parties with their requisites; gives their names in the order of their numbers."""
    columns = (
        "id",
        "created_at",
        "owner_id",
        "display_name",
        "name_key",
        "sort_key",
        "roles",
        "state",
        "city",
        "region",
    )
    parties = base.sheet(Party, *columns, "timezone", "employees")
    requisites = base.sheet(Requisites, "id", "party_id", "valid_from", "short_name", "inn", "kpp")
    random, names, rows, papers, found = base.random, [], [], [], []
    for number in range(1, base.parties + 1):
        name = KNOWN_NAME if number == KNOWN else words.company(random, number)
        city, region, zone = words.CITIES[int(len(words.CITIES) * random.random() ** 2)]
        names.append(name)
        owner, role, inn = base.owner(number), "prospect" if number % 3 == 0 else "customer", inn_of(number)
        made = (base.now - timedelta(days=DAYS * (1 - number / base.parties))).isoformat()
        rows.append(
            f"{number}\t{made}\t{owner}\t{name}\t{company_key(name)[:255]}\t{person_key(name)}\t{{{role}}}\tchecked"
            f"\t{city}\t{region}\t{zone}\t{number * 7 % 5000}"
        )
        papers.append(f"{number}\t{number}\t2020-01-01\tООО «{name}»\t{inn}\t770801001")
        title = normalise(name)
        plain = f"{title} {title} ооо {title} {normalise(city)}"
        base.words.update(plain.split())
        digits = f"{inn} {phone_of(base, number)}"
        found.append(f"party\t{number}\t{name}\t{title}\t{city}\t{plain}\t{digits}\t{owner}")
        if len(rows) >= CHUNK or number == base.parties:
            parties.copy(base.connection, rows)
            requisites.copy(base.connection, papers)
            copy_documents(base, found)
            rows, papers, found = [], [], []
    return names


def fill_contacts(base: Base, parties: list[str]) -> None:
    """Three people to a party, their positions, and three ways to reach them and the party."""
    columns = ("id", "owner_id", "full_name", "surname", "given_name", "patronymic", "name_key", "sort_key")
    people, places, found = [], [], []
    contacts, positions = (
        base.sheet(Contact, *columns),
        base.sheet(ContactPosition, "id", "contact_id", "party_id", "position", "role", "priority"),
    )
    roles = ContactPosition.Role.values
    for number in range(1, base.parties * CONTACTS + 1):
        party = (number - 1) // CONTACTS + 1
        is_known = party == KNOWN and number % CONTACTS == 1
        parts = KNOWN_PERSON if is_known else words.person(base.random)
        name = " ".join(filter(None, parts))
        plain, owner = normalise(name), base.owner(party)
        base.words.update(plain.split())
        people.append("\t".join((str(number), str(owner), name, *parts, plain, person_key(name))))
        post = words.POSITIONS[number % len(words.POSITIONS)]
        places.append(f"{number}\t{number}\t{party}\t{post}\t{roles[number % len(roles)]}\t{number % 3 + 1}")
        digits = phone_of(base, base.parties + number) if number % CONTACTS else ""
        firm = parties[party - 1]
        found.append(
            f"contact\t{number}\t{name}\t{plain}\t{firm}\t{plain} {plain} {normalise(firm)}\t{digits}\t{owner}"
        )
        if len(people) >= CHUNK or number == base.parties * CONTACTS:
            contacts.copy(base.connection, people)
            positions.copy(base.connection, places)
            copy_documents(base, found)
            people, places, found = [], [], []
    base.sheet(
        ContactPoint, "id", "party_id", "contact_id", "type", "raw", "normalised", "comparison_key", "digits", "is_main"
    ).copy(base.connection, _points(base))


def _points(base: Base) -> Iterator[str]:
    number = 0
    for party in range(1, base.parties + 1):
        first = (party - 1) * CONTACTS + 1
        for holder, digits in (
            (f"{party}\t\\N", phone_of(base, party)),
            (f"\\N\t{first}", phone_of(base, base.parties + first)),
            (f"\\N\t{first + 1}", phone_of(base, base.parties + first + 1)),
        ):
            number += 1
            yield f"{number}\t{holder}\tphone\t+7{digits}\t+7{digits}\t+7{digits}\t{digits}\tt"


def fill_interactions(base: Base) -> None:
    """Ten contacts to a party on average, over two years; few parties have thousands."""
    columns = ("id", "created_at", "created_by_id", "party_id", "kind", "at", "text", "curator_id")
    base.sheet(Interaction, *columns).copy(base.connection, _interactions(base))


def _interactions(base: Base) -> Iterator[str]:
    random, total, kinds = base.random.random, base.parties * INTERACTIONS, Interaction.Kind.values
    days = [(base.now - timedelta(days=DAYS - day)).date().isoformat() for day in range(DAYS)]
    talks, count = words.TALKS, len(words.TALKS)
    for number in range(1, total + 1):
        party = int(base.parties * random() ** 2) + 1
        minute = int(random() * 600)
        at = f"{days[(number - 1) * DAYS // total]} {6 + minute // 60:02d}:{minute % 60:02d}:00+00"
        owner = base.owner(party)
        text = f"{talks[int(random() * count)]} № {number}"
        yield f"{number}\t{at}\t{owner}\t{party}\t{kinds[number % 6]}\t{at}\t{text}\t{owner}"


def copy_documents(base: Base, lines: list[str]) -> None:
    """What the search box reads."""
    columns = ("entity", "record_id", "title", "title_key", "note", "text", "digits", "owner_id")
    base.sheet(SearchDocument, *columns).copy(base.connection, lines)


def phone_of(base: Base, number: int) -> str:
    """The ten digits under which somebody is called; no two are the same."""
    return KNOWN_PHONE if number == KNOWN else f"9{number * 48_271 % 999_999_937:09d}"


def inn_of(number: int) -> str:
    """A tax number with the right check digit."""
    body = f"77{number:07d}"
    return body + str(sum(int(digit) * weight for digit, weight in zip(body, INN_10, strict=True)) % 11 % 10)
