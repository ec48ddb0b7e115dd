"""A filter told in words, one chip a condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, ReferenceField
from krug.kernel.fields.moments import RELATIVE
from krug.kernel.fields.reference import LIKE
from krug.kernel.fields.related import RelatedField
from krug.kernel.links import record_number
from krug.kernel.listing.filters import WITHOUT_VALUE, Condition, Group, Node, read_tree
from krug.kernel.listing.labels import label_references

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

MOST_WORDS = 3


@dataclass(frozen=True)
class Chip:
    """One condition of the outermost level in words; `place` is where it stands."""

    field: str
    operator: str
    value: str
    place: int

    @property
    def text(self) -> str:
        """The whole chip as one phrase."""
        return " ".join(filter(None, (self.field, self.operator, self.value)))


def describe(entity: Entity, tree: Any, reading: Reading) -> list[Chip]:
    """The filter as chips; groups inside it become one chip each."""
    chips = []
    for place, node in enumerate(read_tree(tree).nodes):
        if isinstance(node, Group) and node.kind != "not" and len(node.nodes) == 1:
            node = node.nodes[0]
        if isinstance(node, Condition):
            field = entity.field(node.field)
            words = operator_words(field, node.operator)
            chips.append(Chip(named(field), words, value_words(field, node, reading), place))
        else:
            chips.append(Chip("", "", in_words(entity, node, reading), place))
    return chips


def in_words(entity: Entity, node: Node, reading: Reading) -> str:
    """A condition or a group as a phrase of its own."""
    words = _spoken(entity, node, reading)
    return f"{words[:1].upper()}{words[1:]}"


def named(field: Field) -> str:
    """What a field is called before its operator."""
    return f"{field.label}:" if isinstance(field, RelatedField) else str(field.label)


def operator_words(field: Field, operator: str) -> str:
    """What an operator is called beside a field of that kind."""
    is_moment = field.kind in ("date", "datetime")
    words = {
        "eq": pgettext("filter", "is"),
        "ne": pgettext("filter", "is not"),
        "in": pgettext("filter", "is one of"),
        "not_in": pgettext("filter", "is none of"),
        "contains": pgettext("filter", "contains"),
        "starts": pgettext("filter", "starts with"),
        "lt": pgettext("filter", "before") if is_moment else pgettext("filter", "less than"),
        "lte": pgettext("filter", "not later than") if is_moment else pgettext("filter", "at most"),
        "gt": pgettext("filter", "after") if is_moment else pgettext("filter", "more than"),
        "gte": pgettext("filter", "not earlier than") if is_moment else pgettext("filter", "at least"),
        "has": pgettext("filter", "there are some"),
        "has_no": pgettext("filter", "there are none"),
        "empty": pgettext("filter", "is empty"),
        "not_empty": pgettext("filter", "is filled"),
    }
    return words.get(operator, operator)


def value_words(field: Field, condition: Condition, reading: Reading) -> str:
    """The value of a condition as people say it."""
    if condition.operator in WITHOUT_VALUE:
        return ""
    if isinstance(field, RelatedField):
        inside = read_tree(condition.value)
        return _("where %(conditions)s") % {"conditions": _spoken(field.other, inside, reading)} if inside.nodes else ""
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    words = _words_of(field, values, reading)
    more = len(words) - MOST_WORDS
    return ", ".join(words[:MOST_WORDS]) + (_(" and %(count)s more") % {"count": more} if more > 0 else "")


def _words_of(field: Field, values: list[Any], reading: Reading) -> list[str]:
    if isinstance(field, ReferenceField):
        ids = [value.get("id") if isinstance(value, dict) else str(value).removeprefix(LIKE) for value in values]
        numbers = [number for number in map(record_number, ids) if number]
        labels = label_references(field, numbers, reading)
        known = [labels.get(record_number(value) or 0, str(value)) for value in ids]
        said = [pgettext("filter", "me") if value == "me" else words for value, words in zip(ids, known, strict=True)]
        return list(dict.fromkeys(said))
    return [_one(field, value, reading) for value in values]


def _one(field: Field, value: Any, reading: Reading) -> str:
    if field.kind in ("date", "datetime") and RELATIVE.match(str(value)):
        return relative_words(str(value))
    try:
        return field.show(field.filter_value(value, reading), reading.language)
    except BadRequest:
        return str(value)[:60]


def relative_words(value: str) -> str:
    """`today-7d` as people say it."""
    found = RELATIVE.match(value)
    count, unit = found.groups() if found else (None, None)
    if not count:
        return pgettext("filter", "today")
    number = abs(int(count))
    if unit == "w":
        number *= 7
    elif unit == "m":
        return (_("%(count)s mo. ago") if int(count) < 0 else _("in %(count)s mo.")) % {"count": number}
    return (_("%(count)s d. ago") if int(count) < 0 else _("in %(count)s d.")) % {"count": number}


def _spoken(entity: Entity, node: Node, reading: Reading) -> str:
    if isinstance(node, Condition):
        field = entity.field(node.field)
        return " ".join(
            filter(None, (named(field), operator_words(field, node.operator), value_words(field, node, reading)))
        )
    inside = [_inner(entity, inner, reading) for inner in node.nodes]
    if node.kind == "not":
        return _("not: %(condition)s") % {"condition": inside[0]}
    return (pgettext("filter", " and ") if node.kind == "all" else pgettext("filter", " or ")).join(inside)


def _inner(entity: Entity, node: Node, reading: Reading) -> str:
    words = _spoken(entity, node, reading)
    return f"({words})" if isinstance(node, Group) and len(node.nodes) > 1 else words
