"""Two people wrote the same field: both values are shown, with who and when, and the later writer chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from krug.kernel.errors import Stale
from krug.kernel.journal.changes import last_change_of
from krug.kernel.journal.timeline import names_of
from krug.kernel.screens.controls import TEXT, control_text, sentence
from krug.kernel.screens.forms import RecordForm
from krug.kernel.ui import formats

KEEP = "keep__"


def clashes_of(form: RecordForm, stale: Stale) -> list[dict[str, Any]]:
    """The fields that both wrote; the form is brought to the newest version so that the choice can be saved."""
    record, fields = stale.record, form.entity.fields
    form.version = str(record.version)
    mine = form.values()
    found = []
    for name, theirs in stale.theirs.items():
        form.seen[name] = theirs
        value = fields[name].value_of(record)
        author, at = last_writer(record, name)
        found.append(
            {
                "name": name,
                "label": sentence(fields[name].label),
                "mine": fields[name].show(mine.get(name), form.reading.language),
                "theirs": fields[name].show(value, form.reading.language),
                "author": author,
                "at": at,
            }
        )
    return found


def settle(form: RecordForm, sent: Mapping[str, str]) -> None:
    """Take the other's value instead of my own value where the writer chose so."""
    for name in list(form.seen):
        if sent.get(KEEP + name) == "theirs":
            item = form.entity.fields[name]
            value = item.value_of(form.record)
            form.seen[name] = item.raw(value)
            form.typed[name] = control_text(item, value, form.reading.language)
            form.typed.pop(name + TEXT, None)


def last_writer(record: Any, name: str) -> tuple[str, str]:
    """Who changed a field last, and when, in words."""
    column = next((known.attname for known in record._meta.concrete_fields if known.name == name), name)
    last = last_change_of(record, column)
    if last is None:
        return "", ""
    author = names_of({last["actor_id"] or 0}).get(last["actor_id"] or 0, "")
    return author, formats.moment(timezone.localtime(last["at"]))
