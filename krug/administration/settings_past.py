"""What every page of the settings says of itself: what it changes, who changed it last, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from krug.access.models import User
from krug.administration.own_acts import told_of_entry
from krug.administration.settings_pages import SettingsPage, open_pages, page_at, what_it_changes
from krug.kernel.journal.differences import Difference, Wording
from krug.kernel.journal.large import wholes_behind
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.kernel.journal.reading import known_entity, visible_links
from krug.kernel.journal.runs import undone_among
from krug.kernel.journal.timeline import names_of
from krug.kernel.journal.undo import ChangeUndone, oldest_undoable
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.visibility import may
from krug.language.calendar_words import speech

LOOKED_THROUGH = 50


@dataclass(frozen=True)
class LastChange:
    """The newest act on what a page arranges."""

    who: str
    when: str
    iso: str
    phrase: str
    subject: str
    url: str
    differences: Sequence[Difference] = ()
    undo_url: str = ""
    is_undoing: bool = False
    run_url: str = ""


@dataclass(frozen=True)
class AboutPage:
    """What stands at the foot of a page of the settings."""

    says: str
    last: LastChange | None


def about_page(request: HttpRequest) -> AboutPage | None:
    """What a page of the settings says of itself; nothing on other pages."""
    page = page_at(request.path)
    if page is None or page not in open_pages(asker(request)):
        return None
    return AboutPage(what_it_changes(page), last_change(page, request.path, asker(request)))


def last_change(page: SettingsPage, path: str, user: User) -> LastChange | None:
    """The newest act on the records of a page, or on the one record whose page it is."""
    entries = JournalEntry.objects.filter(entity__in=page.covers)
    number = path.removeprefix(page.url).partition("/")[0]
    if number.isdecimal() and len(page.covers) == 1:
        entries = entries.filter(subject_id=int(number[:18]))
    newest = list(entries.order_by("-at", "-id")[:LOOKED_THROUGH]) if page.covers else []
    seen = visible_links(((each.entity, each.subject_id) for each in newest), user)
    entry = next((e for e in newest if known_entity(e.entity) is None or (e.entity, e.subject_id) in seen), None)
    if entry is None:
        return None
    act = told_of_entry(entry, entry.data, is_seen=True)
    return LastChange(
        who=names_of({entry.actor_id}).get(entry.actor_id, "") if entry.actor_id else "",
        when=formats.moment(timezone.localtime(entry.at)),
        iso=entry.at.isoformat(),
        phrase=act.phrase,
        subject=act.subject,
        url=act.url,
        differences=_differences(entry, user),
        is_undoing=entry.event == ChangeUndone.__name__,
        **_way_back(entry, user),
    )


def _differences(entry: JournalEntry, user: User) -> list[Difference]:
    entity = known_entity(entry.entity)
    if entity is None or entry.act is None:
        return []
    rows = RowChange.objects.filter(act=entry.act, table_name=entity.model._meta.db_table, row_id=entry.subject_id)
    changes = list(rows.order_by("-id").values("kind", "old", "new")[:1])
    wording = Wording(user, speech())
    wording.expect(entity, changes)
    return [each for change in changes for each in wording.differences(entity, change)][:4]


def _way_back(entry: JournalEntry, user: User) -> dict[str, str]:
    """Where the act is taken back: at once, or as the whole of which it is a part."""
    if entry.act is None or entry.at < oldest_undoable() or not may(user, entry.entity, "change"):
        return {}
    if entry.act in undone_among([entry.act]):
        return {}
    if not RowChange.objects.filter(act=entry.act).exists():
        return {}
    whole = wholes_behind([entry.act], user)
    if entry.act in whole:
        return {"run_url": whole[entry.act]}
    return {"undo_url": f"/journal/{entry.act}/undo/"}
