"""Who sees people, teams and roles, and who stands above whom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from krug.access.models import Reach, Role, User
from krug.access.rights import ANY, Rights, rights_in
from krug.kernel.errors import NotAllowed
from krug.kernel.visibility import may, rights_of


def users(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Every employee knows every colleague by name; customers and dealers know nobody."""
    return rows.filter(is_system=False) if rights_of(user).reach("user") != Reach.NONE else rows.none()


def teams(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Every employee knows the teams; customers and dealers do not."""
    return rows if rights_of(user).reach("team") != Reach.NONE else rows.none()


def roles(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Roles are seen whole or not at all: they tell what others may do."""
    return rows if rights_of(user).reach("role") == Reach.ALL else rows.none()


def opened_hosts(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What stands inside is told to nobody but those who see everything."""
    return rows if rights_of(user).reach("opened-host") == Reach.ALL else rows.none()


def is_administrator(user: User) -> bool:
    """Whether the user sees and does everything."""
    rights = rights_of(user)
    return rights.reach(ANY) == Reach.ALL and rights.may(ANY, ANY)


def refuse_above(by: User, person: User) -> None:
    """Nobody changes the account of a person who may more than he does."""
    fresh = User.objects.get(pk=person.pk)
    fresh.is_active = True
    if by.pk != person.pk and not rights_of(by).cover(rights_of(fresh)):
        raise NotAllowed(_("This person has rights that you do not have; another administrator must do this."))


def refuse_greater(by: User, rights: Rights) -> None:
    """Nobody gives away rights that he does not have himself."""
    if not rights_of(by).cover(rights):
        raise NotAllowed(_("You can not give rights that you do not have yourself."))


def may_change_role(by: User, role: Role) -> bool:
    """Whether somebody may say what a role grants: with the right to, and not above himself."""
    return may(by, "role", "change") and rights_of(by).cover(rights_of_role(role))


def rights_of_role(role: Role) -> Rights:
    """What one role alone gives."""
    return rights_in(role.grants.values_list("entity", "reach", "verbs", "fields"))
