"""Who sees what: rights are gathered from roles once per request and laid on querysets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from krug.access.models import Grant, Reach, User
from krug.kernel.errors import NotAllowed
from krug.kernel.moment import looking_back

ANY = "*"
MEMBERS = (
    "WITH RECURSIVE below AS (SELECT %s::bigint AS id"
    " UNION SELECT team.id FROM team JOIN below ON parent_id = below.id)"
    " SELECT person.id FROM person JOIN below ON team_id = below.id"
)
READING = {"export"}
Given = tuple[str, str, Iterable[str]]


@dataclass(frozen=True)
class Rights:
    """The widest reach per entity type and the verbs allowed, over all roles of one user."""

    reaches: dict[str, Reach]
    verbs: dict[str, frozenset[str]]

    def reach(self, entity: str) -> Reach:
        """How far the user sees records of this type."""
        return max(self.reaches.get(entity, Reach.NONE), self.reaches.get(ANY, Reach.NONE), key=lambda r: r.rank)

    def may(self, entity: str, verb: str) -> bool:
        """Whether the user may do this to records that he sees."""
        return any(
            ANY in granted or verb in granted
            for granted in (self.verbs.get(entity, frozenset()), self.verbs.get(ANY, frozenset()))
        )

    def within(self, scopes: Iterable[str]) -> Rights:
        """These rights as far as scopes such as `deal:view` or `*:*` let them through, and no further."""
        reaches: dict[str, Reach] = {}
        verbs: dict[str, frozenset[str]] = {}
        for entity, _colon, verb in (scope.partition(":") for scope in scopes):
            for code in {*self.reaches, *self.verbs} if entity == ANY else {entity}:
                reaches[code] = self.reaches.get(code, Reach.NONE) if entity == ANY else self.reach(code)
                held = self.verbs.get(code, frozenset()) | (
                    frozenset() if entity == ANY else self.verbs.get(ANY, frozenset())
                )
                passed = held if verb == ANY else frozenset({verb}) if verb in held or ANY in held else frozenset()
                verbs[code] = verbs.get(code, frozenset()) | passed
        return Rights(reaches, verbs)

    def cover(self, others: Rights) -> bool:
        """Whether nothing in the other rights goes beyond these."""
        return all(self.reach(code).rank >= reach.rank for code, reach in others.reaches.items()) and all(
            self.may(code, verb) for code, granted in others.verbs.items() for verb in granted
        )


def rights_in(grants: Iterable[Given]) -> Rights:
    """Rights as a set of grants would give them: the widest reach and all verbs of each type."""
    reaches: dict[str, Reach] = {}
    verbs: dict[str, frozenset[str]] = {}
    for entity, reach, granted in grants:
        reaches[entity] = max(reaches.get(entity, Reach.NONE), Reach(reach), key=lambda each: each.rank)
        verbs[entity] = verbs.get(entity, frozenset()) | frozenset(granted)
    return Rights(reaches, verbs)


def rights_of(user: User) -> Rights:
    """The user's rights, read once and kept on the user object for the time of the request."""
    cached: Rights | None = getattr(user, "_rights", None)
    if cached is not None:
        return cached
    grants: Iterable[Given] = ()
    if user.is_system:
        grants = [(ANY, Reach.ALL, [ANY])]
    elif user.is_active:
        held = Grant.objects.filter(role__users=user, role__is_archived=False)
        grants = held.values_list("entity", "reach", "verbs")
    rights = rights_in(grants)
    user._rights = rights  # type: ignore[attr-defined]  # kept for the time of the request
    return rights


def member_ids_of(user: User) -> list[int]:
    """The people of the user's team and of all teams below it; as numbers, so that an index can answer."""
    cached: list[int] | None = getattr(user, "_member_ids", None)
    if cached is None:
        with connection.cursor() as cursor:
            cursor.execute(MEMBERS, [user.team_id])
            cached = [pk for (pk,) in cursor.fetchall()]
        user._member_ids = cached  # type: ignore[attr-defined]  # kept for the time of the request
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
    """Refuse when the right is missing."""
    if not may(user, entity, verb):
        from django.utils.translation import gettext as _

        raise NotAllowed(_("Your role has no right to do this. An administrator can grant it."))


def forget_rights(users: Iterable[User]) -> None:
    """Drop what was kept on user objects after their roles changed."""
    for user in users:
        user.__dict__.pop("_rights", None)
        user.__dict__.pop("_member_ids", None)
