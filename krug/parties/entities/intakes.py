"""How parties and persons are taken in from files: what tells them, what comes along, under which heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.exchange.importing.intake import Intake, Key, Part, take_in
from krug.language.readings import sort_key
from krug.parties.actions.arrivals import (
    add_addresses,
    add_points,
    give_roles,
    note_requisites,
    point_fault,
    register_contacts,
    register_parties,
    take_positions,
)
from krug.parties.actions.consents import note_consents
from krug.parties.actions.contacts import register_contact
from krug.parties.actions.parties import register_party
from krug.parties.models import Contact, Party
from krug.parties.rules.channels import read_channel
from krug.parties.rules.phones import phone_digits
from krug.parties.rules.russian_ids import clean, inn_fault

MAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
PHONE = r"\+?[\d\s().x#-]{7,28}"


def key_of(kind: str) -> Callable[[str], str]:
    """The form in which addresses of a kind are compared."""
    return lambda text: read_channel(kind, text).key


def checked(kind: str) -> Callable[[Mapping[str, Any]], str]:
    """What is wrong with an address of a kind."""
    return lambda values: point_fault({"type": kind, **values})


def inn_said(values: Mapping[str, Any]) -> str:
    """What is wrong with an INN."""
    fault = inn_fault(clean(values.get("inn", ""))) if values.get("inn") else None
    return str(fault.message) if fault else ""


def points(link: str) -> tuple[Part, ...]:
    """The means of contact that come along with a party or a person."""
    kinds = (
        ("email", _("E-mail"), MAIL, checked("email")),
        ("phone", _("Phone"), PHONE, None),
        ("fax", _("Fax"), "", None),
        ("site", _("Site"), "", checked("site")),
        ("messenger", _("Messenger"), "", None),
    )
    return tuple(
        Part(code, label, "contact-point", link, ("raw",), given={"type": code}, same="comparison_key",
             normal=key_of(code), check=check, looks=looks)
        for code, label, looks, check in kinds
    )  # fmt: skip


def reached_by(holder: str) -> tuple[Key, ...]:
    """By mail and by phone a party or a person is recognised; of phones the last ten digits count."""
    point = {"points__is_archived": False}
    return (
        Key("email", _("E-mail"), (("email.raw",),), "points__comparison_key", key_of("email"), given=point),
        Key("phone", _("Phone"), (("phone.raw",),), "points__digits", phone_digits, given=point),
    )


def decisions(link: str) -> tuple[Part, ...]:
    """What somebody refused, one column for each means of contact, and the consent to advertising."""
    asked = (
        ("no-email", _("Refusal of e-mail"), {"purpose": "contact", "channel": "email"}),
        ("no-call", _("Refusal of calls"), {"purpose": "contact", "channel": "phone"}),
        ("no-contact", _("Refusal of any contact"), {"purpose": "contact", "channel": "any"}),
    )
    return tuple(
        Part(code, label, "consent", link, ("decision",), given=given, same="decision", normal=str)
        for code, label, given in asked
    )


REQUISITES = Part(
    "requisites", _("Requisites"), "requisites", "party", ("inn", "kpp", "ogrn", "short_name", "full_name"),
    check=inn_said, looks="",
)  # fmt: skip
WORDS = {
    "email.raw": "email|e mail|mail|email address|e mail address|почта|эл почта|электронная почта|"
                 "адрес электронной почты",
    "phone.raw": "phone|phone number|telephone|tel|mobile|mobile phone|mobile phone number|home phone|business phone|"
                 "other phone|cell|телефон|телефоны|тел|мобильный|мобильный телефон|моб|контактный телефон|"
                 "рабочий телефон",
    "fax.raw": "fax|факс",
    "site.raw": "site|website|web|url|website url|домен|сайт|веб сайт|company domain name",
    "no-email.decision": "do not email|email opt out|unsubscribed|отказ от рассылки|отказ от писем",
    "no-call.decision": "do not call|отказ от звонков|не звонить",
    "no-contact.decision": "do not contact|не связываться",
    "owner": "owner|contact owner|company owner|manager|responsible|ответственный|менеджер|куратор|владелец",
    "source_key": "id|contact id|company id|customer id|код|guid|uid|номер клиента|record id|external id",
    "note": "notes|note|comment|description|примечание|комментарий|заметка|описание",
}  # fmt: skip
PARTY = Intake(
    entity="party",
    parts=(
        *points("party"),
        REQUISITES,
        Part("address", _("Address"), "address", "party", ("free_text",), given={"kind": "actual"}),
        Part("place", _("Address by parts"), "address", "party",
             ("postcode", "region_name", "city", "street", "house"), given={"kind": "actual"}),
        Part("role", _("Role"), "party-role", "party", ("role",), same="role", normal=str),
        *decisions("party"),
    ),
    keys=(
        Key("inn", _("INN"), (("requisites.inn",),), "requisites__inn", clean,
            given={"requisites__is_archived": False}),
        *reached_by("party"),
        Key("site", _("Site"), (("site.raw",),), "points__comparison_key", key_of("site"),
            given={"points__is_archived": False, "points__type": "site"}),
        Key("name", _("Name"), (("display_name",),), "sort_key", lambda text: sort_key(text)[:255]),
    ),
    words=WORDS | {
        "display_name": "company|company name|organization|organisation|account|account name|client|customer|"
                        "название|наименование|компания|организация|контрагент|клиент|название компании|фирма",
        "city": "city|town|город|населенный пункт",
        "region": "state|state region|province|область|край",
        "requisites.inn": "inn|tax id|инн",
        "requisites.kpp": "kpp|кпп",
        "requisites.ogrn": "ogrn|огрн",
        "requisites.full_name": "legal name|полное наименование|юридическое название",
        "address.free_text": "address|street address|адрес|юридический адрес|фактический адрес",
        "employees": "number of employees|employees|сотрудников|численность",
        "annual_revenue": "annual revenue|revenue|выручка|годовой оборот",
        "industry": "industry|sector|отрасль|сфера деятельности",
        "contact_source": "lead source|source|источник",
        "role.role": "role|type|роль|тип",
    },
    create_many=register_parties,
    from_text=lambda text, *, by: party_called(text, by),
)  # fmt: skip
CONTACT = Intake(
    entity="contact",
    parts=(
        *points("contact"),
        Part("position", _("Position"), "contact-position", "contact", ("party", "position")),
        *decisions("contact"),
    ),
    keys=(
        *reached_by("contact"),
        Key("name", _("Name"), (("full_name",), ("surname", "given_name", "patronymic")), "sort_key",
            lambda text: sort_key(text)[:190]),
    ),
    words=WORDS | {
        "full_name": "name|full name|contact|contact name|person|фио|имя и фамилия|контактное лицо|контакт|полное имя",
        "given_name": "first name|given name|firstname|имя",
        "surname": "last name|surname|family name|lastname|фамилия",
        "patronymic": "middle name|additional name|additional names|отчество",
        "birthday": "birthday|birth date|date of birth|день рождения|дата рождения",
        "position.position": "job title|title|position|organization 1 title|должность",
        "position.party": "company|organization|employer|organization 1 name|associated company domain|компания|"
                          "организация",
    },
    create_many=register_contacts,
    from_text=lambda text, *, by: contact_called(text, by),
)  # fmt: skip


def party_called(text: str, by: User) -> Party:
    """A party of which only the name is known."""
    return register_party(display_name=text[:255], by=by)


def contact_called(text: str, by: User) -> Contact:
    """A person of whom only the name is known."""
    return register_contact(full_name=text[:190], by=by)


take_in(
    PARTY,
    CONTACT,
    Intake(entity="contact-point", create_many=add_points),
    Intake(entity="consent", create_many=note_consents),
    Intake(entity="address", create_many=add_addresses),
    Intake(entity="party-role", create_many=give_roles),
    Intake(entity="requisites", create_many=note_requisites),
    Intake(entity="contact-position", create_many=take_positions),
)
