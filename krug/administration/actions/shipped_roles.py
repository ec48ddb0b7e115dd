"""The ten roles that every installation has from the first day; what a company has changed in them stays changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from krug.access.models import Grant, Reach, Role

Granted = tuple[Reach, tuple[str, ...]]
ByRole = Mapping[str, Mapping[str, Granted]]
WRITE = ("create", "change")
WORK = ("create", "change", "archive")
EVERY_VERB = ("*",)
OWN_TOKENS: Granted = (Reach.OWN, ("create", "revoke"))
EMPLOYEES = ("head", "seller", "marketer", "operator", "engineer", "secretary")


@dataclass(frozen=True)
class Shipped:
    """One role as it is shipped; each domain adds what the role may do there."""

    code: str
    name_ru: str
    name_en: str
    grants: dict[str, Granted] = field(default_factory=dict)


SHIPPED = (
    Shipped("administrator", "Администратор", "Administrator", {"*": (Reach.ALL, EVERY_VERB)}),
    Shipped("head", "Руководитель отдела", "Head of a team"),
    Shipped("seller", "Менеджер по продажам", "Seller"),
    Shipped("marketer", "Маркетолог", "Marketer"),
    Shipped("operator", "Оператор", "Operator"),
    Shipped("engineer", "Инженер", "Engineer"),
    Shipped("secretary", "Секретарь", "Secretary"),
    Shipped("executive", "Директор", "Executive", {"*": (Reach.ALL, ("personal",)), "token": OWN_TOKENS}),
    Shipped("dealer", "Дилер", "Dealer"),
    Shipped("customer", "Клиент", "Customer"),
)


def ship(*domain: ByRole) -> None:
    """A domain says what the shipped roles may do with its types."""
    roles = {shipped.code: shipped for shipped in SHIPPED}
    for by_role in domain:
        for code, grants in by_role.items():
            roles[code].grants.update(grants)


def seen_by_employees(*entities: str) -> ByRole:
    """Everybody who works here sees all records of these types."""
    return {role: dict.fromkeys(entities, (Reach.ALL, ())) for role in EMPLOYEES}


@transaction.atomic
def ensure_shipped_roles() -> int:
    """Make the shipped roles and grants that are missing; those that stand are left as the company made them."""
    made = 0
    for shipped in SHIPPED:
        role, is_new = Role.objects.get_or_create(
            code=shipped.code,
            defaults={"name_ru": shipped.name_ru, "name_en": shipped.name_en, "is_shipped": True},
        )
        known = set(role.grants.values_list("entity", flat=True))
        missing = [
            Grant(role=role, entity=entity, reach=reach, verbs=list(verbs))
            for entity, (reach, verbs) in shipped.grants.items()
            if entity not in known
        ]
        Grant.objects.bulk_create(missing)
        made += is_new + len(missing)
    return made
