"""Teams stand in a tree, and a tree has no rings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Team, User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity


@transaction.atomic
def change_team(team: Team, values: dict[str, Any], *, by: User) -> Team:
    """Change a team; it never comes to stand below itself."""
    above = values.get("parent")
    list(Team.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    while above is not None:
        if above.pk == team.pk:
            raise Refusal(_("A team can not stand below itself."), field="parent")
        above = above.parent
    changed: Team = writing.change(get_entity("team"), team, values, by=by)
    return changed


@transaction.atomic
def archive_team(team: Team, *, by: User) -> Team:
    """Put a team away once nobody works in it and no team stands below it."""
    if team.members.filter(is_active=True).exists() or team.children.filter(is_archived=False).exists():
        raise Refusal(_("People or teams still belong to this team: move them first."))
    put_away: Team = writing.archive(get_entity("team"), team, by=by)
    return put_away
