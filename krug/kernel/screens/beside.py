"""What other parts of the house put beside the rows of every list, such as trees, without the kernel knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.http import HttpRequest

    from krug.kernel.entity import Entity
    from krug.kernel.listing.state import ListState

Tell = Callable[["HttpRequest", "Entity", "ListState"], Mapping[str, Any]]


class Beside(NamedTuple):
    """A function that tells a part what it shows, its template in the bar of tools, and the one at the left."""

    tell: Tell
    tools: str
    side: str


_parts: list[Beside] = []


def stand_beside(tell: Tell, *, tools: str, side: str) -> None:
    """Put a part beside the lists of all types."""
    _parts.append(Beside(tell, tools, side))


def told_beside(request: HttpRequest, entity: Entity, state: ListState) -> dict[str, Any]:
    """What all parts show beside this list."""
    told: dict[str, Any] = {"beside": _parts}
    for part in _parts:
        told |= part.tell(request, entity, state)
    return told
