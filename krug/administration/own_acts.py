"""The acts of one person as the journal keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from krug.access.models import User
from krug.kernel.journal.large import wholes_behind
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.reading import known_entity, place_of, visible_links
from krug.kernel.journal.undo import oldest_undoable
from krug.kernel.journal.words import in_language, phrase_of, titles_in
from krug.language.calendar_words import speech

PAGE = 50
LOOKED_THROUGH = 400


@dataclass(frozen=True)
class MyAct:
    """One act: when, what, to which record."""

    act: UUID
    at: datetime
    phrase: str
    subject: str
    url: str


def acts_of(user: User, before: str = "") -> tuple[list[MyAct], str]:
    """The person's single acts of thirty days, newest first, and where the earlier ones go on."""
    rows = JournalEntry.objects.filter(actor=user, at__gte=oldest_undoable(), act__isnull=False)
    if before:
        rows = rows.filter(at__lte=place_of(before)[0], id__lt=place_of(before)[1])
    found = list(rows.order_by("-at", "-id")[:LOOKED_THROUGH])
    large = wholes_behind({entry.act for entry in found if entry.act}, user)
    seen = visible_links({(entry.entity, entry.subject_id) for entry in found}, user)
    titles = titles_in(speech(), ((entry.event, entry.data, entry.entity) for entry in found))
    told: dict[UUID, MyAct] = {}
    last = None
    for entry in found:
        if len(told) == PAGE and entry.act not in told:
            break
        last = entry
        if entry.act is not None and entry.act not in large:
            data = in_language(entry.data, entry.event, titles, entry.entity)
            told[entry.act] = told_of_entry(entry, data, is_seen=(entry.entity, entry.subject_id) in seen)
    more = last is not None and (last.pk != found[-1].pk or len(found) == LOOKED_THROUGH)
    return list(told.values()), f"{last.at.isoformat()}~{last.pk}" if more and last else ""


def told_of_entry(entry: JournalEntry, data: dict[str, Any], *, is_seen: bool) -> MyAct:
    """One entry of the journal in words."""
    entity = known_entity(entry.entity)
    packed = next((each for each in data.values() if isinstance(each, dict) and each.get("id") == entry.subject_id), {})
    label = str(entity.label) if entity else ""
    name = str(packed.get("name", "")) or f"№ {entry.subject_id}"
    return MyAct(
        act=entry.act or UUID(int=0),
        at=entry.at,
        phrase=phrase_of(entry.event, data, speech()),
        subject=f"{label}: {name}" if entity else name,
        url=entity.url(entry.subject_id) if entity and is_seen else "",
    )
