"""What the lists of all types get from here: the button of the trees and the panel at the left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.kernel.listing.state import list_url
from krug.kernel.screens.beside import Layout, lay_out, mend_by, stand_beside
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.offers import Screen, offer
from krug.lists.actions.pins import first_role, pinned_keys, roles_to_choose
from krug.lists.actions.trees import trees_of
from krug.lists.rules.map import coordinates_of
from krug.lists.rules.mending import mended
from krug.lists.rules.short_lists import board_of
from krug.lists.screens import related_form as _related_form  # noqa: F401  (its step is known from here on)
from krug.lists.screens.board import board_context, board_move
from krug.lists.screens.calendar import calendar_context, calendar_of
from krug.lists.screens.filter_groups import group_lines
from krug.lists.screens.map import map_context
from krug.lists.screens.panel import panel_for, then_once
from krug.lists.screens.views import alter_view, keep_view

if TYPE_CHECKING:
    from django.http import HttpRequest

    from krug.kernel.entity import Entity
    from krug.kernel.listing.state import ListState


def tree_beside(request: HttpRequest, entity: Entity, state: ListState) -> Mapping[str, Any]:
    """The trees one may open beside this list, and the place where the nodes of the open one are fetched into."""
    known = trees_of(entity, asker(request))
    found = panel_for(request, entity, state)
    shown = found[0] if found else None
    exact = {"count": "exact"} if request.GET.get("count") == "exact" else {}
    open_one = shown.pk if shown else None
    asked = "&".join(filter(None, (state.changed(open="").query(), urlencode(exact))))
    return {
        "tree_choices": [(tree.name, list_url(entity, _with(state, tree.pk)), tree.pk == open_one) for tree in known],
        "tree_shown": shown,
        "tree_close_url": list_url(entity, _with(state, "")),
        "tree_edit_url": f"/trees/{entity.plural_url}/{shown.pk}/" if shown else "",
        "tree_new_url": f"/trees/{entity.plural_url}/",
        "tree_panel_url": then_once(f"/trees/{entity.plural_url}/panel/?{asked}"),
    }


def told(request: HttpRequest, entity: Entity, state: ListState) -> Mapping[str, Any]:
    """All that stands beside a list: its tree, how its conditions stand together, what may be done with its view."""
    groups = {"groups": group_lines(entity, state, reading_of(request)), "groups_open": "groups" in request.GET}
    return {**groups, **tree_beside(request, entity, state), **view_beside(request, entity, state)}


def view_beside(request: HttpRequest, entity: Entity, state: ListState) -> Mapping[str, Any]:
    """Whether the shown view is pinned, and the roles that may begin with it."""
    user, key = asker(request), state.saved or "all"
    roles = roles_to_choose(user) if key.isdigit() else []
    return {
        "pin_url": f"/views/{entity.plural_url}/{key}/pin/?{state.query()}",
        "is_pinned": key in pinned_keys(user, [entity.code]).get(entity.code, ()),
        "first_url": f"/views/{entity.plural_url}/{key}/first/?{state.query()}" if roles else "",
        "first_roles": [("", _("nobody")), *((str(role.pk), str(role)) for role in roles)],
        "first_role": first_role(entity, key) if roles else "",
    }


def _with(state: ListState, number: int | str) -> ListState:
    """The same list with another tree beside it; its page stays where it is."""
    return state.changed(hierarchy=str(number), after=state.after, before=state.before)


lay_out(
    Layout(
        "board", gettext_lazy("Board"), "board", "lists/board.html", board_of, board_context,
        gettext_lazy("There is no board: these records have no field with a short list of values."),
    ),
    Layout(
        "calendar", gettext_lazy("Calendar"), "calendar", "lists/calendar.html", calendar_of, calendar_context,
        gettext_lazy("There is no calendar: these records have no day of their own."),
    ),
    Layout(
        "map", gettext_lazy("Map"), "pin", "lists/map.html", coordinates_of, map_context,
        gettext_lazy("There is no map: these records have neither coordinates nor addresses with them."),
    ),
)  # fmt: skip
offer(
    Screen("move", board_move, "view"),
    Screen("views", keep_view, "view"),
    Screen("views/<slug:key>", alter_view, "view"),
)
mend_by(mended)
stand_beside(told, tools="lists/_tree_button.html", side="lists/_tree_place.html", views="lists/_view_tools.html")
