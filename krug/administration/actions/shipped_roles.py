"""The ten roles that every installation has from the first day; what a company has changed in them stays changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from krug.access.models import Grant, Reach, Role

Granted = tuple[Reach, tuple[str, ...]]
WRITE = ("create", "change")
WORK = ("create", "change", "archive")
EVERY_VERB = ("*",)


@dataclass(frozen=True)
class Shipped:
    """One role as it is shipped."""

    code: str
    name_ru: str
    name_en: str
    grants: dict[str, Granted]


EMPLOYEE: dict[str, Granted] = {
    "user": (Reach.ALL, ()),
    "team": (Reach.ALL, ()),
    "token": (Reach.OWN, ("create", "revoke")),
    "product": (Reach.ALL, ()),
    "pipeline": (Reach.ALL, ()),
    "stage": (Reach.ALL, ()),
}
PARTY_PARTS = (
    "contact",
    "employment",
    "contact-point",
    "address",
    "requisites",
    "relation",
    "party-role",
    "bank-account",
)
DEAL_PARTS = ("work", "stage-result", "stage-visit", "deal-product", "deal-contact", "competitor-of-deal")


def parties(reach: Reach, verbs: tuple[str, ...]) -> dict[str, Granted]:
    """The same right to parties and to all that belongs to them."""
    return dict.fromkeys(("party", *PARTY_PARTS), (reach, verbs))


def deals(reach: Reach, verbs: tuple[str, ...]) -> dict[str, Granted]:
    """The same right to deals and to all that belongs to them."""
    return dict.fromkeys(("deal", *DEAL_PARTS), (reach, verbs))


def contacts_with_them(reach: Reach) -> dict[str, Granted]:
    """Writing down what was said, and planning what is next."""
    return {"interaction": (reach, EVERY_VERB), "task": (reach, EVERY_VERB)}


SELLER = {
    **EMPLOYEE,
    **parties(Reach.TEAM, (*WRITE, "export")),
    **deals(Reach.OWN, EVERY_VERB),
    **contacts_with_them(Reach.OWN),
}
HEAD = {
    **EMPLOYEE,
    **parties(Reach.TEAM, EVERY_VERB),
    **deals(Reach.TEAM, EVERY_VERB),
    **contacts_with_them(Reach.TEAM),
    "report": (Reach.TEAM, ()),
}
MARKETER = {
    **EMPLOYEE,
    **parties(Reach.ALL, (*WRITE, "export", "import")),
    **deals(Reach.ALL, ()),
    **contacts_with_them(Reach.OWN),
    "report": (Reach.ALL, ()),
}
OPERATOR = {**EMPLOYEE, **parties(Reach.ALL, WRITE), **contacts_with_them(Reach.OWN)}
ENGINEER = {**EMPLOYEE, **parties(Reach.ALL, ()), **contacts_with_them(Reach.OWN)}
SECRETARY = {**EMPLOYEE, **parties(Reach.ALL, WORK), **deals(Reach.ALL, ()), **contacts_with_them(Reach.ALL)}

SHIPPED = (
    Shipped("administrator", "Администратор", "Administrator", {"*": (Reach.ALL, EVERY_VERB)}),
    Shipped("head", "Руководитель отдела", "Head of a team", HEAD),
    Shipped("seller", "Менеджер по продажам", "Seller", SELLER),
    Shipped("marketer", "Маркетолог", "Marketer", MARKETER),
    Shipped("operator", "Оператор", "Operator", OPERATOR),
    Shipped("engineer", "Инженер", "Engineer", ENGINEER),
    Shipped("secretary", "Секретарь", "Secretary", SECRETARY),
    Shipped("executive", "Директор", "Executive", {"*": (Reach.ALL, ()), "token": (Reach.OWN, ("create", "revoke"))}),
    Shipped("dealer", "Дилер", "Dealer", {}),
    Shipped("customer", "Клиент", "Customer", {}),
)


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
