"""The one filter language: a small tree of conditions, checked against the declaration and compiled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from django.db.models import Q
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, ReferenceField
from krug.kernel.registry import entity_of

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

Tree = dict[str, Any]
MOST_DEPTH = 8
MOST_CONDITIONS = 100
MOST_BYTES = 16 * 1024
MOST_STEPS = 3
GROUPS = ("all", "any", "not")
WITHOUT_VALUE = ("empty", "not_empty")


@dataclass(frozen=True)
class Condition:
    """One field, one operator, one value."""

    field: str
    operator: str
    value: Any = None

    def to_json(self) -> Tree:
        """The condition as it is stored."""
        said: Tree = {"field": self.field, "operator": self.operator}
        return said if self.operator in WITHOUT_VALUE else {**said, "value": self.value}


@dataclass(frozen=True)
class Group:
    """Conditions joined by all, any or not."""

    kind: str
    nodes: tuple[Condition | Group, ...]

    def to_json(self) -> Tree:
        """The group as it is stored."""
        inside = [node.to_json() for node in self.nodes]
        return {self.kind: inside[0] if self.kind == "not" else inside}


Node = Condition | Group


def read_tree(raw: Any) -> Group:
    """The checked form of a filter that came as text or as JSON; nothing given means everything."""
    if isinstance(raw, Group):
        return raw
    given = _loads(raw) if isinstance(raw, (str, bytes)) else raw
    if not given:
        return Group("all", ())
    if not isinstance(raw, (str, bytes)):
        _measure(json.dumps(given, ensure_ascii=False, default=str))
    root = _node({"all": given} if isinstance(given, list) else given, 1)
    if sum(1 for _found in conditions_in(root)) > MOST_CONDITIONS:
        _refuse(_("A filter may hold at most %(count)s conditions.") % {"count": MOST_CONDITIONS})
    return root if isinstance(root, Group) and root.kind == "all" else Group("all", (root,))


def compile(entity: Entity, tree: Any, reading: Reading) -> Q:
    """The filter as a database condition; whatever is not on the allow-list is refused with its name."""
    return _compiled(entity, read_tree(tree), reading)


def conditions_in(node: Node) -> Iterator[Condition]:
    """Every single condition of a tree."""
    if isinstance(node, Condition):
        yield node
        return
    for inner in node.nodes:
        yield from conditions_in(inner)


def check(entity: Entity, tree: Any, reading: Reading) -> None:
    """Whether the filter can be read; nothing is asked of the database for it."""
    compile(entity, tree, replace(reading, is_trial=True))


def mentions(tree: Any, field: str) -> bool:
    """Whether any condition speaks of that field."""
    return any(condition.field == field for condition in conditions_in(read_tree(tree)))


def all_of(*conditions: Condition) -> Tree:
    """The filter that all of these conditions make."""
    return Group("all", conditions).to_json()


def with_condition(tree: Any, condition: Condition) -> Tree:
    """The same filter with one condition more."""
    return Group("all", (*read_tree(tree).nodes, condition)).to_json()


def field_seen_through(entity: Entity, path: str, user: User) -> tuple[Field, Q]:
    """The field behind a path, and the condition that only what the user may see on the way is asked.

    Without it one could guess a hidden customer's tax number by filtering one's own deals.
    """
    field, guard = entity.field(path), Q()
    for at, target in _steps(entity, path):
        rows = target.rows_for(user)
        if rows.query.is_empty():
            raise BadRequest(
                _("Your role does not see “%(name)s”, so it can not be asked for here.") % {"name": target.plural},
                field=path,
                code="FIELD_OUT_OF_REACH",
            )
        if rows.query.where:
            guard &= Q(**{f"{at}__in": rows.order_by().values("pk")}) | Q(**{f"{at}__isnull": True})
    return field, guard


def _steps(entity: Entity, path: str) -> Iterator[tuple[str, Entity]]:
    names, place = path.split("__")[:-1], ""
    if len(names) > MOST_STEPS:
        _refuse(_("A filter may follow at most %(count)s links.") % {"count": MOST_STEPS}, field=path[:80])
    for name in names:
        link = entity.fields[name]
        if not isinstance(link, ReferenceField):
            return
        target = entity_of(link.model)
        if target is None:
            return
        place, entity = f"{place}__{link.at}" if place else link.at, target
        yield place, entity


def _compiled(entity: Entity, node: Node, reading: Reading) -> Q:
    if isinstance(node, Condition):
        field, guard = field_seen_through(entity, node.field, reading.user)
        return field.condition(node.operator, node.value, reading) & guard
    inside = [_compiled(entity, inner, reading) for inner in node.nodes]
    if node.kind == "not":
        return ~inside[0]
    if node.kind == "any" and not inside:
        return Q(pk__in=[])
    joined = Q()
    for condition in inside:
        joined = joined & condition if node.kind == "all" else joined | condition
    return joined


def _node(given: Any, depth: int) -> Node:
    if depth > MOST_DEPTH:
        _refuse(_("A filter may be at most %(count)s levels deep.") % {"count": MOST_DEPTH})
    if not isinstance(given, dict):
        _refuse(_("A condition is written as an object with field, operator and value."))
    kinds = [kind for kind in GROUPS if kind in given]
    if kinds and len(given) == 1:
        return _group(kinds[0], given[kinds[0]], depth)
    return _condition(given)


def _group(kind: str, inside: Any, depth: int) -> Group:
    if kind == "not":
        return Group("not", (_node(inside, depth + 1),))
    if not isinstance(inside, list):
        _refuse(_("“%(name)s” needs a list of conditions.") % {"name": kind})
    if len(inside) > MOST_CONDITIONS:
        _refuse(_("A filter may hold at most %(count)s conditions.") % {"count": MOST_CONDITIONS})
    return Group(kind, tuple(_node(item, depth + 1) for item in inside))


def _condition(given: Tree) -> Condition:
    field, operator = given.get("field"), given.get("operator", given.get("op"))
    if not isinstance(field, str) or not isinstance(operator, str):
        _refuse(_("A condition is written as an object with field, operator and value."))
    unknown = set(given) - {"field", "operator", "op", "value"}
    if unknown:
        _refuse(_("“%(name)s” is not part of a condition.") % {"name": sorted(unknown)[0][:80]}, field=field[:80])
    return Condition(field, operator, given.get("value"))


def _loads(raw: str | bytes) -> Any:
    _measure(raw)
    try:
        given = (
            json.loads(raw, parse_constant=lambda name: _refuse(_("The filter is not readable JSON.")))
            if raw.strip()
            else None
        )
        json.dumps(given, ensure_ascii=False).encode()
        return given
    except (ValueError, RecursionError) as fault:
        raise BadRequest(_("The filter is not readable JSON."), field="filter", code="FILTER") from fault


def _measure(raw: str | bytes) -> None:
    if len(raw if isinstance(raw, bytes) else raw.encode(errors="replace")) > MOST_BYTES:
        _refuse(_("The filter is longer than 16 KB."))


def _refuse(message: str, field: str = "filter") -> NoReturn:
    raise BadRequest(message, field=field, code="FILTER")
