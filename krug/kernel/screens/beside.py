"""What other parts of the house add to the lists of all types: parts beside the rows, and other layouts of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from krug.kernel.errors import BadRequest
from krug.kernel.listing.state import VIEWS

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from krug.kernel.entity import Entity, type_text
    from krug.kernel.fields import Reading
    from krug.kernel.listing.state import ListState

Tell = Callable[["HttpRequest", "Entity", "ListState"], Mapping[str, Any]]


class Beside(NamedTuple):
    """A function that tells a part what it shows, its templates in the bar of tools, at the left, among the views."""

    tell: Tell
    tools: str
    side: str
    views: str


class Layout(NamedTuple):
    """Another layout of the same rows: `of(entity)` says how the type is laid out so, or nothing where it can not.

    `without` are the words for whoever asks a type for it that can not be laid out so.
    """

    name: str
    label: type_text
    icon: str
    template: str
    of: Callable[[Entity], Any]
    context: Callable[[Entity, Any, ListState, Reading], dict[str, Any]]
    without: type_text


Mend = Callable[["Entity", "QueryDict", "Reading", "BadRequest"], tuple["QueryDict", list[dict[str, str]]]]

_parts: list[Beside] = []
_menders: list[Mend] = []
_layouts: dict[str, Layout] = {}


def stand_beside(tell: Tell, *, tools: str, side: str, views: str) -> None:
    """Put a part beside the lists of all types."""
    _parts.append(Beside(tell, tools, side, views))


def lay_out(*layouts: Layout) -> None:
    """Let the lists of all types that can be laid out so."""
    for layout in layouts:
        _layouts[layout.name] = layout
        VIEWS.add(layout.name)


def mend_by(mend: Mend) -> None:
    """Say how an address with something in it that can not be is made one that holds."""
    _menders.append(mend)


def mended(entity: Entity, sent: QueryDict, reading: Reading, no: BadRequest) -> tuple[QueryDict, list[dict[str, str]]]:
    """The address without what does not hold, and a chip for each part that was left out; without any, none helps."""
    return next((mend(entity, sent, reading, no) for mend in _menders), (sent, []))


def layouts_of(entity: Entity) -> dict[str, tuple[Layout, Any]]:
    """The layouts that this type can take, each with how."""
    found = {layout.name: (layout, layout.of(entity)) for layout in _layouts.values()}
    return {name: (layout, view) for name, (layout, view) in found.items() if view is not None}


def layout_in(entity: Entity, name: str) -> tuple[Layout, Any] | None:
    """The layout of that name, unless it is the table; refused with words where the type can not take it."""
    found = layouts_of(entity).get(name)
    if found is None and (layout := _layouts.get(name)):
        raise BadRequest(layout.without, field="view", code="NO_SUCH_LAYOUT")
    return found


def told_beside(request: HttpRequest, entity: Entity, state: ListState) -> dict[str, Any]:
    """What all parts show beside this list."""
    told: dict[str, Any] = {"beside": _parts}
    for part in _parts:
        told |= part.tell(request, entity, state)
    return told
