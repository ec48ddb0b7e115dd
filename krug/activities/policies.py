"""Who sees interactions, tasks, obligations and calls: whoever sees the customer, and whoever takes part."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from krug.access.models import Reach, User
from krug.activities.models import InteractionColleague
from krug.kernel.registry import get_entity
from krug.kernel.visibility import by_reach, holds, rights_of
from krug.parties.models.territories import opened_by_territory

interaction_there = opened_by_territory("interaction", "party__territory")
task_there = opened_by_territory("task", "party__territory")
call_there = opened_by_territory("call", "party__territory")
obligation_there = opened_by_territory("obligation", "party__territory")


def interactions(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own ones and the team's by reach, those of visible customers, and those where one took part."""
    reach = rights_of(user).reach("interaction")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "interaction", owner="curator")
    parties = get_entity("party").rows_for(user).filter(pk=OuterRef("party"))
    taking_part = InteractionColleague.objects.filter(user=user, interaction=OuterRef("pk"))
    shown = holds(parties) | holds(taking_part) | interaction_there(user)
    return by_reach(rows, user, "interaction", owner="curator", also=shown)


def tasks(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Tasks of oneself and, by reach, of the team or about customers of the territory; and those one has set."""
    shown = Q(created_by=user) | task_there(user)
    return by_reach(rows, user, "task", owner="assignee", also=shown)


def obligations(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Those one answers for and, by reach, the team's; those of visible customers, and those one has written down."""
    reach = rights_of(user).reach("obligation")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "obligation")
    parties = get_entity("party").rows_for(user).filter(pk=OuterRef("party"))
    shown = Q(created_by=user) | holds(parties) | obligation_there(user)
    return by_reach(rows, user, "obligation", also=shown)


def calls(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Those one answered, made or wrote down, by reach the team's, those of one's lines and of visible customers."""
    reach = rights_of(user).reach("call")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "call", owner="employee")
    parties = get_entity("party").rows_for(user).filter(pk=OuterRef("party"))
    shown = Q(created_by=user) | Q(line__owner=user) | holds(parties) | call_there(user)
    return by_reach(rows, user, "call", owner="employee", also=shown)
