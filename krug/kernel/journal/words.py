"""Says journal entries to people: the phrase of the event, filled with what was packed into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.fields import ReferenceField, title_from, title_names
from krug.kernel.journal.events import EVENTS, EventName
from krug.kernel.registry import entities, entity_of
from krug.kernel.sight import closed_keys, looker, narrows
from krug.kernel.ui import formats

TEXTS = ("text", "comment", "note", "reason", "outcome")
NOTHING = "—"
Titles = Mapping[type[Model], Mapping[int, str]]


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return NOTHING


def phrase_of(event: str, data: Mapping[str, Any], language: str) -> str:
    """The entry in one sentence."""
    kind = EVENTS.get(event)
    if kind is None or not kind.phrase:
        return _capital(" ".join(re.findall(r"[A-Z][a-z0-9]*", event)))
    hints = hints_of(event)
    data = opened(event, data)
    values = _Filled({name: said(value, hints.get(name), data, language) or NOTHING for name, value in data.items()})
    return (str(kind.phrase) % values).replace(f" ({NOTHING})", "")


def in_language(data: Mapping[str, Any], event: str, titles: Titles, entity: str = "") -> dict[str, Any]:
    """The packed data with the names of records that are called otherwise for this reader; `entity` is the subject."""
    fresh = dict(data)
    for name, model in named_in(event, data, entity).items():
        packed = data[name]
        if title := titles.get(model, {}).get(packed.get("id", 0)):
            fresh[name] = {**packed, "name": title}
        elif narrows(model):
            fresh[name] = {**packed, "name": f"№ {packed.get('id', '')}"}
    return opened(event, fresh)


def opened(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an event that whoever looks may know: without closed fields."""
    closed = closed_in(event) if looker() is not None else ()
    return {name: value for name, value in data.items() if name not in closed}


def closed_facts() -> list[str]:
    """The facts of all events in which whoever looks may not search."""
    if looker() is None:
        return []
    covered = {name for event in EVENTS for name, model in models_of(event).items() if narrows(model)} | {"record"}
    return sorted(covered.union(*(closed_in(event) for event in EVENTS)))


def closed_in(event: str) -> set[str]:
    """The facts that are closed fields of the records an event names: by their name, or by the record they led to."""
    models, closed = models_of(event), set()
    for entity in filter(None, map(entity_of, models.values())):
        for key in closed_keys(entity):
            field = entity.everything.fields.get(key)
            closed.add(key)
            if isinstance(field, ReferenceField):
                closed |= {name for name, model in models.items() if model is field.model is not entity.model}
    return closed


def named_in(event: str, data: Mapping[str, Any], entity: str) -> dict[str, type[Model]]:
    """The single records that an entry names, with their models; facts of no declared kind name its subject."""
    known = models_of(event)
    subject = next((each.model for each in entities() if each.code == entity), None)
    packed = (name for name, value in data.items() if isinstance(value, dict) and "id" in value)
    return {name: model for name in packed if (model := known.get(name, subject)) is not None and name != "by"}


def titles_in(language: str, packed: Iterable[tuple[str, Mapping[str, Any], str]]) -> Titles:
    """The titles of all records with a name in each language, or closed fields in it; one query per type."""
    wanted: dict[type[Model], set[int]] = {}
    for event, data, entity in packed:
        for name, model in named_in(event, data, entity).items():
            if len(title_names(model)) == 2 or narrows(model):
                wanted.setdefault(model, set()).add(data[name]["id"])
    return {
        model: {
            number: title_from(model, tuple(rest), language)
            for number, *rest in model._default_manager.filter(pk__in=numbers).values_list("pk", *title_names(model))
        }
        for model, numbers in wanted.items()
    }


def icon_of(event: str) -> str:
    """The icon of an event."""
    kind = EVENTS.get(event)
    return kind.icon if kind else "dot"


def text_of(data: Mapping[str, Any]) -> str:
    """The longer words that somebody wrote, if the event holds any."""
    return next((str(data[name]) for name in TEXTS if isinstance(data.get(name), str) and data[name]), "")


def said(value: Any, hint: Any, data: Mapping[str, Any], language: str) -> str:
    """One packed value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(said(item, None, data, language) for item in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    kinds = _kinds(hint)
    if EventName in kinds:
        return phrase_of(str(value), {}, language).removesuffix(f": {NOTHING}")
    if Decimal in kinds:
        currency = data.get("currency")
        number = Decimal(str(value))
        return formats.money(number, currency, language) if currency else formats.number(number, language)
    if datetime in kinds:
        return formats.moment(timezone.localtime(datetime.fromisoformat(value)), language)
    if date in kinds:
        return formats.date(date.fromisoformat(value), language)
    return formats.number(value, language) if isinstance(value, int) else str(value)


@cache
def hints_of(event: str) -> dict[str, Any]:
    """The types of an event's fields."""
    return get_type_hints(EVENTS[event]) if event in EVENTS else {}


@cache
def models_of(event: str) -> dict[str, type[Model]]:
    """The fields of an event that hold one record, with their models."""
    found: dict[str, type[Model]] = {}
    for name, hint in hints_of(event).items():
        for option in _kinds(hint):
            if name != "by" and isinstance(option, type) and issubclass(option, Model):
                found[name] = option
    return found


def _kinds(hint: Any) -> tuple[Any, ...]:
    options = tuple(option for option in getattr(hint, "__args__", ()) if option is not type(None))
    return options or (hint,)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:].lower()
