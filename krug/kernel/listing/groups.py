"""Changing a filter at one place: every condition and group is found by its place, such as `1.0`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.listing.filters import Group, Node, Tree, read_tree

Place = tuple[int, ...]
DEEPEST = 4


def read_place(text: str) -> Place:
    """The place that an address names; the empty one is the whole filter."""
    parts = text.split(".") if text else []
    if len(parts) > DEEPEST + 1 or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise BadRequest(_("There is no such place in the filter."), field="filter", code="FILTER_PLACE")
    return tuple(int(part) for part in parts)


def place_text(place: Place) -> str:
    """A place as it stands in an address."""
    return ".".join(map(str, place))


def places_in(tree: Any) -> Iterator[tuple[Place, Node]]:
    """Every condition and group inside a filter with its place, in reading order."""
    yield from _places(read_tree(tree), ())


def without_condition(tree: Any, place: Place | int) -> Tree | None:
    """The same filter without what stands at a place."""
    return _changed(tree, (place,) if isinstance(place, int) else place, lambda node: None)


def joined(tree: Any, place: Place, kind: str, node: Node) -> Tree | None:
    """The filter with one node more: beside what stands at the place, both or either of which must hold."""
    if not place:
        return Group("all", (*read_tree(tree).nodes, node)).to_json()
    if len(place) >= DEEPEST:
        raise BadRequest(_("Groups stand at most %(count)s deep.") % {"count": DEEPEST}, field="filter", code="FILTER")

    def beside(there: Node) -> Node:
        if isinstance(there, Group) and there.kind == kind:
            return Group(kind, (*there.nodes, node))
        return Group(kind, (there, node))

    return _changed(tree, place, beside)


def turned(tree: Any, place: Place) -> Tree | None:
    """The filter with a group of “all” made one of “any”, and the other way round."""

    def other(there: Node) -> Node:
        if not isinstance(there, Group) or there.kind == "not":
            return there
        return Group("any" if there.kind == "all" else "all", there.nodes)

    return _changed(tree, place, other)


def negated(tree: Any, place: Place) -> Tree | None:
    """The filter with what stands at a place made its opposite, or no longer so."""

    def opposite(there: Node) -> Node:
        return there.nodes[0] if isinstance(there, Group) and there.kind == "not" else Group("not", (there,))

    return _changed(tree, place, opposite)


def _places(group: Group, above: Place) -> Iterator[tuple[Place, Node]]:
    for at, node in enumerate(group.nodes):
        yield (*above, at), node
        if isinstance(node, Group):
            yield from _places(node, (*above, at))


def _changed(tree: Any, place: Place, change: Callable[[Node], Node | None]) -> Tree | None:
    root = _at(read_tree(tree), place, change, is_root=True)
    return root.to_json() if isinstance(root, Group) else None


def _at(node: Node, place: Place, change: Callable[[Node], Node | None], *, is_root: bool = False) -> Node | None:
    """The node with the change made below it; a group left empty goes, and one left with a single node is that node."""
    if not place:
        return change(node)
    if not isinstance(node, Group) or place[0] >= len(node.nodes):
        raise BadRequest(_("There is no such place in the filter."), field="filter", code="FILTER_PLACE")
    inner = _at(node.nodes[place[0]], place[1:], change)
    nodes: tuple[Node, ...] = (
        *node.nodes[: place[0]],
        *((inner,) if inner is not None else ()),
        *node.nodes[place[0] + 1 :],
    )
    if not nodes:
        return None
    if len(nodes) == 1 < len(node.nodes) and not is_root:
        return nodes[0]
    return Group(node.kind, nodes)
