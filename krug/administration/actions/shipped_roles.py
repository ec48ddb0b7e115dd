"""The ten roles that every installation has from the first day; what a company has changed in them stays changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from krug.access.models import Grant, Reach, Role

Granted = tuple[Reach, tuple[str, ...]]
WRITE = ("create", "change")
WORK = ("create", "change", "archive")
EVERY_VERB = ("*",)
SELL = (*WRITE, "export", "move", "win", "lose", "suspend", "resume", "result", "plan", "paper", "handover")
LEAD = (*SELL, "reopen", "archive", "correct", "override", "import")
KNOW = (*WRITE, "add-person", "add-role", "verify")


@dataclass(frozen=True)
class Shipped:
    """One role as it is shipped."""

    code: str
    name_ru: str
    name_en: str
    grants: dict[str, Granted]


OPEN_TO_ALL = (
    "user", "team", "product", "product-category", "pipeline", "pipeline-version", "stage",
    "industry", "contact-source", "loss-reason", "competitor", "bank",
)  # fmt: skip
EMPLOYEE: dict[str, Granted] = {
    **dict.fromkeys(OPEN_TO_ALL, (Reach.ALL, ())),
    "token": (Reach.OWN, ("create", "revoke")),
}
PARTY_PARTS = ("requisites", "bank-account", "address", "contact-point", "party-role", "party-relation")
DEAL_PARTS = ("deal-line", "deal-contact", "stage-visit")


def parties(reach: Reach, verbs: tuple[str, ...]) -> dict[str, Granted]:
    """Customers, contact persons and what belongs to them; whoever may write a customer may write its parts."""
    parts = WORK if "change" in verbs else ()
    return {
        "party": (reach, verbs),
        "contact": (reach, tuple(verb for verb in verbs if verb in (*WORK, "export", "import"))),
        "contact-position": (reach, (*parts, "leave") if parts else ()),
        **dict.fromkeys(PARTY_PARTS, (reach, parts)),
    }


def deals(reach: Reach, verbs: tuple[str, ...]) -> dict[str, Granted]:
    """Deals with their lines, persons, works, results and papers."""
    is_worked = "change" in verbs
    return {
        "deal": (reach, verbs),
        **dict.fromkeys(DEAL_PARTS, (reach, (*WORK, "remove") if is_worked else ())),
        "work": (reach, (*WRITE, "start", "finish", "continue", "cancel") if is_worked else ()),
        "stage-result": (reach, WRITE if is_worked else ()),
        "document": (reach, (*WRITE, "sign", "send") if is_worked else ()),
    }


def contacts_with_them(reach: Reach) -> dict[str, Granted]:
    """Writing down what was said, and planning what is next."""
    return {
        "interaction": (reach, (*WRITE, "withdraw")),
        "task": (reach, (*WRITE, "complete", "postpone", "cancel", "reopen")),
    }


SELLER = {
    **EMPLOYEE,
    **parties(Reach.TEAM, (*KNOW, "export")),
    **deals(Reach.OWN, SELL),
    **contacts_with_them(Reach.OWN),
}
HEAD = {
    **EMPLOYEE,
    **parties(Reach.TEAM, (*KNOW, "archive", "assign", "liquidate", "export", "import")),
    **deals(Reach.TEAM, LEAD),
    **contacts_with_them(Reach.TEAM),
}
MARKETER = {
    **EMPLOYEE,
    **parties(Reach.ALL, (*KNOW, "export", "import")),
    **deals(Reach.ALL, ()),
    **contacts_with_them(Reach.OWN),
}
OPERATOR = {**EMPLOYEE, **parties(Reach.ALL, KNOW), **contacts_with_them(Reach.OWN)}
ENGINEER = {**EMPLOYEE, **parties(Reach.ALL, ()), **contacts_with_them(Reach.OWN)}
SECRETARY = {
    **EMPLOYEE,
    **parties(Reach.ALL, (*KNOW, "archive")),
    **deals(Reach.ALL, ()),
    **contacts_with_them(Reach.ALL),
}

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
