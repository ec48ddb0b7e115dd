"""Chapter three: customers, dealers, competitors and the people who work for them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from demo.acts import begin_told_act
from demo.clock import Clock
from demo.customers_list import CUSTOMERS, DEALERSHIP, GROUP, INDUSTRIES, SECOND_POSITION, SOURCES
from demo.numbers import requisites_of
from demo.places import place_of
from krug.access.models import User
from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.language.alphabets import to_latin
from krug.language.readings import normalise
from krug.parties.actions.addresses import add_address
from krug.parties.actions.channels import add_point
from krug.parties.actions.contacts import add_person, take_position
from krug.parties.actions.parties import register_party, verify_party
from krug.parties.actions.relations import give_role
from krug.parties.actions.requisites import add_requisites
from krug.parties.models import Contact, ContactSource, Industry, Party

KINDS = {"ИП": "sole_trader", "ГУП": "public_body"}
HEAD_PHONE, HEAD_POSTCODE = "+7 812 555-01-42", "197110"


@dataclass(frozen=True)
class Card:
    """What the list says of one customer."""

    number: int
    name: str
    form: str
    city: str
    region: str
    code: str
    dial: str
    street: str
    industry: str
    seller: str
    roles: str
    staff: str
    revenue: str
    source: str
    people: tuple[tuple[str, str, str], ...]

    @property
    def site(self) -> str:
        """An address in a zone that nobody can register."""
        return f"{to_latin(normalise(self.name)).replace(' ', '-')}.example"

    @property
    def phone(self) -> str:
        """A number of the range 555."""
        begins = "555"[: 6 - len(self.dial)]
        return HEAD_PHONE if self.number == 1 else f"+7 {self.dial} {begins}{100 + self.number:04d}"


@dataclass
class Told:
    """The customers and persons by name."""

    parties: dict[str, Party]
    persons: dict[str, Contact]
    people_of: dict[str, list[Contact]]


def cards() -> list[Card]:
    """The customers as the list has them."""
    found: list[tuple[list[str], list[tuple[str, str, str]]]] = []
    for line in CUSTOMERS.strip().splitlines():
        parts = [part.strip() for part in line.split("|")]
        if line.startswith("#"):
            continue
        if line.startswith("  "):
            found[-1][1].append((parts[0], parts[1], parts[2]))
        else:
            found.append((parts, []))
    names = [item.name for item in fields(Card)][1:-1]
    return [
        Card(number, **dict(zip(names, parts, strict=True)), people=tuple(people))
        for number, (parts, people) in enumerate(found, start=1)
    ]


def tell_customers(clock: Clock, people: dict[str, User], *, by: User) -> Told:
    """Register everybody on the list, and how they hang together."""
    clock.set(-390, 10)
    begin_told_act(by)
    industries = _words("industry", INDUSTRIES, by=by)
    sources = _words("contact-source", SOURCES, by=by)
    told = Told({}, {}, {})
    for card in cards():
        owner = people[card.seller]
        clock.set(-380 + card.number * 7, 9 + card.number % 8, card.number % 60)
        begin_told_act(owner)
        party = _register(card, industries[card.industry], sources.get(card.source), owner)
        told.parties[card.name] = party
        told.people_of[card.name] = [_introduce(card, place, party, owner) for place in range(len(card.people))]
        told.persons.update((contact.full_name, contact) for contact in told.people_of[card.name])
    _relate(clock, told, people)
    return told


def _register(card: Card, industry: Industry, source: ContactSource | None, owner: User) -> Party:
    kind = KINDS.get(card.form, "legal")
    party = register_party(
        display_name=card.name, kind=kind, city=card.city, region=card.region, industry=industry,
        contact_source=source, employees=int(card.staff.replace(" ", "")),
        annual_revenue=Decimal(card.revenue.replace(" ", "")) * 1_000_000, owner=owner, by=owner,
    )  # fmt: skip
    for role in card.roles.split(","):
        give_role(party=party, role=role, by=owner)
    if "prospect" not in card.roles:
        _legal_side(card, party, kind, owner)
    add_address(
        party=party, kind="legal", postcode=HEAD_POSTCODE if card.number == 1 else "", region_name=card.region,
        city=card.city, street=card.street, free_text=f"{card.city}, {card.street}", by=owner,
        **place_of(card.city, card.number),
    )  # fmt: skip
    add_point(party=party, type="phone", raw=card.phone, by=owner)
    add_point(party=party, type="site", raw=card.site, by=owner)
    return party


def _legal_side(card: Card, party: Party, kind: str, owner: User) -> None:
    short = f"{card.form} {card.name}" if kind == "sole_trader" else f"{card.form} «{card.name}»"
    add_requisites(
        party, short_name=short, full_name=short, valid_from=date(2020, 1, 1), by=owner,
        **requisites_of(card.number, card.code, kind=kind),
    )  # fmt: skip
    if card.number % 3 == 1:
        party.refresh_from_db()
        verify_party(party, source="Выписка из ЕГРЮЛ", by=owner)


def _introduce(card: Card, place: int, party: Party, owner: User) -> Contact:
    full_name, position, role = card.people[place]
    login = to_latin(normalise(full_name.split()[0]))
    own = f"+7 921 555-{card.number:02d}-{41 + place:02d}"
    return add_person(
        party, full_name=full_name, position=position, role=role, by=owner,
        phone=f"{HEAD_PHONE} доб. 12" if card.number == 1 and place == 0 else own, email=f"{login}@{card.site}",
    )  # fmt: skip


def _relate(clock: Clock, told: Told, people: dict[str, User]) -> None:
    head = people["lebedeva"]
    clock.set(-40, 12)
    begin_told_act(head)
    full_name, party, position = SECOND_POSITION
    take_position(
        contact=told.persons[full_name], party=told.parties[party], position=position, role="influencer", by=head
    )
    pairs = [(GROUP[0], "group", GROUP[1]), DEALERSHIP]
    for one, kind, other in pairs:
        values = {"from_party": told.parties[one], "kind": kind, "to_party": told.parties[other]}
        writing.create(get_entity("party-relation"), values, by=head)


def _words(code: str, names: dict[str, tuple[str, str]], *, by: User) -> dict[str, Any]:
    rows: Any = get_entity(code).model._default_manager.all()
    known = {row.name_ru: row for row in rows}
    return {
        key: known.get(russian) or writing.create(get_entity(code), {"name_ru": russian, "name_en": english}, by=by)
        for key, (russian, english) in names.items()
    }
