"""Tells somebody what he has just done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.recording import last_act
from krug.kernel.journal.words import in_language, phrase_of, titles_in
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


def told_of(entity: Entity, record: Any) -> str:
    """What has just been done to the record, in the words of the journal."""
    name = entity.name_of(record)
    own = JournalEntry.objects.filter(act=last_act(), entity=entity.code, subject_id=record.pk)
    entry = own.order_by("id").first()
    if entry is None:
        return _("%(record)s. Done.") % {"record": name}
    titles = titles_in(speech(), [(entry.event, entry.data, entry.entity)])
    deed = phrase_of(entry.event, in_language(entry.data, entry.event, titles, entry.entity), speech())
    return deed if name in deed else _("%(record)s. %(deed)s") % {"record": name, "deed": deed}
