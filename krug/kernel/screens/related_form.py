"""The form that asks of related records: whether there are any, and under which conditions of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, Reading
from krug.kernel.fields.related import BETWEEN, RelatedField
from krug.kernel.listing.chips import in_words, operator_words
from krug.kernel.listing.filters import Condition, field_seen_through, read_tree, with_condition
from krug.kernel.listing.state import ListState, filter_text
from krug.kernel.screens.controls import sentence
from krug.kernel.screens.filter_form import FilterForm, filter_form, read_condition, with_added

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


def related_step(
    request: HttpRequest, entity: Entity, state: ListState, reading: Reading
) -> tuple[FilterForm | None, str]:
    """First whether there are any and by which field; then its condition; then one more, or the list itself."""
    sent, name = request.GET, request.GET.get("add", "")
    field: Any = field_seen_through(entity, name, reading.user)[0]
    has, inner = sent.get("has", ""), sent.get("inner", "")
    nested = read_tree(sent.get("nested") or None).to_json()
    if has not in field.operators:
        return _whether(field, name, nested, reading), ""
    error = ""
    try:
        if inner and BETWEEN not in inner and "operator" in sent:
            asked = field_seen_through(field.other, inner, reading.user)[0]
            nested = with_condition(nested, read_condition(asked, inner, sent.get("operator", ""), sent, reading))
            if "more" not in sent:
                return None, _added(entity, state, sent, Condition(name, has, nested), reading)
            with_added(entity, state, QueryDict(""), Condition(name, has, nested), reading)
            return replace(_whether(field, name, nested, reading), has=has), ""
        if not inner:
            return None, _added(entity, state, sent, Condition(name, has, nested), reading)
    except BadRequest as no:
        error = str(no)
    form = filter_form(field.other, inner, reading, sent if error else None, error)
    words = f"{sentence(field.label)}: {operator_words(field, has)}"
    hidden = {"add": name, "has": has, "inner": inner, "nested": _kept(nested)}
    return replace(form, label=f"{words}, {form.label}", hidden=hidden, told=_told(field, nested, reading)), ""


def _added(entity: Entity, state: ListState, sent: QueryDict, condition: Condition, reading: Reading) -> str:
    asked = Condition(condition.field, condition.operator, condition.value if _kept(condition.value) else None)
    return with_added(entity, state, sent, asked, reading)


def _whether(field: RelatedField, name: str, nested: Any, reading: Reading) -> FilterForm:
    return FilterForm(
        label=sentence(field.label),
        hidden={"add": name, "nested": _kept(nested)},
        operators=tuple((operator, operator_words(field, operator)) for operator in field.operators),
        chosen=field.operators[0],
        inner=(("", _("— no condition —")), *_choices(field, reading)),
        told=_told(field, nested, reading),
        has=field.operators[0],
    )


def _choices(field: RelatedField, reading: Reading) -> list[tuple[str, str]]:
    """The fields of the related type that may be asked for, those of its declaration first."""
    own: list[str] = [name for name, each in field.other.fields.items() if _is_asked(each)]
    found = []
    for name in dict.fromkeys((*field.other.filters, *own)):
        if name == field.link.name:
            continue
        try:
            found.append((name, sentence(field_seen_through(field.other, name, reading.user)[0].label)))
        except BadRequest:
            continue
    return found


def _is_asked(field: Field) -> bool:
    return bool(field.operators) and field.name != "id"


def _kept(nested: Any) -> str:
    return filter_text(nested) if nested and read_tree(nested).nodes else ""


def _told(field: RelatedField, nested: Any, reading: Reading) -> str:
    tree = read_tree(nested)
    return in_words(field.other, tree, reading) if tree.nodes else ""
