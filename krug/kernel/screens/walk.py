"""Walking a list from record to record without going back to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpRequest, QueryDict

from krug.kernel.errors import BadRequest
from krug.kernel.listing.paging import make_cursor
from krug.kernel.listing.query import place_of, read_page, rows_matching
from krug.kernel.listing.state import list_url, read_state
from krug.kernel.moment import then
from krug.kernel.screens.controls import reading_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@dataclass(frozen=True)
class Walk:
    """The neighbours of a record in the list it was opened from."""

    back: str
    previous: str = ""
    next: str = ""


def neighbours(request: HttpRequest, entity: Entity, pk: int) -> Walk | None:
    """The way back to the list and to the rows before and after; nothing when the page was not opened from a list."""
    said = request.GET.get("list", "")
    if "list" not in request.GET:
        return None
    try:
        state = replace(read_state(entity, QueryDict(said)), after="", before="", open="", limit=1)
        reading = reading_of(request)
        path, is_falling = state.sorted_by(entity)
        at, row = place_of(entity, path, rows_matching(entity, state, reading), pk, reading.user)
        back = list_url(entity, read_state(entity, QueryDict(said)))
        if row is None:
            return Walk(back)
        place = make_cursor(row, at, is_falling)
        before = read_page(entity, replace(state, before=place), reading, ("id",)).rows
        after = read_page(entity, replace(state, after=place), reading, ("id",)).rows
    except BadRequest:
        return None
    tail = f"?list={quote(said, safe='')}"
    return Walk(
        back,
        previous=then(entity.url(before[0]["id"]) + tail) if before else "",
        next=then(entity.url(after[0]["id"]) + tail) if after else "",
    )
