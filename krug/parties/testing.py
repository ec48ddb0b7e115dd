"""Parties and what belongs to them, for tests and the demo company."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from krug.access.models import Reach, User
from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import administrator_role, make_user
from krug.kernel.visibility import rights_of
from krug.parties.actions.accounts import add_bank_account, register_bank
from krug.parties.actions.addresses import add_address
from krug.parties.actions.channels import add_point
from krug.parties.actions.consents import note_consent
from krug.parties.actions.contacts import register_contact, take_position
from krug.parties.actions.parties import register_party
from krug.parties.actions.relations import give_role
from krug.parties.actions.requisites import add_requisites
from krug.parties.actions.territories import entrust_territory, found_territory
from krug.parties.models import (
    Address,
    Bank,
    BankAccount,
    Consent,
    Contact,
    ContactPoint,
    ContactPosition,
    ContactSource,
    Industry,
    Party,
    PartyRelation,
    PartyRole,
    Requisites,
    TaxRate,
    Territory,
    TerritoryHolder,
)
from krug.parties.rules.russian_ids import INN_10, INN_11, INN_12, check_digit

_numbers = count(1)
KPP = "770801001"
BIC, ACCOUNT_KEY = "044525225", "40702810938000012345"


def make_inn(number: int, *, length: int = 10) -> str:
    """A tax number with the right check digits."""
    if length == 10:
        body = f"77{number:07d}"
        return body + check_digit(body, INN_10)
    body = f"77{number:08d}"
    body += check_digit(body, INN_11)
    return body + check_digit(body, INN_12)


def make_party(name: str = "", *, owner: User | None = None, by: User | None = None, **values: Any) -> Party:
    """A company with a name of its own."""
    by = by or owner or make_user()
    name = values.pop("display_name", name) or f"Северный ветер {next(_numbers)}"
    owner = owner or by
    by = _who_sees_all(by) if values.get("territory") else by
    return register_party(display_name=name, owner=owner, by=by, **values)


def make_requisites(
    party: Party | None = None, *, owner: User | None = None, by: User | None = None, **values: Any
) -> Requisites:
    """Requisites that pass every check."""
    by = by or owner or make_user()
    party = party or make_party(owner=by)
    given = {"inn": make_inn(next(_numbers)), "kpp": KPP, "short_name": f"ООО «{party.display_name}»", **values}
    return add_requisites(party, by=by, **given)


def make_contact(full_name: str = "", *, owner: User | None = None, by: User | None = None, **values: Any) -> Contact:
    """A person."""
    by = by or owner or make_user()
    if not any(values.get(part) for part in ("surname", "given_name")):
        values["full_name"] = full_name or "Фёдорова Анна Сергеевна"
    return register_contact(owner=owner or by, by=by, **values)


def make_position(
    contact: Contact | None = None,
    party: Party | None = None,
    *,
    owner: User | None = None,
    by: User | None = None,
    **values: Any,
) -> ContactPosition:
    """A person at a party."""
    by = by or owner or make_user()
    given = {"position": "Закупки", "role": ContactPosition.Role.BUYER, **values}
    return take_position(contact=contact or make_contact(owner=by), party=party or make_party(owner=by), by=by, **given)


def make_point(
    raw: str = "",
    *,
    party: Party | None = None,
    contact: Contact | None = None,
    owner: User | None = None,
    by: User | None = None,
    **values: Any,
) -> ContactPoint:
    """A phone of a party, or of a person when one is given."""
    by = by or owner or make_user()
    raw = values.pop("raw", raw) or f"+7 812 555-{next(_numbers) % 10000:04d}"[:-2] + f"-{next(_numbers) % 100:02d}"
    holder: dict[str, Any] = {"contact": contact} if contact is not None else {"party": party or make_party(owner=by)}
    return add_point(raw=raw, by=by, **holder, **values)


def make_consent(
    party: Party | None = None,
    *,
    contact: Contact | None = None,
    owner: User | None = None,
    by: User | None = None,
    **values: Any,
) -> Consent:
    """Somebody agrees to advertising by e-mail."""
    by = by or owner or make_user()
    holder: dict[str, Any] = {"contact": contact} if contact is not None else {"party": party or make_party(owner=by)}
    given = {
        "purpose": "advertising",
        "channel": "email",
        "source": "Форма на сайте",
        "text_version": "2026-10",
        **values,
    }
    return note_consent(by=by, **holder, **given)


def make_bank(*, bic: str = "", by: User | None = None, owner: User | None = None, **values: Any) -> Bank:
    """A bank of the directory."""
    by = by or owner or make_user()
    bic = bic or f"0445{next(_numbers) % 100000:05d}"
    known = Bank.objects.filter(bic=bic).first()
    given = {"name": "ПАО Сбербанк", "city": "Москва", "source_date": date(2026, 11, 1), **values}
    return known or register_bank(bic=bic, by=by, **given)


def make_bank_account(
    party: Party | None = None, *, owner: User | None = None, by: User | None = None, **values: Any
) -> BankAccount:
    """An account whose number agrees with its bank."""
    by = by or owner or make_user()
    given = {
        "bank": values.pop("bank", None) or make_bank(bic=BIC, by=by),
        "number": ACCOUNT_KEY,
        "currency": "RUB",
        **values,
    }
    return add_bank_account(party=party or make_party(owner=by), by=by, **given)


def make_address(
    party: Party | None = None, *, owner: User | None = None, by: User | None = None, **values: Any
) -> Address:
    """An address of a party."""
    by = by or owner or make_user()
    given = {
        "kind": "actual", "free_text": "197110, Санкт-Петербург, Полярная ул., 1", "postcode": "197110",
        "city": "Санкт-Петербург", "street": "Полярная ул.", "house": "1", **values,
    }  # fmt: skip
    return add_address(party=party or make_party(owner=by), by=by, **given)


def make_role_of_party(
    party: Party | None = None, *, owner: User | None = None, by: User | None = None, **values: Any
) -> PartyRole:
    """A party that is a customer."""
    by = by or owner or make_user()
    return give_role(party=party or make_party(owner=by), role=values.pop("role", "customer"), by=by, **values)


def make_relation(*, owner: User | None = None, by: User | None = None, **values: Any) -> PartyRelation:
    """One party as a dealer of another."""
    by = by or owner or make_user()
    given = {
        "from_party": values.pop("from_party", None) or make_party(owner=by),
        "to_party": values.pop("to_party", None) or make_party(owner=by),
        "kind": "dealer_of", **values,
    }  # fmt: skip
    made: PartyRelation = writing.create(get_entity("party-relation"), given, by=by)
    return made


def make_territory(name: str = "", *, owner: User | None = None, by: User | None = None, **values: Any) -> Territory:
    """A territory with a name of its own."""
    given = {"name": name or f"Territory {next(_numbers)}", **values}
    return found_territory(by=_who_sees_all(by or owner), **given)


def make_holder(
    territory: Territory | None = None,
    person: User | None = None,
    *,
    owner: User | None = None,
    by: User | None = None,
    **values: Any,
) -> TerritoryHolder:
    """Somebody who works a territory."""
    by = _who_sees_all(by or owner)
    return entrust_territory(
        territory=territory or make_territory(by=by), person=person or make_user(), by=by, **values
    )


def _who_sees_all(user: User | None) -> User:
    """Only such people change territories."""
    may = user is not None and rights_of(user).reach("*") == Reach.ALL
    return user if may and user is not None else make_user(role=administrator_role())


def make_industry(*, by: User | None = None, owner: User | None = None, **values: Any) -> Industry:
    """An industry with a name of its own."""
    number = next(_numbers)
    given = {"name_ru": f"Насосы {number}", "name_en": f"Pumps {number}", **values}
    made: Industry = writing.create(get_entity("industry"), given, by=by or owner or make_user())
    return made


def make_contact_source(*, by: User | None = None, owner: User | None = None, **values: Any) -> ContactSource:
    """A source of contact with a name of its own."""
    number = next(_numbers)
    given = {"name_ru": f"Выставка {number}", "name_en": f"Fair {number}", **values}
    made: ContactSource = writing.create(get_entity("contact-source"), given, by=by or owner or make_user())
    return made


def make_tax_rate(*, by: User | None = None, owner: User | None = None, **values: Any) -> TaxRate:
    """A rate of a country and family of its own."""
    number = next(_numbers)
    names = {"name_ru": f"НДС {number}", "name_en": f"VAT {number}", "country": "XX"}
    given = {**names, "code": f"vat{number}", "family": f"family{number}", "rate": Decimal(7), **values}
    made: TaxRate = writing.create(get_entity("tax-rate"), given, by=by or owner or make_user())
    return made


SAMPLES = {
    "party": make_party,
    "contact": make_contact,
    "requisites": make_requisites,
    "bank-account": make_bank_account,
    "bank": make_bank,
    "address": make_address,
    "contact-point": make_point,
    "contact-position": make_position,
    "consent": make_consent,
    "party-role": make_role_of_party,
    "party-relation": make_relation,
    "territory": make_territory,
    "territory-holder": make_holder,
    "industry": make_industry,
    "contact-source": make_contact_source,
    "tax-rate": lambda **given: make_tax_rate(country="BY", **given),
}
