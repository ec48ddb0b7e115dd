"""Who sees deals, and what belongs to deals."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from krug.access.models import Reach, User
from krug.kernel.registry import get_entity
from krug.kernel.visibility import by_parent, by_reach, rights_of
from krug.parties.models.territories import opened_by_territory
from krug.sales.models import Deal, StageVisit

deal_there = opened_by_territory("deal", "party__territory")
work_there = opened_by_territory("work", "deal__party__territory")


def deals(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own deals; by reach the team's and those of the territory; and those in which one answers for the stage."""
    reach = rights_of(user).reach("deal")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "deal")
    answering = StageVisit.objects.filter(deal=OuterRef("pk"), responsible=user, left_at=None)
    return by_reach(rows, user, "deal", also=Q(Exists(answering)) | deal_there(user))


def of_deals(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What belongs to a deal is seen by whoever sees the deal."""
    if rights_of(user).reach("deal") == Reach.ALL:
        return rows
    return by_parent(rows, deals(Deal.objects.all(), user), "deal")


def people_of_deals(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """People in visible deals, as far as one may know the people themselves."""
    if rights_of(user).reach("contact") == Reach.ALL:
        return of_deals(rows, user)
    known = get_entity("contact").rows_for(user).values("pk")
    return of_deals(rows, user).filter(contact__in=known)


def works(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Works of visible deals, and those one has to do oneself."""
    reach = rights_of(user).reach("work")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "work", owner="assignee")
    of_seen = Q(Exists(deals(Deal.objects.filter(pk=OuterRef("deal")), user)))
    shown = of_seen | work_there(user)
    return by_reach(rows, user, "work", owner="assignee", also=shown)
