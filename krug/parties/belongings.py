"""Everything of ours that belongs to a party, read in one statement: requisites, people, addresses, relations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from krug.parties.rules.versions import Period

SQL = (Path(__file__).parent / "belongings.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Point:
    """A phone, e-mail or page as the dossier shows it."""

    id: int
    type: str
    raw: str
    normalised: str
    extension: str
    is_main: bool
    is_valid: bool
    do_not_contact: bool


@dataclass(frozen=True)
class Refused:
    """That the party asked not to be contacted in some way."""

    id: int
    channel: str
    said_at: datetime
    source: str


@dataclass(frozen=True)
class Person:
    """Somebody who holds a position at the party."""

    id: int
    position_id: int
    surname: str
    given_name: str
    patronymic: str
    position: str
    role: str
    priority: int
    language: str
    birthday: date | None
    is_current: bool
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Version:
    """One version of the requisites."""

    id: int
    valid_from: date
    valid_to: date | None
    short_name: str
    full_name: str
    inn: str
    kpp: str
    ogrn: str
    foreign_tax_id: str
    tax_regime: str
    director_name: str
    director_position: str

    def is_in_force(self, day: date) -> bool:
        """Whether papers of that day take this version."""
        return Period(self.valid_from, self.valid_to).covers(day)


@dataclass(frozen=True)
class Account:
    """An account with its bank."""

    id: int
    number: str
    currency: str
    is_main: bool
    bank: str
    bic: str
    is_bank_active: bool


@dataclass(frozen=True)
class Place:
    """An address."""

    id: int
    kind: str
    text: str
    is_main: bool


@dataclass(frozen=True)
class Relative:
    """Another party and how it stands to this one; `way` tells from which side."""

    id: int
    name: str
    owner_id: int | None
    kind: str
    way: str


@dataclass(frozen=True)
class Belongings:
    """All of it together."""

    versions: tuple[Version, ...] = ()
    accounts: tuple[Account, ...] = ()
    places: tuple[Place, ...] = ()
    points: tuple[Point, ...] = ()
    people: tuple[Person, ...] = ()
    relatives: tuple[Relative, ...] = ()
    refused: tuple[Refused, ...] = ()
    roles: Mapping[str, date] = field(default_factory=dict)


def belongings_of(party_id: int) -> Belongings:
    """Read everything that belongs to one party, whose right to be seen was asked before."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"party": party_id})
        read = json.loads(cursor.fetchone()[0])
    return Belongings(
        versions=tuple(Version(**_dated(one, "valid_from", "valid_to")) for one in read["versions"]),
        accounts=tuple(Account(**one) for one in read["accounts"]),
        places=tuple(Place(**one) for one in read["places"]),
        points=tuple(Point(**one) for one in read["points"]),
        people=tuple(_person(one) for one in read["people"]),
        relatives=tuple(Relative(**one) for one in read["relatives"]),
        refused=tuple(Refused(**{**one, "said_at": datetime.fromisoformat(one["said_at"])}) for one in read["refused"]),
        roles={role: date.fromisoformat(since) for role, since in read["roles"].items()},
    )


def _person(one: dict[str, Any]) -> Person:
    points = tuple(Point(**point) for point in one.pop("points"))
    return Person(**_dated(one, "birthday"), points=points)


def _dated(one: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**one, **{name: date.fromisoformat(one[name]) if one[name] else None for name in names}}
