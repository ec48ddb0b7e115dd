"""The map of a list: a drawing made by the server, each mark a link to its records, and a table of the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import then
from krug.kernel.ui import formats
from krug.language.readings import normalise
from krug.lists.rules.map import WIDTH, Coordinates, Frame, Mark, frame_of, lines_of, marks_in, outline_in, placed

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

IN_TABLE = 50
CLOSEST = 0.1


def map_context(entity: Entity, view: Coordinates, state: ListState, reading: Reading) -> dict[str, Any]:
    """The frame, its lines and marks, ready to be drawn; records without a place are counted beside."""
    places = placed(entity, view, state, reading)
    frame = frame_of(places)
    if frame is None:
        return {"map": None, "empty": None}
    marks = marks_in(places, frame, state.tree)
    names = _names(entity, [mark.first for mark in marks], reading)
    shown = [drawn(entity, state, frame, mark, names) for mark in marks]
    return {
        "map": {
            "width": WIDTH,
            "height": frame.height,
            "outline": outline_in(frame),
            "verticals": [(frame.x(at), meridian(at)) for at in lines_of(frame.west, frame.east)],
            "horizontals": [(frame.y(at), parallel(at)) for at in lines_of(frame.south, frame.north)],
            "marks": by_name(shown),
        },
        "in_table": by_name(shown[:IN_TABLE]),
        "not_named": max(0, len(shown) - IN_TABLE),
        "empty": None,
    }


def drawn(entity: Entity, state: ListState, frame: Frame, mark: Mark, names: dict[int, str]) -> dict[str, Any]:
    """One mark: its place, its size, its words, and where it leads."""
    return {
        "x": frame.x(mark.longitude),
        "y": frame.y(mark.latitude),
        "radius": mark.radius,
        "count": formats.number(mark.count),
        "is_one": mark.count == 1,
        "name": named(mark, names.get(mark.first, "")),
        "url": _url_of(entity, state, frame, mark),
        "list_url": list_url(entity, state, view="table", tree=mark.tree),
    }


def _url_of(entity: Entity, state: ListState, frame: Frame, mark: Mark) -> str:
    """One record opens its page; several are looked at closer, until they stand too near and are listed."""
    if mark.count == 1:
        return then(entity.url(mark.first))
    view = "map" if frame.east - frame.west > CLOSEST else "table"
    return list_url(entity, state, view=view, tree=mark.tree)


def named(mark: Mark, name: str) -> str:
    """A place by a record that stands there and by its city; by its degrees when neither is known."""
    if not name:
        return mark.city or f"{parallel(mark.latitude, 2)} {meridian(mark.longitude, 2)}"
    if mark.count > 1:
        name = _("%(record)s and %(count)s more") % {"record": name, "count": formats.number(mark.count - 1)}
        city = _("%(city)s and around") % {"city": mark.city} if mark.is_wider else mark.city
        return f"{city}: {name}" if city else name
    return name if not mark.city or mark.city.casefold() in name.casefold() else f"{name}, {mark.city}"


def by_name(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The marks in the order in which their names are looked up, by Tab as well as by eye."""
    return sorted(marks, key=lambda mark: normalise(mark["name"]))


def parallel(value: float, places: int = 0) -> str:
    """59.93° N."""
    return degrees(value, pgettext("degrees", "N"), pgettext("degrees", "S"), places)


def meridian(value: float, places: int = 0) -> str:
    """30.31° E."""
    return degrees(value, pgettext("degrees", "E"), pgettext("degrees", "W"), places)


def degrees(value: float, plus: str, minus: str, places: int = 0) -> str:
    """A number of degrees; round ones without figures after the point."""
    said = formats.number(Decimal(str(abs(value))), places=places or None)
    return f"{said}°\N{NO-BREAK SPACE}{plus if value >= 0 else minus}"


def _names(entity: Entity, ids: list[int], reading: Reading) -> dict[int, str]:
    """What the records are called that lend their names to marks, as far as the reader sees them."""
    rows = entity.rows_for(reading.user).in_bulk(ids) if ids else {}
    return {pk: entity.name_of(record) for pk, record in rows.items()}
