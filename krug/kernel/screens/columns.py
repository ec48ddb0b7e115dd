"""The table of a list: heads that sort, cells in the reader's words, and the choice of columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, LongTextField, Reading
from krug.kernel.listing.filters import field_seen_through
from krug.kernel.listing.state import ListState, column_at, list_url, sort_path, sortable
from krug.kernel.moment import then
from krug.kernel.screens.controls import sentence
from krug.kernel.visibility import may

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

SHORT = 20  # a text no longer than this is a number or a code: on a phone it says what it is


@dataclass(frozen=True)
class ColumnChoice:
    """One line of the column chooser; the addresses move the column one place."""

    name: str
    label: str
    is_shown: bool
    left_url: str = ""
    right_url: str = ""


@dataclass(frozen=True)
class Shape:
    """What all rows of one table have in common."""

    entity: Entity
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    editable: tuple[bool, ...]
    tail: str
    language: str

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """One record as a row of the table component."""
        pk, url = row["id"], self.entity.url(row["id"])
        cells = []
        for name, field, is_editable in zip(self.names, self.fields, self.editable, strict=True):
            cell = field.cell(row, self.language)
            edit = f"{url}field/{name}/" if is_editable else ""
            cells.append({"text": cell.text, "url": cell.url, "edit": edit, "tone": cell.tone})
        cells[0]["text"] = cells[0]["text"] or f"№ {pk}"
        return {"id": pk, "url": then(f"{url}{self.tail}"), "drawer": then(url), "cells": cells}


def table_of(entity: Entity, state: ListState, reading: Reading, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Heads and rows for the table component."""
    names = state.shown_columns(entity)
    may_change = may(reading.user, entity.code, "change")
    shape = Shape(
        entity=entity,
        names=names,
        fields=tuple(entity.field(name) for name in names),
        editable=tuple(may_change and name in entity.editable for name in names),
        tail=f"?{urlencode({'list': state.changed(open='').query()})}",
        language=reading.language,
    )
    heads = [head_of(entity, state, field, name, reading) for field, name in zip(shape.fields, names, strict=True)]
    return {"heads": heads, "rows": [shape.row(row) for row in rows]}


def head_of(entity: Entity, state: ListState, field: Field, name: str, reading: Reading) -> dict[str, str]:
    """One head: a link that sorts by it where that is quick, and the direction when it does."""
    by, is_falling = state.sorted_by(entity)
    side = "flag" if getattr(field, "max_length", SHORT + 1) <= SHORT else field.side
    head = {"label": sentence(field.label), "align": "end" if field.numeric else side, "sort": "", "sort_url": ""}
    if name not in sortable(entity) or is_partly_hidden(entity, name, reading):
        return {**head, "note": _("This column can not be sorted quickly.")}
    is_sorted = sort_path(entity, by) == sort_path(entity, name)
    head["sort_url"] = list_url(entity, state, sort=f"-{name}" if is_sorted and not is_falling else name)
    if is_sorted:
        head["sort"] = "descending" if is_falling else "ascending"
    return head


def is_partly_hidden(entity: Entity, name: str, reading: Reading) -> bool:
    """Whether something on the way to this field is hidden from the reader."""
    try:
        return bool(field_seen_through(entity, name, reading.user)[1])
    except BadRequest:
        return True


def column_choices(entity: Entity, state: ListState) -> list[ColumnChoice]:
    """The shown columns in their order, then the other fields that a column can hold."""
    shown = state.shown_columns(entity)
    own = [
        name
        for name, field in entity.fields.items()
        if field.is_attribute
        or (not isinstance(field, LongTextField) and column_at(entity.model, field.at) is not None)
    ]
    choices = []
    for place, name in enumerate(shown):
        choices.append(
            ColumnChoice(
                name,
                sentence(entity.field(name).label),
                True,
                left_url=list_url(entity, state, columns=_swapped(shown, place, place - 1)) if place else "",
                right_url=list_url(entity, state, columns=_swapped(shown, place, place + 1))
                if place + 1 < len(shown)
                else "",
            )
        )
    rest = [name for name in dict.fromkeys((*entity.columns, *own)) if name not in shown]
    return choices + [ColumnChoice(name, sentence(entity.field(name).label), False) for name in rest]


def _swapped(names: tuple[str, ...], one: int, other: int) -> tuple[str, ...]:
    order = list(names)
    order[one], order[other] = order[other], order[one]
    return tuple(order)
