"""Who sees what: rights are gathered from roles once per request and laid on querysets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _

from krug.access.models import Grant, Reach, User, every_field
from krug.access.rights import ANY, Given, Rights, rights_in
from krug.kernel.errors import NotAllowed
from krug.kernel.moment import looking_back

MEMBERS = (
    "WITH RECURSIVE below AS (SELECT %s::bigint AS id"
    " UNION SELECT team.id FROM team JOIN below ON parent_id = below.id)"
    " SELECT person.id FROM person JOIN below ON team_id = below.id"
)
READING = {"export"}
T = TypeVar("T")


def keep(user: User, name: str, value: T) -> T:
    """Keep on the user object what was found out about him, until the request ends or his rights change."""
    user.__dict__.setdefault("_kept", {})[name] = value
    return value


def kept(user: User, name: str) -> Any:
    """What was found out about him before, if anything."""
    return user.__dict__.get("_kept", {}).get(name)


def rights_of(user: User) -> Rights:
    """The user's rights, read once and kept on the user object for the time of the request."""
    cached: Rights | None = kept(user, "rights")
    if cached is not None:
        return cached
    grants: Iterable[Given] = ()
    if user.is_system:
        grants = [(ANY, Reach.ALL, [ANY], every_field())]
    elif user.is_active:
        held = Grant.objects.filter(role__users=user, role__is_archived=False)
        grants = held.values_list("entity", "reach", "verbs", "fields")
    rights = rights_in(grants)
    return keep(user, "rights", rights)


def member_ids_of(user: User) -> list[int]:
    """The people of the user's team and of all teams below it; as numbers, so that an index can answer."""
    cached: list[int] | None = kept(user, "members")
    if cached is None:
        with connection.cursor() as cursor:
            cursor.execute(MEMBERS, [user.team_id])
            cached = keep(user, "members", [pk for (pk,) in cursor.fetchall()])
    return cached


def by_reach(
    rows: QuerySet[Any], user: User, entity: str, *, owner: str = "owner", also: Q | None = None
) -> QuerySet[Any]:
    """Narrow rows to the user's reach; `also` adds what is shown for another reason, such as taking part."""
    reach = rights_of(user).reach(entity)
    if reach == Reach.ALL:
        return rows
    if reach == Reach.NONE:
        return rows.none()
    team = member_ids_of(user) if reach in (Reach.TEAM, Reach.TERRITORY) else []
    mine = Q(**{f"{owner}__in": sorted({user.pk, *team})}) if team else Q(**{owner: user.pk})
    return rows.filter(mine | also) if also is not None else rows.filter(mine)


def by_parent(rows: QuerySet[Any], parents: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Show what belongs to visible records of a lower type."""
    return rows.filter(**{f"{path}__in": parents.values("pk")})


def holds(rows: QuerySet[Any]) -> Q:
    """Where these rows, tied by `OuterRef` to the row at hand, hold one; asked row by row as a page is walked.

    `EXISTS` would let PostgreSQL read everything that the user may see into a table first, even for one page.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


def is_employee(user: User) -> bool:
    """Whether the user works here: those who know no colleague, such as customers and dealers, do not."""
    return rights_of(user).reach("user") != Reach.NONE


def everyone(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Dictionaries are open to every signed-in employee."""
    return rows if is_employee(user) else rows.none()


def may(user: User, entity: str, verb: str) -> bool:
    """Whether the user holds the right, for example `deal`, `win`; in the past only those that change nothing."""
    return (verb in READING or looking_back() is None) and rights_of(user).may(entity, verb)


def demand(user: User, entity: str, verb: str) -> None:
    """Refuse when the right is missing, or the second step of sign-in that a role asks for."""
    if not may(user, entity, verb):
        raise missing(user, entity, verb)
    demand_step(user)


def missing(user: User, entity: str, verb: str = "view") -> NotAllowed:
    """What to say when a right is missing: the roles do not give it, or the token at hand lacks its scope."""
    if rights_of(user).lacks_scope(entity, verb):
        return NotAllowed(
            _("This token lacks the scope “%(scope)s”. Its owner can make one that has it.")
            % {"scope": f"{entity}:{verb}"},
            code="TOKEN_SCOPE",
        )
    if verb == "view":
        return NotAllowed(_("Your role does not show you these records."))
    return NotAllowed(_("Your role has no right to do this. An administrator can grant it."))


def demand_step(user: User) -> None:
    """Nothing is done in the name of somebody who lacks the second step that a role asks for, at no door (AUT-09)."""
    if user.lacks_second_step:
        raise NotAllowed(
            _("Your role asks for a second step of sign-in. Sign in in the browser and set it up: then this works."),
            code="SECOND_STEP",
        )


def forget_rights(users: Iterable[User]) -> None:
    """Drop what was kept on user objects after their roles changed."""
    for user in users:
        user.__dict__.pop("_kept", None)
        user.__dict__.pop("lacks_second_step", None)
