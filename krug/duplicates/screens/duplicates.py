"""The queue of pairs that look like one: compare and merge, or say that they are two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krug.access.models import Reach
from krug.duplicates.matching.keeping import searched
from krug.duplicates.matching.queue import (
    call_distinct,
    cancel_search,
    last_search,
    start_search,
    waiting_for,
)
from krug.duplicates.matching.records import in_words, is_told_whole
from krug.kernel.errors import NotFound
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.screens.offers import Link
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may, rights_of
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.listing.state import ListState

SHOWN = 20
MOST_COUNTED = 99


@door(SIGNED_IN)
@require_safe
def duplicates_page(request: HttpRequest) -> HttpResponse:
    """The pairs of one type that wait for a decision, the surest first."""
    user = asker(request)
    open_types = [each for each in entities() if searched(each) and rights_of(user).reach(each.code) != Reach.NONE]
    if not open_types:
        raise NotFound(_("Your role does not show you records that could be merged."))
    asked = request.GET.get("type", "")
    entity = next((each for each in open_types if each.code == asked), open_types[0])
    waiting = waiting_for(entity, user)
    search, count = last_search(entity), waiting.count()
    context = {
        "entity": entity,
        "url": page_of(entity),
        "types": [(str(each.plural), page_of(each), each is entity) for each in open_types],
        "pairs": pairs_shown(entity, list(waiting[:SHOWN]), user),
        "count": count,
        "may_change": may(user, entity.code, "change"),
        "search": search,
        "searched_at": formats.moment(timezone.localtime(search.created_at), speech()) if search else "",
        "is_working": search is not None and search.state == search.State.WORKING,
    }
    return render(request, "duplicates/duplicates.html", context)


@door(SIGNED_IN)
@require_POST
def duplicates_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Search anew, stop the search, or say that two records are two."""
    entity, user = get_entity(code), asker(request)
    if act == "search":
        start_search(entity, by=user)
    elif act == "cancel":
        cancel_search(entity, by=user)
    elif act.isdecimal() and len(act) < 19:
        call_distinct(entity, int(act), by=user)
        toast(request, _("Remembered: these are two different records."))
    else:
        raise NotFound()
    return go_to(request, page_of(entity))


def page_of(entity: Entity) -> str:
    """Where the queue of a type stands."""
    return f"/duplicates/?type={entity.code}"


def duplicates_link(entity: Entity, state: ListState, user: User) -> list[Link]:
    """Where the pairs of a type wait and how many, for whoever may decide about them."""
    if not (searched(entity) and may(user, entity.code, "change")):
        return []
    count = waiting_for(entity, user)[: MOST_COUNTED + 1].count()
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count) if count else ""
    return [Link(_("Duplicates") + (f" · {shown}" if shown else ""), page_of(entity), "people")]


def pairs_shown(entity: Entity, pairs: list[Any], user: User) -> list[dict[str, Any]]:
    """The pairs with their names, reasons and ways on; two queries for all of them."""
    numbers = {pk for pair in pairs for pk in (pair.one_id, pair.two_id)}
    records = entity.rows_for(user).in_bulk(numbers)
    return [
        {
            "id": pair.pk,
            "sides": [(entity.name_of(records[pk]), entity.url(pk), pk) for pk in (pair.one_id, pair.two_id)],
            "reasons": in_words(entity, pair.reasons),
            "score": formats.percent(int(pair.score * 100)) if is_told_whole(entity, pair.reasons) else "",
            "merge_url": f"{entity.url(pair.one_id)}merge/?"
            + urlencode({"with": pair.two_id, "next": page_of(entity)}),
            "distinct_url": f"/duplicates/{entity.code}/{pair.pk}/",
        }
        for pair in pairs
        if pair.one_id in records and pair.two_id in records
    ]
