"""Records on a map drawn by ourselves: shores, borders and degrees, with near records gathered into one mark."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import cos, radians, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Avg, CharField, Count, F, FloatField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast, Floor, NullIf

from krug.kernel.fields.number import DecimalField
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.fields.related import RelatedField, is_stored, related_fields
from krug.kernel.listing.filters import Condition, Group, Node, Tree, read_tree
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import entity_of
from krug.kernel.sight import is_open

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

LATITUDE, LONGITUDE, CITY = "latitude", "longitude", "city"
ACROSS, WIDTH, EDGE = 24, 960, 28
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)
MOST_MARKS = 400
LEAST = 0.02


@dataclass(frozen=True)
class Coordinates:
    """The way to the two fields by which a type stands on the map: its own, or those of records that lead to it.

    With `through` they lead to the record that this link names, as the addresses of a customer do for his deals.
    """

    lead: RelatedField | None = None
    through: ReferenceField | None = None


@dataclass(frozen=True)
class Frame:
    """The part of the world that is shown, and how large it is drawn."""

    south: float
    west: float
    north: float
    east: float

    @property
    def height(self) -> int:
        """Degrees of latitude drawn as long as they are in the middle of the frame."""
        middle = cos(radians((self.south + self.north) / 2)) or 0.01
        return max(200, min(720, round(WIDTH * (self.north - self.south) / ((self.east - self.west) * middle))))

    def x(self, longitude: float) -> float:
        """Where a longitude stands."""
        return round(EDGE + (WIDTH - 2 * EDGE) * (longitude - self.west) / (self.east - self.west), 1)

    def y(self, latitude: float) -> float:
        """Where a latitude stands."""
        return round(EDGE + (self.height - 2 * EDGE) * (self.north - latitude) / (self.north - self.south), 1)


@dataclass(frozen=True)
class Mark:
    """Records near one another: their middle, how many, in which city, and the filter that finds exactly these."""

    latitude: float
    longitude: float
    count: int
    tree: Tree
    first: int
    city: str = ""
    is_wider: bool = False

    @property
    def radius(self) -> float:
        """The area of a mark grows with its records."""
        return round(min(26.0, 6 + 2 * sqrt(self.count)), 1)


def coordinates_of(entity: Entity) -> Coordinates | None:
    """The coordinates of a type, or of what leads to it such as addresses, as far as they are open to whoever looks."""
    if _has_own(entity):
        return Coordinates()
    if lead := _lead_to(entity):
        return Coordinates(lead)
    for name in dict.fromkeys((*entity.columns, *entity.filters, *entity.fields)):
        link = entity.fields.get(name)
        if not isinstance(link, ReferenceField) or "__" in link.at or not is_stored(entity, link):
            continue
        target = entity_of(link.model)
        lead = _lead_to(target) if target else None
        if lead and not _column(lead).remote_field.hidden:
            return Coordinates(lead, link)
    return None


def _lead_to(entity: Entity) -> RelatedField | None:
    return next((field for field in related_fields(entity) if _leads(field)), None)


def _column(lead: RelatedField) -> Any:
    """The column of the link by which places lead to a record."""
    return lead.other.model._meta.get_field(lead.link.at)


def _has_own(entity: Entity) -> bool:
    found = [entity.declared.get(name) for name in (LATITUDE, LONGITUDE)]
    if not all(isinstance(field, DecimalField) for field in found):
        return False
    return is_open(entity, LATITUDE) and is_open(entity, LONGITUDE)


def _leads(field: RelatedField) -> bool:
    return _has_own(field.other) and not field.link.is_attribute and "__" not in field.link.at


class Mode(Aggregate):
    """What most rows say."""

    template = "mode() WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = CharField()


@dataclass(frozen=True)
class Places:
    """The rows that have coordinates: the records themselves, or their addresses; `number` is that of the record.

    `at` is the way from a row to its place, as the rows of a record that leads to another one have its addresses.
    """

    view: Coordinates
    rows: QuerySet[Any]
    has_city: bool = False
    at: str = ""

    @property
    def number(self) -> str:
        """Where a row tells the record it is about."""
        return self.view.lead.link.id_at if self.view.lead and not self.view.through else "pk"

    def inside(self, sides: tuple[Condition, ...]) -> Node:
        """What the records have in common that stand between these degrees."""
        if self.view.lead is None:
            return Group("all", sides)
        way = f"{self.view.through.name}__" if self.view.through else ""
        return Condition(f"{way}{self.view.lead.name}", "has", Group("all", sides).to_json())


def placed(entity: Entity, view: Coordinates, state: ListState, reading: Reading) -> Places:
    """The records of the list that have a place."""
    rows, at = rows_matching(entity, state, reading), ""
    known: dict[str, Any] = {}
    if view.lead is not None:
        found = rows_matching(view.lead.other, ListState(), reading)
        if view.through:
            at = f"{view.through.at}__{_column(view.lead).related_query_name()}__"
            known = {f"{at}in": found.order_by().values("pk")}
        else:
            rows = found.filter(**{f"{view.lead.link.at}__in": rows.order_by().values("pk")})
    known |= {f"{at}{name}__isnull": False for name in (LATITUDE, LONGITUDE)}
    has_city = CITY in (view.lead.other if view.lead else entity).fields
    return Places(view, rows.filter(**known).order_by(), has_city, at)


def frame_of(places: Places) -> Frame | None:
    """The frame that holds all of them, with some room around; nothing when there is nobody."""
    north, east = f"{places.at}{LATITUDE}", f"{places.at}{LONGITUDE}"
    found = places.rows.aggregate(s=Min(north), w=Min(east), n=Max(north), e=Max(east))
    if found["s"] is None:
        return None
    s, w, n, e = (float(found[side]) for side in ("s", "w", "n", "e"))
    tall, wide = max(n - s, LEAST), max(e - w, LEAST)
    return Frame(
        max(-90.0, s - tall * 0.08), max(-180.0, w - wide * 0.08),
        min(90.0, n + tall * 0.08), min(180.0, e + wide * 0.08),
    )  # fmt: skip


def marks_in(places: Places, frame: Frame, tree: Tree | None) -> list[Mark]:
    """Near records gathered by the cells of a grid: one grouped question."""
    size = Decimal(str(round((frame.east - frame.west) / ACROSS, 6))) or Decimal("0.000001")
    north, east = f"{places.at}{LATITUDE}", f"{places.at}{LONGITUDE}"
    cells = places.rows.annotate(
        row=Floor(Cast(F(north) / size, FloatField())), column=Floor(Cast(F(east) / size, FloatField()))
    )
    city = NullIf(F(f"{places.at}{CITY}") if places.has_city else Cast(Value(""), CharField()), Value(""))
    found = cells.values("row", "column").annotate(
        how_many=Count(places.number, distinct=True), lat=Avg(north), lon=Avg(east), first=Min(places.number),
        town=Mode(city), towns=Count(city, distinct=True),
    )  # fmt: skip
    return [
        Mark(
            latitude=float(cell["lat"]),
            longitude=float(cell["lon"]),
            count=cell["how_many"],
            tree=_inside(places, tree, size, (Decimal(int(cell["row"])), Decimal(int(cell["column"])))),
            first=cell["first"],
            city=cell["town"] or "",
            is_wider=cell["towns"] > 1,
        )
        for cell in found.order_by("-how_many", "row", "column")[:MOST_MARKS]
    ]


def _inside(places: Places, tree: Tree | None, size: Decimal, cell: tuple[Decimal, Decimal]) -> Tree:
    """The filter narrowed to one cell of the grid."""
    sides: list[Condition] = []
    for name, at in zip((LATITUDE, LONGITUDE), cell, strict=True):
        sides += [Condition(name, "gte", str(at * size)), Condition(name, "lt", str((at + 1) * size))]
    return Group("all", (*read_tree(tree).nodes, places.inside(tuple(sides)))).to_json()


@cache
def _outline() -> list[list[tuple[float, float]]]:
    text = (Path(__file__).parent / "outline.txt").read_text(encoding="ascii")
    points = [[each.split(",") for each in line.split()] for line in text.splitlines()]
    return [[(float(lon), float(lat)) for lon, lat in line] for line in points]


def outline_in(frame: Frame) -> str:
    """Shores and borders within the frame, as the path of a drawing (Natural Earth, public domain)."""
    parts: list[str] = []
    for line in _outline():
        lons, lats = [lon for lon, _lat in line], [lat for _lon, lat in line]
        if max(lons) < frame.west or min(lons) > frame.east or max(lats) < frame.south or min(lats) > frame.north:
            continue
        parts.append("M" + "L".join(f"{frame.x(lon):g} {frame.y(lat):g}" for lon, lat in line))
    return "".join(parts)


def lines_of(low: float, high: float) -> list[float]:
    """The degrees at which lines are drawn: round ones, at most eight."""
    step = next((step for step in STEPS if (high - low) / step <= 8), STEPS[-1])
    first = int(low // step) + 1
    return [round(at * step, 2) for at in range(first, int(high // step) + 1)]
