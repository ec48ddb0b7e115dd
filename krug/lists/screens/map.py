"""The map of a list: a drawing made by the server, each mark a link to its records, and a table of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import then
from krug.kernel.ui import formats
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
    names = _names(entity, [mark.first for mark in marks if mark.count == 1], reading)
    return {
        "map": {
            "width": WIDTH,
            "height": frame.height,
            "outline": outline_in(frame),
            "verticals": [(frame.x(at), degrees(at, "E", "W")) for at in lines_of(frame.west, frame.east)],
            "horizontals": [(frame.y(at), degrees(at, "N", "S")) for at in lines_of(frame.south, frame.north)],
            "marks": [drawn(entity, state, frame, mark, names) for mark in marks],
        },
        "in_table": IN_TABLE,
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
        "name": names.get(mark.first, "") if mark.count == 1 else "",
        "place": f"{degrees(mark.latitude, 'N', 'S', 2)} {degrees(mark.longitude, 'E', 'W', 2)}",
        "url": _url_of(entity, state, frame, mark),
        "list_url": list_url(entity, state, view="table", tree=mark.tree),
    }


def _url_of(entity: Entity, state: ListState, frame: Frame, mark: Mark) -> str:
    """One record opens its page; several are looked at closer, until they stand too near and are listed."""
    if mark.count == 1:
        return then(entity.url(mark.first))
    view = "map" if frame.east - frame.west > CLOSEST else "table"
    return list_url(entity, state, view=view, tree=mark.tree)


def degrees(value: float, plus: str, minus: str, places: int = 0) -> str:
    """59.93° N; round degrees without figures after the point."""
    said = f"{abs(value):.{places}f}" if places else f"{abs(value):g}"
    return f"{said}°\N{NO-BREAK SPACE}{plus if value >= 0 else minus}"


def _names(entity: Entity, ids: list[int], reading: Reading) -> dict[int, str]:
    """What records that stand alone are called, as far as the reader sees them."""
    rows = entity.rows_for(reading.user).in_bulk(ids) if ids else {}
    return {pk: entity.name_of(record) for pk, record in rows.items()}
