"""The history of a record: each change of each field, as the database saw it, whoever made it and however."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.kernel.doors import get_visible
from krug.kernel.journal.changes import changes_in
from krug.kernel.journal.differences import Difference, Row, Wording, columns_of, sentence
from krug.kernel.journal.large import wholes_behind
from krug.kernel.journal.reading import place_of
from krug.kernel.journal.runs import undone_among
from krug.kernel.journal.timeline import names_of
from krug.kernel.journal.undo import oldest_undoable
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may
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
    undo_url: str = ""
    is_undone: bool = False
    run_url: str = ""


@dataclass(frozen=True)
class History:
    """A stretch of changes, the place where the earlier ones go on, and the fields that one may ask for."""

    changes: list[Change]
    earlier: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def history_of(entity: Entity, record: Any, user: User, before: str = "", field: str = "") -> History:
    """The changes of the record's row, or of one field in it, newest first; what no surface knows is left out."""
    known = columns_of(entity)
    column = next((name for name, each in known.items() if each.name == field), "")
    found = changes_in(record, SHOWN + 1, place_of(before) if before else None, column)
    more, found = len(found) > SHOWN, found[:SHOWN]
    wording = Wording(user, speech())
    wording.expect(entity, found)
    people = names_of({row["actor_id"] for row in found if row["actor_id"]})
    kinds = {"I": _("Created"), "U": _("Changed"), "D": _("Deleted")}
    ways = ways_back(entity, found, user)
    changes = [
        Change(
            when=formats.moment(timezone.localtime(row["at"])),
            iso=row["at"].isoformat(),
            who=people.get(row["actor_id"] or 0, ""),
            what=kinds[row["kind"]],
            differences=[each for each in wording.differences(entity, row) if field in ("", each.name)],
            **ways.get(row["act"], {}),
        )
        for row in found
    ]
    shown = [change for change in changes if change.differences or change.what != kinds["U"]]
    names = tuple((each.name, sentence(each.label)) for each in known.values())
    return History(shown, f"{found[-1]['at'].isoformat()}~{found[-1]['id']}" if more else "", names)


def ways_back(entity: Entity, rows: Sequence[Row], user: User) -> dict[UUID, dict[str, Any]]:
    """By act, whether it stands undone, and where it is taken back; a large run goes back from its own page."""
    oldest = oldest_undoable()
    acts = {row["act"] for row in rows if row["act"] and row["at"] >= oldest}
    undone, wholes = undone_among(acts), wholes_behind(acts, user)
    open_here = may(user, entity.code, "change")
    return {
        act: {
            "is_undone": act in undone,
            "undo_url": f"/journal/{act}/undo/" if open_here and act not in undone and act not in wholes else "",
            "run_url": wholes.get(act, ""),
        }
        for act in acts
    }


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
        "history": history_of(entity, record, user, request.GET.get("earlier", ""), request.GET.get("field", "")),
        "record_url": entity.url(pk),
        "chosen": request.GET.get("field", ""),
    }
    return render(request, "kernel/history.html", context)
