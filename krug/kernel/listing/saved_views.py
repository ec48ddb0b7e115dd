"""Named lists: those every type has, those people saved, and the one that a role opens first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.links import record_number
from krug.kernel.listing.filters import Condition, read_tree, with_condition
from krug.kernel.listing.state import ListState, filter_text, read_state
from krug.kernel.models import SavedView
from krug.kernel.visibility import rights_of

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

MINE, TEAM, ALL, IN_WORK = "mine", "team", "all", "in-work"
MOST_VIEWS = 100


@dataclass(frozen=True)
class View:
    """One entry of the list of views; `shared` says with whom, `is_own` whether the reader may change it."""

    key: str
    name: str
    shared: str = ""
    is_own: bool = False


def ready_views(entity: Entity, user: User) -> list[View]:
    """What every type has: in work, mine, the team's, everybody's; as far as it has owners and the user sees."""
    working = [View(IN_WORK, pgettext("view", "In work"))] if entity.in_work else []
    if entity.owner not in entity.fields:
        return [*working, View(ALL, pgettext("view", "All"))]
    reach = rights_of(user).reach(entity.code).value
    wider = (
        [View(TEAM, pgettext("view", "My team's"))]
        if reach not in ("none", "own") and _team_path(entity) and user.team_id
        else []
    )
    return [*working, View(MINE, pgettext("view", "Mine")), *wider, View(ALL, pgettext("view", "Everyone's"))]


def saved_views(entity: Entity, user: User) -> list[View]:
    """Views that the user saved, and those shared with the team or everybody."""
    rows = (
        _open_to(entity, user)
        .order_by("position", "name", "id")
        .values("pk", "name", "owner_id", "team_id", "is_shared")
    )
    return [
        View(
            key=str(row["pk"]),
            name=row["name"],
            shared=ALL if row["is_shared"] else TEAM if row["team_id"] else "",
            is_own=row["owner_id"] == user.pk,
        )
        for row in rows[:MOST_VIEWS]
    ]


def kept_state(entity: Entity, user: User, key: str) -> dict[str, str]:
    """What the view of that key keeps; a view that is gone, or not open to the user, does not exist."""
    if key == ALL or not key:
        return {}
    if key == IN_WORK and entity.in_work:
        return {"filter": filter_text(read_tree(entity.in_work).to_json())}
    if key == MINE:
        return {"filter": filter_text(with_condition(None, Condition(entity.owner, "eq", "me")))}
    if key == TEAM and user.team_id and (path := _team_path(entity)):
        return {"filter": filter_text(with_condition(None, Condition(path, "eq", user.team_id)))}
    return dict(open_view(entity, user, key).state)


def asked_state(entity: Entity, user: User, params: Mapping[str, str]) -> ListState:
    """The state that an address says over what its view keeps."""
    return read_state(entity, params, kept_state(entity, user, params.get("saved", "")))


def default_view(entity: Entity, user: User) -> str:
    """The view that opens when an address names none: the one set for a role of the user, or nothing."""
    rows = SavedView.objects.filter(entity=entity.code, default_for__users=user, default_for__is_archived=False)
    found = rows.filter(_shown_to(user)).order_by("position", "id").values_list("pk", flat=True).first()
    return "" if found is None else str(found)


def to_keep(state: ListState) -> dict[str, str]:
    """What a view keeps of the way one looks."""
    return {name: value for name, value in state.to_json().items() if value and name != "month"}


def open_view(entity: Entity, user: User, key: str) -> SavedView:
    """A saved view that the user may open."""
    number = record_number(key)
    found = _open_to(entity, user).filter(pk=number).first() if number else None
    if found is None:
        raise NotFound(_("There is no such view, or it is no longer shared with you."))
    return found


def _open_to(entity: Entity, user: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(_shown_to(user), entity=entity.code)


def _shown_to(user: User) -> Q:
    shown = Q(owner=user) | Q(is_shared=True) | Q(default_for__users=user)
    shown = shown | Q(team=user.team_id) if user.team_id else shown
    return Q(pk__in=SavedView.objects.filter(shown).values("pk"))


def _team_path(entity: Entity) -> str:
    path = f"{entity.owner}__team"
    try:
        entity.field(path)
    except BadRequest:
        return ""
    return path


def is_changed(state: ListState, kept: dict[str, Any]) -> bool:
    """Whether the reader looks otherwise than the view says; the ready views leave the layout open."""
    said, before = to_keep(state), {name: value for name, value in kept.items() if value and name != "month"}
    if not state.saved.isdigit():
        said = {name: value for name, value in said.items() if name not in ("view", "tree", "by")}
    return said != before
