"""Merging records on one page, and splitting one off again on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.duplicates.merging.moving import counted
from krug.duplicates.merging.splitting import later_rows, merge_of, merges_by, split_at_door
from krug.duplicates.merging.uniting import MOST, Difference, fullest_first, held, merge_at_door, mergeable, prospect
from krug.kernel.doors import get_visible
from krug.kernel.errors import BadRequest, Refusal
from krug.kernel.journal.reading import now_within, within
from krug.kernel.links import record_number
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.screens.offers import Link
from krug.kernel.screens.undoing import undo_url
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.journal.timeline import Line
    from krug.kernel.screens.page import Page

TAKE = "take__"


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Choose whom to merge with, which record stays and whose values are kept, and see what will move."""
    user = asker(request)
    sent = request.POST if request.method == "POST" else request.GET
    others = [text for given in sent.getlist("with") for text in given.split(",") if text.strip()][:MOST]
    get_visible(entity, user, pk)
    try:
        records = held(entity, pk, others, user, lock=False) if others else []
        if request.method == "POST" and records:
            return _merged(request, entity, records)
    except Refusal as no:
        return _merge_page(request, entity, pk, [], {no.field or "": str(no)})
    return _merge_page(request, entity, pk, records, {})


def merge_links(page: Page) -> list[Link]:
    """The way to make the record one with another, for whoever may change it."""
    if not (page.may_change and mergeable(page.entity)):
        return []
    inside = parts_of(page.entity, page.record.pk, page.user)
    return [
        Link(_("Merge with another"), f"{page.entity.url(page.record.pk)}merge/", "link"),
        *(Link(_("Split off “%(record)s”") % {"record": name}, url, "undo") for name, url in inside[:MOST]),
    ]


def parts_of(entity: Entity, pk: int, user: User) -> list[tuple[str, str]]:
    """What has become part of the record, and where each is split off again."""
    inside = entity.rows_for(user).filter(pk__in=within(entity, pk)).order_by("pk")
    return [(entity.name_of(one), f"{entity.url(one.pk)}split/") for one in inside]


def split_links(entity: Entity, lines: Sequence[Line], user: User) -> list[Link]:
    """Each line of a timeline that tells of a merge leads to its splitting, for whoever may and while it stands."""
    if not (mergeable(entity) and may(user, entity.code, "change")):
        return []
    told = {line.act: line.key for line in lines if line.act}
    merges = dict(merges_by(entity, list(told)))
    seen = entity.rows_for(user).filter(pk__in=merges.values()).values_list("pk", flat=True) if merges else ()
    return [
        Link(_("Split off"), f"{entity.url(pk)}split/", "undo", at=told[str(act)])
        for act, pk in merges.items()
        if pk in set(seen)
    ]


def merge_ticked(entity: Entity, ids: Sequence[int], user: User) -> list[Link]:
    """The way to make the ticked records one, when they are few enough to be compared."""
    if not (2 <= len(set(ids)) <= MOST and mergeable(entity) and may(user, entity.code, "change")):
        return []
    first, *others = sorted(set(ids))
    back = urlencode({"with": ",".join(map(str, others)), "next": entity.url()})
    return [Link(_("Merge into one"), f"{entity.url(first)}merge/?{back}", "link")]


def _merged(request: HttpRequest, entity: Entity, records: list[Any]) -> HttpResponse:
    numbers = [one.pk for one in records]
    stays = record_number(request.POST.get("stays", "")) or numbers[0]
    if stays not in numbers:
        raise BadRequest(_("Choose one of the records that are merged."), field="stays")
    choices = {
        name.removeprefix(TAKE): record_number(value) or 0 for name, value in request.POST.items()
        if name.startswith(TAKE)
    }  # fmt: skip
    losers = [number for number in numbers if number != stays]
    try:
        keeper = merge_at_door(entity, stays, losers, choices=choices, by=asker(request))
    except Refusal as no:
        return _merge_page(request, entity, numbers[0], records, {no.field or "": str(no)})
    words, is_one = {"record": entity.name_of(keeper)}, len(losers) == 1
    several = _("Merged: %(record)s. Each can be split off again from the menu or the timeline of the record.")
    toast(request, (_("Merged: %(record)s") if is_one else several) % words, undo_url=undo_url() if is_one else "")
    return go_to(request, local(request, entity.url(keeper.pk)))


def _merge_page(
    request: HttpRequest, entity: Entity, pk: int, records: list[Any], errors: dict[str, str]
) -> HttpResponse:
    user = asker(request)
    record = get_visible(entity, user, pk)
    shown = prospect(entity, fullest_first(entity, records), user, language=speech()) if records else None
    context = {
        "entity": entity,
        "record": record,
        "title": _("Merge: %(record)s") % {"record": entity.name_of(record)},
        "record_url": entity.url(pk),
        "errors": errors,
        "records": [_described(entity, one, user) for one in (shown.records if shown else [])],
        "stays": shown.keeper.pk if shown else pk,
        "with": [one.pk for one in records if one.pk != pk],
        "fields": [_field(entity, item, shown.records) for item in shown.differences] if shown else [],
        "inside": parts_of(entity, pk, user),
        "next_url": local(request, ""),
    }
    return render(request, "duplicates/merge.html", context, status=422 if errors else 200)


def _described(entity: Entity, one: Any, user: Any) -> dict[str, Any]:
    moving = counted(entity, [one.pk], 0, user)
    told = [f"{label}: {count}" for label, count in moving.items() if label]
    if moving.get(""):
        told.append(_("what is not open to you: %(count)s") % {"count": moving[""]})
    made = formats.date(timezone.localtime(one.created_at).date(), speech())
    return {
        "pk": one.pk,
        "name": entity.name_of(one),
        "url": entity.url(one.pk),
        "words": _("%(name)s, № %(number)s, since %(date)s")
        % {"name": entity.name_of(one), "number": one.pk, "date": made},
        "belongs": ", ".join(told),
        "is_archived": one.is_archived,
    }


def _field(entity: Entity, item: Difference, records: list[Any]) -> dict[str, Any]:
    names = {one.pk: f"№ {one.pk}" for one in records}
    options = [(pk, f"{words or '—'} ({names[pk]})") for pk, words in item.values]
    label = item.label[:1].upper() + item.label[1:]
    return {"name": TAKE + item.name, "label": label, "options": options, "value": item.chosen}


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Say what goes back, let what came later be chosen to go along, and split."""
    user = asker(request)
    record = get_visible(entity, user, pk)
    merge = merge_of(entity, pk)
    if merge is None:
        return go_to(request, entity.url(pk))
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            split_at_door(entity, pk, also=request.POST.getlist("also"), by=user)
        except Refusal as no:
            errors = {"": str(no)}
        else:
            toast(request, _("Split off: %(record)s") % {"record": entity.name_of(record)}, undo_url=undo_url())
            return go_to(request, local(request, entity.url(pk)))
    keeper = get_visible(entity, user, now_within(entity, pk))
    context = {
        "title": _("Split off: %(record)s") % {"record": entity.name_of(record)},
        "entity": entity,
        "name": entity.name_of(record),
        "keeper": entity.name_of(keeper),
        "keeper_url": entity.url(keeper.pk),
        "who": listed(merge.by),
        "when": formats.moment(timezone.localtime(merge.at), speech()),
        "later": later_rows(entity, merge, user),
        "errors": errors,
    }
    return render(request, "duplicates/split.html", context, status=422 if errors else 200)
