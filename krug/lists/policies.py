"""Who sees a tree: its owner, his team when it is shared so, or everybody."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from krug.access.models import User
from krug.lists.models import ListTree


def trees(rows: QuerySet[ListTree], user: User) -> QuerySet[ListTree]:
    """Trees that the user made, and those shared with the team or everybody."""
    shown = Q(owner=user) | Q(is_shared=True)
    return rows.filter(shown | Q(team=user.team_id) if user.team_id else shown)
