"""A node of a tree is a group of conditions in the filter: from its steps to the group, and from the group back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from krug.kernel.listing.filters import Condition, Group, Tree, read_tree
from krug.lists.rules.levels import Level, next_of


@dataclass(frozen=True)
class Step:
    """One step down: a value of a level; `is_itself` means without what stands under it in its classifier."""

    place: int
    value: Any
    is_itself: bool = False


@dataclass(frozen=True)
class Way:
    """The steps from the top of a tree to one of its nodes."""

    levels: tuple[Level, ...]
    steps: tuple[Step, ...] = ()

    def group(self) -> Group:
        """The conditions that the node stands for; of a classifier only the deepest value counts."""
        found: list[Condition] = []
        for at, step in enumerate(self.steps):
            level = self.levels[step.place]
            if at + 1 < len(self.steps) and self.steps[at + 1].place == step.place:
                continue
            found += level.itself(step.value) if step.is_itself else level.conditions(step.value)
        return Group("all", tuple(found))

    def down(self, step: Step) -> Way:
        """The way one step further."""
        return Way(self.levels, (*self.steps, step))

    def next_place(self) -> int | None:
        """The level that stands under this node; none under the last."""
        if not self.steps:
            return 0
        last = self.steps[-1]
        level = self.levels[last.place]
        if level.is_classifier and not last.is_itself and last.value is not None and level.below(last.value):
            return last.place
        return last.place + 1 if last.place + 1 < len(self.levels) else None

    def above_in_level(self) -> Any:
        """The value of a classifier whose parts come next; nothing at the start of a level."""
        place = self.next_place()
        return self.steps[-1].value if self.steps and self.steps[-1].place == place else None


def way_of(levels: tuple[Level, ...], group: Any) -> Way | None:
    """The way that a group of conditions tells, when it is a node of this tree."""
    if not isinstance(group, Group) or group.kind != "all":
        return None
    left = [node for node in group.nodes if isinstance(node, Condition)]
    if len(left) != len(group.nodes) or not left:
        return None
    steps: list[Step] = []
    for place, level in enumerate(levels):
        if not left:
            break
        taken = _take(level, place, left)
        if taken is None:
            return None
        found, used = taken
        steps += found
        left = left[used:]
    way = Way(levels, tuple(steps))
    return way if not left and way.group() == group else None


def _take(level: Level, place: int, left: Sequence[Condition]) -> tuple[list[Step], int] | None:
    """The steps that the first conditions make in this level, and how many conditions they are."""
    first = left[0]
    if first.field != level.name:
        return None
    if first.operator == "empty":
        return [Step(place, None)], 1
    if level.grain:
        return _take_days(level, place, left)
    if first.operator != "eq":
        return None
    if not level.is_classifier:
        return [Step(place, _typed(level, first.value))], 1
    ways = [Step(place, value) for value in level.way_to(first.value)]
    is_itself = len(left) > 1 and left[1].field == level.name and left[1].operator == "not_in"
    return ([*ways, Step(place, first.value, True)], 2) if is_itself else (ways, 1)


def _take_days(level: Level, place: int, left: Sequence[Condition]) -> tuple[list[Step], int] | None:
    try:
        first = date.fromisoformat(str(left[0].value))
        end = date.fromisoformat(str(left[1].value))
    except (ValueError, IndexError):
        return None
    return ([Step(place, first)], 2) if end == next_of(first, level.grain) else None


def _typed(level: Level, value: Any) -> Any:
    """The value as the rows hold it, where the address tells it in words."""
    kind = level.field.kind
    if kind == "decimal" and isinstance(value, str):
        from decimal import Decimal, InvalidOperation

        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value


def chosen_in(levels: tuple[Level, ...], tree: Any) -> tuple[Way | None, Tree | None]:
    """The node of this tree that the filter holds, and the filter without it."""
    nodes = read_tree(tree).nodes
    for at, node in enumerate(nodes):
        way = way_of(levels, node)
        if way is not None:
            rest = (*nodes[:at], *nodes[at + 1 :])
            return way, (Group("all", rest).to_json() if rest else None)
    return None, (Group("all", nodes).to_json() if nodes else None)


def with_node(tree: Tree | None, way: Way) -> Tree:
    """The filter narrowed to the records under a node."""
    return Group("all", (*read_tree(tree).nodes, way.group())).to_json()
