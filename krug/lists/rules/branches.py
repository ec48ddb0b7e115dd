"""The nodes under one node, in their order and in words, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krug.kernel.errors import BadRequest
from krug.kernel.fields import ChoiceField, ReferenceField
from krug.kernel.listing.labels import label_references
from krug.kernel.ui import formats
from krug.lists.rules.counting import Counted, Look, count_below, steps_below
from krug.lists.rules.levels import MONTH, YEAR, Level, is_yes_no
from krug.lists.rules.nodes import Step, Way

if TYPE_CHECKING:
    from krug.kernel.fields import Reading

MOST_NODES = 200


@dataclass(frozen=True)
class Node:
    """One line of a tree; `way` is nothing where the reader may not go further."""

    label: str
    count: int
    way: Way | None


@dataclass(frozen=True)
class Branch:
    """The nodes under one node, and whether their counts are exact."""

    nodes: tuple[Node, ...]
    is_exact: bool
    total: int
    is_several: bool = False


def branch_of(look: Look, way: Way, total: int | None = None) -> Branch:
    """The nodes of the next level under a node: the values that occur, and “no value” unless all surely have one."""
    level = way.levels[way.next_place() or 0]
    counted = count_below(look, way, total)
    counts: dict[Step, int] = {}
    for key, step in steps_below(way, counted.found).items():
        counts[step] = counts.get(step, 0) + counted.found[key]
    nothing = Step(way.next_place() or 0, None)
    empty = counts.pop(nothing, 0)
    steps, hidden = _in_order(level, way, counts, counted, look.reading)
    nodes = [
        Node(label, counts[step], way.down(step) if is_askable(level, step, look.reading) else None)
        for step, label in steps[:MOST_NODES]
    ]
    rest = sum(counts[step] for step, _label in steps[MOST_NODES:])
    if rest:
        left = len(steps) - MOST_NODES
        words = ngettext("%(count)s value more", "%(count)s values more", left) % {"count": formats.number(left)}
        nodes.append(Node(words, rest, None))
    if hidden:
        nodes.append(Node(_("(not open to you)"), hidden, None))
    if is_yes_no(level):
        nodes += [Node(_("No value"), empty, None)] if empty else []
    elif way.above_in_level() is None and (empty or not counted.is_exact or not nodes):
        nodes.append(Node(_("No value"), empty, way.down(nothing)))
    return Branch(tuple(nodes), counted.is_exact, sum(node.count for node in nodes), level.is_several)


def _in_order(
    level: Level, way: Way, counts: dict[Step, int], counted: Counted, reading: Reading
) -> tuple[list[tuple[Step, str]], int]:
    """The steps with their words in the order people expect; and how many records stand under what is not open."""
    field, hidden = level.field, counted.hidden
    labels: dict[int, str] = {}
    if isinstance(field, ReferenceField):
        labels = label_references(field, [step.value for step in counts], reading)
        hidden += sum(count for step, count in counts.items() if step.value not in labels)
        named = [(step, labels[step.value]) for step in counts if step.value in labels]
    else:
        named = [(step, label_of(level, step, reading, counted.names)) for step in counts]
    if level.grain:
        return sorted(named, key=lambda each: each[0].value, reverse=True), hidden
    if isinstance(field, ChoiceField):
        order = {value: at for at, (value, _label) in enumerate(field.choices)}
        return sorted(named, key=lambda each: (each[0].is_itself, order.get(each[0].value, len(order)))), hidden
    if field.numeric:
        return sorted(named, key=lambda each: each[0].value), hidden
    return sorted(named, key=lambda each: (-counts[each[0]], each[1].casefold())), hidden


def is_askable(level: Level, step: Step, reading: Reading) -> bool:
    """Whether a filter may name the value; one that is no longer on its list can only be counted."""
    if level.grain or not isinstance(level.field, ChoiceField):
        return True
    try:
        level.field.filter_value(level.field.json(step.value), reading)
    except BadRequest:
        return False
    return True


def label_of(level: Level, step: Step, reading: Reading, names: dict[Any, str] | None = None) -> str:
    """A value in words; of a classifier only its own name, for what it stands under is the way to it."""
    value = step.value
    if value is None:
        return _("No value")
    if level.grain == YEAR:
        return str(value.year)
    if level.grain == MONTH:
        return formats.month(value, reading.language)
    if names:
        return names.get(value) or str(value)
    words = level.field.show(value, reading.language)
    if level.is_classifier:
        words = words.rpartition(" › ")[2]
        return _("%(name)s, nothing closer") % {"name": words} if step.is_itself else words
    return words or str(value)
