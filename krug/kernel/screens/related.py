"""What belongs to a record: rows of the types above that point to it, without knowing those types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from krug.kernel.fields import (
    ChoiceField,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    ReferenceField,
    YesNoField,
    title_from,
    title_names,
)
from krug.kernel.fields.related import pointing_at
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import Condition, with_condition
from krug.kernel.listing.state import list_url
from krug.kernel.moment import then
from krug.kernel.ui import formats
from krug.kernel.visibility import may
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

SHOWN, MOST_COUNTED = 5, 1_000
NAMELESS = (IntegerField, ChoiceField)
COLUMNS = 4


@dataclass(frozen=True)
class RelatedPanel:
    """Up to five rows of one type, and the ways to all of them and to a new one."""

    id: str
    entity: Entity
    title: str
    icon: str
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]
    count: str
    all_url: str
    new_url: str = ""


def foreign_links(entity: Entity) -> list[tuple[Entity, ReferenceField]]:
    """The links from types of other domains; a page that shows its own domain's types itself lists only these."""
    own = entity.model._meta.app_label
    return [(other, field) for other, field in pointing_at(entity) if other.model._meta.app_label != own]


def related_panels(
    entity: Entity, record: Any, user: User, links: list[tuple[Entity, ReferenceField]] | None = None
) -> list[RelatedPanel]:
    """The panels of a record's page, of all links or of these: those with rows first, as the declarations stand."""
    found = pointing_at(entity) if links is None else links
    panels = [panel_of(other, field, record, user, titled(other, field, found)) for other, field in found]
    return sorted(panels, key=lambda panel: not panel.rows)


def references_to(entity: Entity, record: Any, user: User) -> list[tuple[str, str, str]]:
    """What refers to a record, as far as this user sees it: the type and its link, how many, and their list."""
    found, links = [], pointing_at(entity)
    for other, field in links:
        rows = other.rows_for(user).filter(field.compare("eq", record.pk))
        many = 0 if rows.query.is_empty() else rows.order_by()[: MOST_COUNTED + 1].count()
        if many:
            count = formats.number(many) if many <= MOST_COUNTED else f"{formats.number(MOST_COUNTED)}+"
            tree = with_condition(None, Condition(field.name, "eq", record.pk))
            found.append((titled(other, field, links), count, list_url(other, tree=tree)))
    return found


def titled(other: Entity, field: ReferenceField, links: list[tuple[Entity, ReferenceField]]) -> str:
    """The plural of the type; of two links from one type each says its field."""
    return f"{other.plural} ({field.label})" if [o.code for o, _f in links].count(other.code) > 1 else str(other.plural)


def panel_of(other: Entity, field: ReferenceField, record: Any, user: User, title: str) -> RelatedPanel:
    """The newest rows of one type through one link."""
    rows = other.rows_for(user).filter(field.compare("eq", record.pk))
    if "is_archived" in other.fields:
        rows = rows.filter(is_archived=False)
    language = speech()
    foreign = "_en" if language == "ru" else "_ru"
    names = [name for name in other.columns if name != field.name and not name.endswith(foreign)][:COLUMNS]
    fields = [other.field(name) for name in names or title_names(other.model)[:1]]
    fields.sort(key=lambda item: item.numeric)
    also = ("pk", *(title_names(other.model) if isinstance(fields[0], NAMELESS) else ()))
    found = rows_told(rows.order_by(*newest_first(other)), other, fields, user, also=also, most=SHOWN + 1)
    return RelatedPanel(
        entity=other,
        id=f"related-{other.code}-{field.name}",
        title=title,
        icon=other.icon,
        columns=[{"label": str(item.label), "align": "end" if item.numeric else "start"} for item in fields],
        rows=[row_of(other, row, fields, language) for row in found[:SHOWN]],
        count=str(len(found)) if len(found) <= SHOWN else f"{SHOWN}+",
        all_url=then(list_url(other, tree=with_condition(None, Condition(field.name, "eq", record.pk)))),
        new_url=f"{other.url()}new/?{field.name}={record.pk}" if can_make(other, field, user) else "",
    )


def newest_first(other: Entity) -> tuple[str, ...]:
    """The latest first where the type is ordered by a day or a moment; otherwise as its lists are."""
    name = other.order.lstrip("-")
    item = other.field(name)
    if isinstance(item, (DateField, DateTimeField)):
        return (f"-{item.at}", "-pk")
    return (other.order, "-pk") if name != "id" else ("-pk",)


def row_of(other: Entity, row: dict[str, Any], fields: list[Field], language: str) -> dict[str, Any]:
    """One row: its first column, or its name where that is a mere number or state; a yes is told by what it answers."""
    cells = [(item, item.cell(row, language)) for item in fields]
    texts = [str(item.label) if isinstance(item, YesNoField) and cell.value else cell.text for item, cell in cells]
    if isinstance(fields[0], NAMELESS):
        own = tuple(row.get(name) for name in title_names(other.model))
        texts[: isinstance(fields[0], IntegerField)] = [title_from(other.model, own, language) or texts[0]]
    texts[1:] = [text for text in dict.fromkeys(texts[1:]) if text != texts[0]]
    return {"id": row["pk"], "url": then(other.url(row["pk"])), "cells": [{"text": text} for text in texts]}


def can_make(other: Entity, field: ReferenceField, user: User) -> bool:
    """Whether the reader may add one here: has the right, and the form holds the link."""
    return field.name in other.editable and may(user, other.code, "create")
