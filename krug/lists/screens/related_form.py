"""The form that asks of related records: whether there are any, and under which conditions of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, Reading
from krug.kernel.fields.related import RelatedField, related_fields
from krug.kernel.listing.chips import in_words, operator_words
from krug.kernel.listing.filters import Condition, field_seen_through, read_tree, with_condition
from krug.kernel.listing.state import ListState, filter_text
from krug.kernel.screens.controls import sentence
from krug.kernel.screens.filter_form import STEPS, FilterForm, filter_form, read_condition, with_added

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

DEEPEST = 2
Step = tuple[FilterForm | None, Condition | None]


@dataclass(frozen=True)
class Level:
    """What the form has said of one kind of related records; those related to them in turn are a level deeper."""

    field: RelatedField
    name: str
    sent: QueryDict
    reading: Reading
    number: int = 1

    @property
    def deep(self) -> str:
        """What the names of the form end with at this level."""
        return "" if self.number == 1 else str(self.number)

    def said(self, name: str) -> str:
        """What was sent under a name at this level."""
        return self.sent.get(name + self.deep, "")

    @property
    def nested(self) -> Any:
        """The conditions that these records must keep, as far as they are told."""
        return read_tree(self.said("nested") or None).to_json()

    def hidden(self, nested: Any, **more: str) -> dict[str, str]:
        """What travels along with the form of this level."""
        name = {"add": self.name} if self.number == 1 else {}
        return {**name, **{f"{key}{self.deep}": value for key, value in {**more, "nested": _kept(nested)}.items()}}

    def condition(self, nested: Any) -> Condition:
        """What the level asks."""
        return Condition(self.name, self.said("has"), nested if _kept(nested) else None)


def related_step(
    request: HttpRequest, entity: Entity, state: ListState, reading: Reading
) -> tuple[FilterForm | None, str]:
    """First whether there are any and by which field; then its condition; then one more, or the list itself."""
    name = request.GET.get("add", "")
    field: Any = field_seen_through(entity, name, reading.user)[0]
    try:
        form, condition = _step(Level(field, name, request.GET, reading))
        if condition is not None:
            return None, with_added(entity, state, request.GET, condition, reading)
    except BadRequest as no:
        form = replace(_whether(Level(field, name, QueryDict(""), reading), {}), error=str(no))
    return form, ""


def _step(level: Level) -> Step:
    """The form to be shown next at this level, or the condition when all is said."""
    if level.said("has") not in level.field.operators:
        return _whether(level, level.nested), None
    inner = level.said("inner")
    if not inner:
        return None, level.condition(level.nested)
    asked = field_seen_through(level.field.other, inner, level.reading.user)[0]
    if isinstance(asked, RelatedField):
        return _deeper(level, asked, inner)
    error = ""
    if "operator" in level.sent:
        try:
            condition = read_condition(asked, inner, level.sent.get("operator", ""), level.sent, level.reading)
            asked.condition(condition.operator, condition.value, level.reading)
            nested = with_condition(level.nested, condition)
            if "more" in level.sent:
                return _whether(level, nested), None
            return None, level.condition(nested)
        except BadRequest as no:
            error = str(no)
    form = filter_form(level.field.other, inner, level.reading, level.sent if error else None, error)
    words = f"{_called(level)}, {form.label}"
    hidden = level.hidden(level.nested, has=level.said("has"), inner=inner)
    return replace(form, label=words, hidden=hidden, told=_told(level.field, level.nested, level.reading)), None


def _deeper(level: Level, asked: RelatedField, inner: str) -> Step:
    """The level below asks for itself; what it says becomes a condition of this one."""
    if level.number == DEEPEST:
        raise BadRequest(_("There is no such place in the filter."), field="filter", code="FILTER_PLACE")
    below = Level(asked, inner, level.sent, level.reading, level.number + 1)
    form, condition = _step(below)
    if form is not None:
        above = level.hidden(level.nested, has=level.said("has"), inner=inner)
        label = form.label if form.inner else f"{_called(level)}: {form.label}"
        return replace(form, label=label, hidden={**above, **form.hidden}), None
    nested = with_condition(level.nested, condition) if condition else level.nested
    if below.said("nested") and not below.said("inner"):
        return _whether(level, nested), None
    return None, level.condition(nested)


def _whether(level: Level, nested: Any) -> FilterForm:
    field, has = level.field, level.said("has")
    chosen = has if has in field.operators else field.operators[0]
    return FilterForm(
        label=sentence(field.label),
        hidden=level.hidden(nested),
        operators=tuple((operator, operator_words(field, operator)) for operator in field.operators),
        chosen=chosen,
        inner=(("", _("— no more conditions —") if _kept(nested) else _("— no condition —")), *_choices(level)),
        told=_told(field, nested, level.reading),
        has=chosen,
        deep=level.deep,
    )


def _choices(level: Level) -> list[tuple[str, str]]:
    """The fields of the related type that may be asked for, those of its declaration first, then what leads to it."""
    field, user = level.field, level.reading.user
    own: list[str] = [name for name, each in field.other.fields.items() if _is_asked(each)]
    found = []
    for name in dict.fromkeys((*field.other.filters, *own)):
        if name == field.link.name:
            continue
        try:
            found.append((name, sentence(field_seen_through(field.other, name, user)[0].label)))
        except BadRequest:
            continue
    leading = related_fields(field.other, user) if level.number < DEEPEST else []
    return [*found, *((each.name, _("related: %(records)s") % {"records": each.label}) for each in leading)]


def _called(level: Level) -> str:
    return f"{sentence(level.field.label)}: {operator_words(level.field, level.said('has'))}"


def _is_asked(field: Field) -> bool:
    return bool(field.operators) and field.name != "id"


def _kept(nested: Any) -> str:
    return filter_text(nested) if nested and read_tree(nested).nodes else ""


def _told(field: RelatedField, nested: Any, reading: Reading) -> str:
    tree = read_tree(nested)
    return in_words(field.other, tree, reading) if tree.nodes else ""


STEPS[RelatedField] = related_step
