"""Records on a map without the maps of others: a plain grid of degrees, with near records gathered into one mark."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians, sqrt
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet
from django.db.models.functions import Cast, Floor

from krug.kernel.fields.number import DecimalField
from krug.kernel.listing.filters import Condition, Group, Tree, read_tree
from krug.kernel.listing.query import rows_matching
from krug.kernel.sight import is_open

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading
    from krug.kernel.listing.state import ListState

LATITUDE, LONGITUDE = "latitude", "longitude"
ACROSS, WIDTH, EDGE = 24, 960, 28
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)
MOST_MARKS = 400
LEAST = 0.02


@dataclass(frozen=True)
class Coordinates:
    """The two fields by which a type stands on the map."""

    latitude: str = LATITUDE
    longitude: str = LONGITUDE


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
    """Records near one another: where their middle is, how many, and the filter that finds exactly these."""

    latitude: float
    longitude: float
    count: int
    tree: Tree
    first: int

    @property
    def radius(self) -> float:
        """The area of a mark grows with its records."""
        return round(min(26.0, 6 + 2 * sqrt(self.count)), 1)


def coordinates_of(entity: Entity) -> Coordinates | None:
    """The coordinates of a type, where its declaration has both and they are open to whoever looks."""
    found = [entity.declared.get(name) for name in (LATITUDE, LONGITUDE)]
    if not all(isinstance(field, DecimalField) for field in found):
        return None
    return Coordinates() if is_open(entity, LATITUDE) and is_open(entity, LONGITUDE) else None


def placed(entity: Entity, state: ListState, reading: Reading) -> QuerySet[Any]:
    """The records of the list that have a place."""
    rows = rows_matching(entity, state, reading)
    return rows.filter(latitude__isnull=False, longitude__isnull=False).order_by()


def frame_of(rows: QuerySet[Any]) -> Frame | None:
    """The frame that holds all of them, with some room around; nothing when there is nobody."""
    found = rows.aggregate(s=Min(LATITUDE), w=Min(LONGITUDE), n=Max(LATITUDE), e=Max(LONGITUDE))
    if found["s"] is None:
        return None
    south, west, north, east = (float(found[name]) for name in ("s", "w", "n", "e"))
    tall, wide = max(north - south, LEAST), max(east - west, LEAST)
    return Frame(
        max(-90.0, south - tall * 0.08), max(-180.0, west - wide * 0.08),
        min(90.0, north + tall * 0.08), min(180.0, east + wide * 0.08),
    )  # fmt: skip


def marks_in(rows: QuerySet[Any], frame: Frame, tree: Tree | None) -> list[Mark]:
    """Near records gathered by the cells of a grid: one grouped question."""
    size = Decimal(str(round((frame.east - frame.west) / ACROSS, 6))) or Decimal("0.000001")
    cells = rows.annotate(
        row=Floor(Cast(F(LATITUDE) / size, FloatField())), column=Floor(Cast(F(LONGITUDE) / size, FloatField()))
    )
    found = cells.values("row", "column").annotate(
        how_many=Count("pk"), lat=Avg(LATITUDE), lon=Avg(LONGITUDE), first=Min("pk")
    )
    return [
        Mark(
            latitude=float(cell["lat"]),
            longitude=float(cell["lon"]),
            count=cell["how_many"],
            tree=_inside(tree, size, Decimal(int(cell["row"])), Decimal(int(cell["column"]))),
            first=cell["first"],
        )
        for cell in found.order_by("-how_many", "row", "column")[:MOST_MARKS]
    ]


def _inside(tree: Tree | None, size: Decimal, row: Decimal, column: Decimal) -> Tree:
    """The filter narrowed to one cell of the grid."""
    sides = []
    for name, at in ((LATITUDE, row), (LONGITUDE, column)):
        sides += [Condition(name, "gte", str(at * size)), Condition(name, "lt", str((at + 1) * size))]
    return Group("all", (*read_tree(tree).nodes, Group("all", tuple(sides)))).to_json()


def lines_of(low: float, high: float) -> list[float]:
    """The degrees at which lines are drawn: round ones, at most eight."""
    step = next((step for step in STEPS if (high - low) / step <= 8), STEPS[-1])
    first = int(low // step) + 1
    return [round(at * step, 2) for at in range(first, int(high // step) + 1)]
