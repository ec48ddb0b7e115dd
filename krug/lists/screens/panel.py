"""The panel of a tree beside a list: its nodes with their counts, each a link to the list narrowed to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.links import record_number
from krug.kernel.listing.filters import read_tree
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import PARAMETER, then
from krug.kernel.registry import entities
from krug.kernel.screens.as_of import at_any_moment
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render, wants_part
from krug.lists.actions.trees import levels_of, the_tree
from krug.lists.rules.branches import Branch, Node, branch_of
from krug.lists.rules.counting import Look
from krug.lists.rules.nodes import Way, chosen_in, way_of, with_node

if TYPE_CHECKING:
    from krug.lists.rules.levels import Level


@dataclass(frozen=True)
class Line:
    """One node as the page shows it; `below` are its own nodes where it is open."""

    label: str
    count: str
    depth: int
    url: str = ""
    nodes_url: str = ""
    is_chosen: bool = False
    below: tuple[Line, ...] | None = None


@dataclass(frozen=True)
class Panel:
    """A tree in front of one reader, over the list that his address shows."""

    look: Look
    levels: tuple[Level, ...]
    chosen: Way | None
    said: str
    approximate: list[bool] = field(default_factory=list)

    def lines(self, way: Way, total: int | None = None) -> tuple[Line, ...]:
        """The nodes under a node, with those under the chosen one and above it."""
        branch = branch_of(self.look, way, total)
        if not branch.is_exact:
            self.approximate.append(True)
        return tuple(self.line(node, branch) for node in branch.nodes)

    def line(self, node: Node, branch: Branch) -> Line:
        """One node: where it leads, and whether its own nodes are shown at once."""
        way, count = node.way, count_words(node.count, branch.is_exact)
        if way is None:
            return Line(node.label, count, depth=0)
        has_below = way.next_place() is not None and node.count > 0
        chosen = self.chosen.steps if self.chosen else ()
        is_open = has_below and chosen[: len(way.steps)] == way.steps
        state = self.look.state.changed(tree=with_node(self.look.state.tree, way))
        return Line(
            label=node.label,
            count=count,
            depth=len(way.steps),
            url=then_once(list_url(self.look.entity, state)),
            nodes_url=self.nodes_url(way, node.count) if has_below else "",
            is_chosen=chosen == way.steps,
            below=self.lines(way, node.count) if is_open else None,
        )

    def nodes_url(self, way: Way, count: int) -> str:
        """Where the nodes under this one are asked for."""
        group = json.dumps(way.group().to_json(), ensure_ascii=False, separators=(",", ":"))
        exact = {"count": "exact"} if self.look.is_exact else {}
        asked = urlencode({"at": group, "of": count, **exact})
        return f"/trees/{self.look.entity.plural_url}/nodes/?{self.said}&{asked}"


def count_words(count: int, is_exact: bool) -> str:
    """A count, with a sign when it is only an estimate."""
    if is_exact:
        return formats.number(count)
    return f"≈ {formats.number(count)}" if count else _("few")


def then_once(url: str) -> str:
    """The same address at the same moment, said once."""
    return url if f"{PARAMETER}=" in url else then(url)


def entity_called(plural: str) -> Entity:
    """The type whose lists live under that word."""
    found = next((entity for entity in entities() if entity.plural_url == plural), None)
    if found is None:
        raise NotFound(_("There is no such list."))
    return found


def panel_for(request: HttpRequest, entity: Entity, state: ListState) -> tuple[Any, Panel] | None:
    """The tree that the address names, in front of the reader; nothing when it names none that he may open."""
    number = record_number(state.hierarchy)
    if not number:
        return None
    reading = reading_of(request)
    try:
        tree = the_tree(entity, reading.user, number)
    except NotFound:
        return None
    levels = levels_of(entity, tree, reading.user)
    if not levels:
        return None
    chosen, rest = chosen_in(levels, state.tree)
    plain = state.changed(tree=rest, after="", before="", open="")
    look = Look(entity, plain, reading, is_exact=request.GET.get("count") == "exact")
    return tree, Panel(look, levels, chosen, state.changed(open="").query())


def asked_for(request: HttpRequest, plural: str) -> tuple[Entity, ListState, Any, Panel]:
    """The list and the tree that an address of this part of the house names."""
    entity = entity_called(plural)
    state = asked_state(entity, asker(request), request.GET)
    found = panel_for(request, entity, state)
    if found is None:
        raise NotFound(_("There is no such tree, or it is no longer shared with you."))
    return entity, state, *found


@door(SIGNED_IN)
@require_GET
@at_any_moment
def panel_page(request: HttpRequest, plural: str) -> HttpResponse:
    """The nodes at the top of a tree and the way to the chosen one; a page of its own where no script fetches it."""
    entity, state, tree, panel = asked_for(request, plural)
    top = Way(panel.levels)
    lines = panel.lines(top)
    context = {
        "title": _("Tree: %(name)s") % {"name": tree.name},
        "is_part": wants_part(request),
        "lines": lines,
        "crumbs": ((str(entity.plural), list_url(entity, state)), (tree.name, "")),
        "all_url": then_once(list_url(entity, panel.look.state)),
        "is_all": panel.chosen is None,
        "is_approximate": bool(panel.approximate),
        "is_several": any(level.is_several for level in panel.levels),
        "exact_url": f"/trees/{plural}/panel/?{panel.said}&count=exact",
    }
    return render(request, "lists/panel.html", context)


@door(SIGNED_IN)
@require_GET
@at_any_moment
def nodes_page(request: HttpRequest, plural: str) -> HttpResponse:
    """The nodes right under one node, fetched when it is opened."""
    _entity, _state, tree, panel = asked_for(request, plural)
    group = read_tree(request.GET.get("at") or None)
    way = way_of(panel.levels, group)
    if way is None or way.next_place() is None:
        raise BadRequest(_("This node is not in the tree."), field="at", code="NODE")
    lines = panel.lines(way, record_number(request.GET.get("of", "")))
    return render(request, "lists/nodes.html", {"title": tree.name, "lines": lines, "depth": len(way.steps) + 1})
