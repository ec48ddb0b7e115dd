"""Who sees documents: their keeper, and whoever sees the customer."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet

from krug.access.models import Reach, User
from krug.kernel.registry import get_entity
from krug.kernel.visibility import by_reach, holds, rights_of


def documents(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own ones and the team's by reach, and those of visible customers."""
    reach = rights_of(user).reach("document")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "document", owner="created_by")
    of_seen = holds(get_entity("party").rows_for(user).filter(pk=OuterRef("party")))
    return by_reach(rows, user, "document", owner="created_by", also=of_seen)
