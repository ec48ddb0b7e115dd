"""The history of a record: each change of each field, as the database saw it, whoever made it and however."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.kernel.doors import get_visible
from krug.kernel.journal.changes import changes_in
from krug.kernel.journal.differences import Difference, Wording
from krug.kernel.journal.reading import place_of
from krug.kernel.journal.timeline import names_of
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

SHOWN = 50


@dataclass(frozen=True)
class Change:
    """One act on the row: when, who, and what differs."""

    when: str
    iso: str
    who: str
    what: str
    differences: list[Difference]


@dataclass(frozen=True)
class History:
    """A stretch of changes, and the place where the earlier ones go on."""

    changes: list[Change]
    earlier: str = ""


def history_of(entity: Entity, record: Any, user: User, before: str = "") -> History:
    """The changes of the record's row, newest first; fields that no surface knows are left out."""
    found = changes_in(record, SHOWN + 1, place_of(before) if before else None)
    more, found = len(found) > SHOWN, found[:SHOWN]
    wording = Wording(user, speech())
    wording.expect(entity, found)
    people = names_of({row["actor_id"] for row in found if row["actor_id"]})
    kinds = {"I": _("Created"), "U": _("Changed"), "D": _("Deleted")}
    changes = [
        Change(
            when=formats.moment(timezone.localtime(row["at"])),
            iso=row["at"].isoformat(),
            who=people.get(row["actor_id"] or 0, ""),
            what=kinds[row["kind"]],
            differences=wording.differences(entity, row),
        )
        for row in found
    ]
    shown = [change for change in changes if change.differences or change.what != kinds["U"]]
    return History(shown, f"{found[-1]['at'].isoformat()}~{found[-1]['id']}" if more else "")


@require_safe
def history(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Who changed which field, when, from what to what."""
    user = asker(request)
    record = get_visible(entity, user, pk)
    name = entity.name_of(record)
    context = {
        "entity": entity,
        "title": _("History: %(record)s") % {"record": name},
        "crumbs": ((str(entity.plural), entity.url()), (name, entity.url(pk)), (_("History"), "")),
        "history": history_of(entity, record, user, request.GET.get("earlier", "")),
        "record_url": entity.url(pk),
    }
    return render(request, "kernel/history.html", context)
