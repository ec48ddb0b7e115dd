"""Who sees deals, and what belongs to deals."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from krug.access.models import Reach, User
from krug.kernel.visibility import by_parent, by_reach, rights_of
from krug.sales.models import Deal, StageVisit


def deals(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own deals and, by reach, the team's; and those in which one answers for the present stage."""
    reach = rights_of(user).reach("deal")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "deal")
    answering = StageVisit.objects.filter(responsible=user, left_at=None).values("deal")
    return by_reach(rows, user, "deal", also=Q(pk__in=answering))


def of_deals(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What belongs to a deal is seen by whoever sees the deal."""
    if rights_of(user).reach("deal") == Reach.ALL:
        return rows
    return by_parent(rows, deals(Deal.objects.all(), user), "deal")


def works(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Works of visible deals, and those one has to do oneself."""
    reach = rights_of(user).reach("work")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "work", owner="assignee")
    of_seen = Q(deal__in=deals(Deal.objects.all(), user).values("pk"))
    return by_reach(rows, user, "work", owner="assignee", also=of_seen)
