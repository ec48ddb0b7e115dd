"""The trees of one type: a list of them, and the plain form that makes, changes, reorders and drops one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.errors import NotFound, Refusal
from krug.kernel.listing.saved_views import ALL, TEAM
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.controls import sentence
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.lists.actions.trees import Wanted, change_tree, delete_tree, is_own, make_tree, the_tree, trees_of
from krug.lists.rules.levels import MOST_LEVELS, level_choices
from krug.lists.screens.panel import entity_called

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.lists.models import ListTree

NEW = Wanted("", "", ())


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def trees_page(request: HttpRequest, plural: str) -> HttpResponse:
    """The trees that the user may open, and the form of a new one."""
    entity = _open_entity(request, plural)
    if request.method == "POST":
        return _sent(request, entity, None)
    return _page(request, entity, None, NEW)


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def tree_page(request: HttpRequest, plural: str, number: int) -> HttpResponse:
    """One tree: its owner changes it, others take it as a beginning of their own."""
    entity = _open_entity(request, plural)
    tree = the_tree(entity, asker(request), number)
    if request.method == "POST":
        return _sent(request, entity, tree)
    shared = ALL if tree.is_shared else TEAM if tree.team_id else ""
    return _page(request, entity, tree, Wanted(tree.name, shared, tuple(tree.levels)))


def _open_entity(request: HttpRequest, plural: str) -> Entity:
    entity = entity_called(plural)
    if entity.rows_for(asker(request)).query.is_empty():
        raise NotFound(_("There is no such list."))
    return entity


def _sent(request: HttpRequest, entity: Entity, tree: ListTree | None) -> HttpResponse:
    """Do as the pressed button says: move a level, save, or take the tree away."""
    user, wanted = asker(request), read_wanted(request.POST)
    deed, _colon, place = request.POST.get("deed", "save").partition(":")
    if deed in ("up", "down") and place.isdecimal():
        return _page(request, entity, tree, replace(wanted, levels=moved(wanted.levels, int(place[:2]), deed)))
    if deed == "delete" and tree is not None:
        toast(request, _("Tree deleted: %(name)s") % {"name": delete_tree(tree, by=user)})
        return go_to(request, f"/trees/{entity.plural_url}/")
    try:
        tree = make_tree(entity, wanted, by=user) if tree is None else change_tree(entity, tree, wanted, by=user)
    except Refusal as no:
        return _page(request, entity, tree, wanted, {no.field or "": str(no)})
    toast(request, _("Tree saved: %(name)s") % {"name": tree.name})
    return go_to(request, list_url(entity, ListState(hierarchy=str(tree.pk))))


def read_wanted(sent: QueryDict) -> Wanted:
    """What the form says; a level that is left empty is passed over when the tree is kept."""
    levels = tuple(sent.get(f"level{number}", "") for number in range(1, MOST_LEVELS + 1))
    return Wanted(sent.get("name", ""), sent.get("shared", ""), levels)


def moved(levels: tuple[str, ...], place: int, deed: str) -> tuple[str, ...]:
    """The levels with one of them a place higher or lower."""
    other = place - 1 if deed == "up" else place + 1
    order = list(levels)
    if min(place, other) >= 0 and max(place, other) < len(order):
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def _page(
    request: HttpRequest, entity: Entity, tree: ListTree | None, wanted: Wanted, errors: dict[str, str] | None = None
) -> HttpResponse:
    user = asker(request)
    own = tree is None or is_own(tree, user)
    choices = level_choices(entity, user)
    levels = [*wanted.levels, *[""] * MOST_LEVELS][:MOST_LEVELS]
    title = _("Trees: %(records)s") % {"records": sentence(entity.plural)}
    context = {
        "title": tree.name if tree else title,
        "crumbs": _crumbs(entity, tree, title),
        "entity": entity,
        "tree": tree,
        "is_own": own,
        "wanted": wanted,
        "levels": list(enumerate(levels)),
        "choices": choices,
        "errors": errors or {},
        "url": f"/trees/{entity.plural_url}/{f'{tree.pk}/' if tree and own else ''}",
        "cancel": list_url(entity, ListState(hierarchy=str(tree.pk))) if tree else entity.url(),
        "trees": [_line(entity, each, user, dict(choices)) for each in trees_of(entity, user)] if tree is None else [],
    }
    return render(request, "lists/tree_form.html", context, status=422 if errors else 200)


def _crumbs(entity: Entity, tree: ListTree | None, title: str) -> tuple[tuple[str, str], ...]:
    first = (sentence(entity.plural), entity.url())
    if tree is None:
        return (first, (_("Trees"), ""))
    return (first, (_("Trees"), f"/trees/{entity.plural_url}/"), (tree.name, ""))


def _line(entity: Entity, tree: ListTree, user: Any, words: dict[str, str]) -> dict[str, Any]:
    shared = _("everybody") if tree.is_shared else _("my team") if tree.team_id else _("only me")
    return {
        "name": tree.name,
        "url": f"{entity.url()}?{urlencode({'tree': tree.pk})}",
        "change_url": f"/trees/{entity.plural_url}/{tree.pk}/",
        "levels": " › ".join(words.get(text, _("(not open to you)")) for text in tree.levels),
        "shared": shared,
        "is_own": is_own(tree, user),
    }
