"""How the conditions of a filter stand together: every group and condition with the links that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from krug.kernel.listing.chips import in_words
from krug.kernel.listing.filters import Condition, Group, Node, read_tree
from krug.kernel.listing.groups import negated, places_in, turned, without_condition
from krug.kernel.listing.state import ListState, list_url

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading


@dataclass(frozen=True)
class GroupLine:
    """One condition, or the head of a group, with the addresses that change it."""

    words: str
    depth: int
    turn_url: str = ""
    turn_words: str = ""
    not_url: str = ""
    remove_url: str = ""


def group_lines(entity: Entity, state: ListState, reading: Reading) -> list[GroupLine]:
    """The filter laid out; nothing while there is at most one condition."""
    root = read_tree(state.tree)
    if len(root.nodes) < 2 and not any(isinstance(node, Group) and len(node.nodes) > 1 for node in root.nodes):
        return []
    changed = {
        place: {
            "remove_url": _url(entity, state, without_condition(root, place)),
            "not_url": _url(entity, state, negated(root, place)),
            "turn_url": _url(entity, state, turned(root, place)) if _is_joint(node) else "",
        }
        for place, node in places_in(root)
    }
    lines = [
        GroupLine(_head(node, entity, reading), len(place), **changed[place], turn_words=_other(node))
        for place, node in places_in(root)
    ]
    if len(root.nodes) < 2:
        return lines
    whole = _url(entity, state, Group("any", root.nodes).to_json())
    return [GroupLine(_("All of these must be true:"), 0, turn_url=whole, turn_words=_("any is enough")), *lines]


def _is_joint(node: Node) -> bool:
    return isinstance(node, Group) and node.kind != "not" and len(node.nodes) > 1


def _head(node: Node, entity: Entity, reading: Reading) -> str:
    if isinstance(node, Condition):
        return in_words(entity, node, reading)
    heads = {
        "all": _("All of these must be true:"),
        "any": _("Any of these is enough:"),
        "not": _("This must not be true:"),
    }
    return heads[node.kind]


def _other(node: Node) -> str:
    return _("any is enough") if isinstance(node, Group) and node.kind == "all" else _("require all")


def _url(entity: Entity, state: ListState, tree: object) -> str:
    address = list_url(entity, state, tree=tree)
    return f"{address}{'&' if '?' in address else '?'}groups="
