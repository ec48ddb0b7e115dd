"""Who sees parties and what belongs to them: the employee who answers for them, the team, everybody by role."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from krug.access.models import Reach, User
from krug.kernel.visibility import by_parent, by_reach, holds, rights_of
from krug.parties.models import Contact, ContactPosition, Party
from krug.parties.models.territories import opened_by_territory

party_there = opened_by_territory("party", "territory")
contact_there = opened_by_territory("contact", "positions__party__territory", within="party__territory")


def parties(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own parties, those of the team, of the territory, or all, by the reach of the role."""
    return by_reach(rows, user, "party", also=party_there(user))


def contacts(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own people, and those who hold a position at a visible party."""
    if rights_of(user).reach("contact") in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "contact")
    shown = _of_visible_party(user) | contact_there(user)
    positions = ContactPosition.objects.filter(shown, contact=OuterRef("pk"))
    return by_reach(rows, user, "contact", also=holds(positions))


def of_party(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What belongs to a visible party."""
    if rights_of(user).reach("party") == Reach.ALL:
        return rows
    return by_parent(rows, parties(Party.objects.all(), user), "party")


def relations(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Relations between two visible parties; of one to a stranger not even the name is told."""
    if rights_of(user).reach("party") == Reach.ALL:
        return rows
    visible = _visible_parties(user)
    return rows.filter(from_party__in=visible, to_party__in=visible)


def points(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Phones and addresses of visible parties and people."""
    rights = rights_of(user)
    if rights.reach("party") == Reach.ALL and rights.reach("contact") == Reach.ALL:
        return rows
    return rows.filter(_of_visible_party(user) | _of_visible_person(user))


def positions(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Positions at visible parties, and those of visible people."""
    if rights_of(user).reach("party") == Reach.ALL:
        return rows
    return rows.filter(_of_visible_party(user) | _of_visible_person(user))


def _of_visible_party(user: User) -> Q:
    return holds(parties(Party.objects.filter(pk=OuterRef("party")), user))


def _of_visible_person(user: User) -> Q:
    return holds(contacts(Contact.objects.filter(pk=OuterRef("contact")), user))


def _visible_parties(user: User) -> QuerySet[Any]:
    return parties(Party.objects.all(), user).values("pk")
