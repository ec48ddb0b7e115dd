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
def create_team(*, by: User, **values: Any) -> Team:
    """Found a team; two teams under the same one never have the same name."""
    _refuse_taken(values.get("name", ""), values.get("parent"))
    made: Team = writing.create(get_entity("team"), values, by=by)
    return made


@transaction.atomic
def change_team(team: Team, values: dict[str, Any], *, by: User) -> Team:
    """Change a team; it never comes to stand below itself."""
    stands = dict(Team.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
    above, passed = getattr(values.get("parent"), "pk", None), {team.pk}
    while above is not None:
        if above in passed:
            raise Refusal(_("A team can not stand below itself."), field="parent")
        passed.add(above)
        above = stands.get(above)
    _refuse_taken(values.get("name", team.name), values.get("parent", team.parent), but=team.pk)
    changed: Team = writing.change(get_entity("team"), team, values, by=by)
    return changed


@transaction.atomic
def archive_team(team: Team, *, by: User) -> Team:
    """Put a team away once nobody works in it and no team stands below it."""
    if team.members.filter(is_active=True).exists() or team.children.filter(is_archived=False).exists():
        raise Refusal(_("People or teams still belong to this team: move them first."))
    put_away: Team = writing.archive(get_entity("team"), team, by=by)
    return put_away


def _refuse_taken(name: str, parent: Team | None, *, but: int = 0) -> None:
    """Two teams of one name side by side can not be told apart; one put away keeps its name."""
    same = Team.objects.filter(name__iexact=name, parent=parent).exclude(pk=but).first()
    if same is not None:
        words = _("There is a team “%(name)s” already.")
        if same.is_archived:
            words = _("There is a team “%(name)s” in the archive: bring it back or choose another name.")
        raise Refusal(words % {"name": same.name}, field="name", code="NAME_TAKEN")
