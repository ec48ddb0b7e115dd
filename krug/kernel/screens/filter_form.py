"""The small form that adds one condition to a list: a field, an operator, a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krug.kernel.errors import BadRequest
from krug.kernel.fields import ChoiceField, Field, FieldFault, LongTextField, Reading, ReferenceField, YesNoField
from krug.kernel.fields.moments import RELATIVE
from krug.kernel.fields.reference import LIKE
from krug.kernel.fields.related import related_fields
from krug.kernel.listing.chips import in_words, operator_words, relative_words
from krug.kernel.listing.filters import WITHOUT_VALUE, Condition, check, field_seen_through
from krug.kernel.listing.groups import DEEPEST, joined, place_text, places_in, read_place
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.screens.controls import SHORT_LIST, TEXT, Control, control, record_called, sentence, titles_once

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

    Step = Callable[[HttpRequest, Entity, ListState, Reading], tuple["FilterForm | None", str]]

VALUE = "value"
RELATIVE_DAYS = ("today", "today-7d", "today-30d", "today-90d", "today+7d", "today+30d")
SEVERAL = ("in", "not_in")
SINGLE = {"in": "eq", "not_in": "ne"}
MOST_JOINS = 20
STEPS: dict[type[Field], Step] = {}


@dataclass(frozen=True)
class FilterForm:
    """The form for one field: its operators, its value, what is wrong with what was typed.

    `hidden` travels along; `joins` are the places where the condition may be put. Of related records `inner` are the
    fields that may be asked for, `told` is what is asked already, `has` whether there shall be any, `deep` how deep.
    """

    label: str
    hidden: dict[str, str]
    operators: tuple[tuple[str, str], ...]
    chosen: str
    value: Control | None = None
    several: tuple[tuple[str, str, bool], ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    joins: tuple[tuple[str, str], ...] = ()
    inner: tuple[tuple[str, str], ...] = ()
    told: str = ""
    has: str = ""
    deep: str = ""
    error: str = ""


def field_choices(entity: Entity, state: ListState, reading: Reading) -> list[tuple[str, str]]:
    """The fields that may be filtered, those of the declaration first, each with the address of its form."""
    own = [name for name, field in entity.fields.items() if field.operators and name != "id"]
    choices, kept = [], state.query()
    for name in dict.fromkeys((*entity.filters, *own)):
        try:
            field, _guard = field_seen_through(entity, name, reading.user)
        except BadRequest:
            continue
        choices.append((name, sentence(field.label)))
    choices += [(field.name, sentence(field.label)) for field in related_fields(entity, reading.user)]
    return [(label, f"{entity.url()}?{kept}{'&' if kept else ''}{urlencode({'add': name})}") for name, label in choices]


def filter_form(
    entity: Entity, name: str, reading: Reading, sent: QueryDict | None = None, error: str = ""
) -> FilterForm:
    """The form for that field, empty or with what was typed."""
    field, _guard = field_seen_through(entity, name, reading.user)
    sent = sent if sent is not None else QueryDict("")
    typed = {name: sent.get(VALUE, ""), name + TEXT: sent.get(VALUE + TEXT, "")}
    shown = control(replace(field, required=False, hint="", path=""), reading, typed)
    picked = sent.getlist(VALUE)
    several = _several(field, shown, reading)
    names = _operators(field, bool(several))
    operators = tuple((operator, operator_words(field, operator)) for operator in names)
    value = replace(shown, name=VALUE, label=_("Value"), error=error, required=False)
    is_moment = field.kind in ("date", "datetime")
    if is_moment:
        value = replace(
            value,
            kind="text",
            value=sent.get(VALUE, ""),
            attrs={"list": "relative-days", "autocomplete": "off"},
        )
    return FilterForm(
        label=sentence(field.label),
        hidden={"add": name},
        operators=operators,
        chosen=sent.get("operator", "") or names[0],
        value=value,
        several=tuple((code, words, code in picked) for code, words in several),
        days=tuple((day, relative_words(day)) for day in RELATIVE_DAYS) if is_moment else (),
        error=error,
    )


def filter_step(
    request: HttpRequest, entity: Entity, state: ListState, reading: Reading
) -> tuple[FilterForm | None, str]:
    """What the address asks of the form that adds a condition: the form, or the address of the list with it added."""
    sent, name = request.GET, request.GET.get("add", "")
    if not name:
        return None, ""
    joins = join_choices(entity, state, reading)
    if step := STEPS.get(type(field_seen_through(entity, name, reading.user)[0])):
        form, url = step(request, entity, state, reading)
        return (replace(form, joins=joins) if form else None), url
    error = ""
    if "operator" in sent:
        try:
            return None, added_filter(request, entity, state, reading)
        except BadRequest as no:
            error = str(no)
    return replace(filter_form(entity, name, reading, sent if error else None, error), joins=joins), ""


def join_choices(entity: Entity, state: ListState, reading: Reading) -> tuple[tuple[str, str], ...]:
    """Where a further condition may stand: beside all the others, or as “or” and “and” of one of them."""
    places = [(place, node) for place, node in places_in(state.tree) if len(place) < DEEPEST]
    found = [("", _("and all the other conditions"))] if places else []
    for place, node in places[:MOST_JOINS]:
        words, there = in_words(entity, node, reading), place_text(place)
        found.append((f"any:{there}", _("or: %(condition)s") % {"condition": words}))
        if len(place) > 1:
            found.append((f"all:{there}", _("and: %(condition)s") % {"condition": words}))
    return tuple(found)


def with_added(entity: Entity, state: ListState, sent: QueryDict, condition: Condition, reading: Reading) -> str:
    """The address of the list with one condition more, at the place that was chosen."""
    kind, _colon, place = sent.get("into", "").partition(":")
    tree = joined(state.tree, read_place(place), kind if kind == "any" else "all", condition)
    check(entity, tree, reading)
    return list_url(entity, state, tree=tree)


def added_filter(request: HttpRequest, entity: Entity, state: ListState, reading: Reading) -> str:
    """The address of the list with the condition that the form sent; BadRequest when it can not be read."""
    name, operator = request.GET.get("add", ""), request.GET.get("operator", "")
    field, _guard = field_seen_through(entity, name, reading.user)
    return with_added(entity, state, request.GET, read_condition(field, name, operator, request.GET, reading), reading)


def read_condition(field: Field, name: str, operator: str, sent: QueryDict, reading: Reading) -> Condition:
    """One condition from what was typed, its value in the form that does not depend on the language."""
    if operator in WITHOUT_VALUE:
        return Condition(name, operator)
    values = [_plain(field, value, reading) for value in _given(field, sent, reading)]
    if not values:
        raise BadRequest(_("Give a value to compare with."), field=VALUE, code="FILTER_VALUE")
    if operator in SEVERAL and len(values) == 1 and not str(values[0]).startswith(LIKE):
        return Condition(name, SINGLE[operator], values[0])
    return Condition(name, operator, values if operator in SEVERAL else values[0])


def _given(field: Field, sent: QueryDict, reading: Reading) -> list[str]:
    values = [value.strip() for value in sent.getlist(VALUE) if value.strip()]
    words = sent.get(VALUE + TEXT, "").strip()
    if isinstance(field, ReferenceField) and words and not values:
        try:
            return [record_called(field, words, reading)]
        except FieldFault as fault:
            raise BadRequest(fault.message, field=VALUE, code="FILTER_VALUE") from fault
    return values


def _plain(field: Field, value: str, reading: Reading) -> Any:
    if value == "me" or (field.kind in ("date", "datetime") and RELATIVE.match(value)):
        return value
    if isinstance(field, ReferenceField) and value.startswith(LIKE):
        field.filter_values([value], reading)
        return value
    read = field.filter_value(value, reading)
    if isinstance(field, ReferenceField):
        return read
    if field.kind == "datetime" and len(value) <= len("31.12.2026"):
        return read.date().isoformat()
    return field.json(read)


def _several(field: Field, shown: Control, reading: Reading) -> tuple[tuple[str, str], ...]:
    """Short lists are ticked, so that several values make one condition."""
    if isinstance(field, YesNoField):
        return ()
    if isinstance(field, ChoiceField) and len(field.choices) <= SHORT_LIST:
        return tuple((str(code), str(label)) for code, label in field.choices)
    if isinstance(field, ReferenceField) and (titles := titles_once(field, reading)):
        return titles
    if isinstance(field, ReferenceField) and shown.options:
        me = (("me", pgettext("filter", "me")),) if field.is_person else ()
        return (*me, *shown.options)
    return ()


def _operators(field: Field, is_list: bool) -> tuple[str, ...]:
    if is_list and "in" in field.operators:
        return tuple(name for name in ("in", "not_in", "empty", "not_empty") if name in field.operators)
    if isinstance(field, LongTextField):
        return field.operators
    return tuple(name for name in field.operators if name not in SEVERAL)
