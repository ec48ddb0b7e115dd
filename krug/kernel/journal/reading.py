"""Reads journal entries of a record, and leaves out those about records that the reader may not see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.fields import ReferenceField
from krug.kernel.fields.lookups import escaped
from krug.kernel.journal.words import closed_facts, models_of
from krug.kernel.models.merging import RecordMerge
from krug.kernel.moment import looking_back
from krug.kernel.registry import entities, entity_of, get_entity
from krug.kernel.visibility import everyone, is_employee

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.journal.timeline import Wanted

Link = tuple[str, int]
READ = """
SELECT e.id, e.at, e.act::text, e.event, e.entity, e.subject_id, e.actor_id, e.source, e.data::text
FROM ({mentions}) m JOIN journal_entry e ON e.id = m.entry_id AND e.at = m.at
WHERE {conditions}
ORDER BY m.at DESC, m.entry_id DESC LIMIT %s
"""
MENTIONS = "SELECT {distinct}at, entry_id FROM journal_mention WHERE {conditions}"
NEWEST = " ORDER BY at DESC, entry_id DESC LIMIT %s"
MOST_WITHIN = 200
PLAIN_CHANGES = ("RecordCreated", "RecordChanged", "RecordArchived", "RecordRestored")


@dataclass(frozen=True)
class Entry:
    """One row of the journal."""

    id: int
    at: datetime
    act: str | None
    event: str
    entity: str
    subject_id: int
    actor_id: int | None
    source: str
    data: dict[str, Any]


def place_of(text: str) -> tuple[datetime, int]:
    """The time and number of the row after which to go on."""
    at, _tilde, number = text[:80].partition("~")
    try:
        return datetime.fromisoformat(at.replace(" ", "+")), int(number)
    except ValueError:
        raise BadRequest(_("This place in the history is not known."), field="earlier", code="CURSOR") from None


def read_entries(entity: Entity, pk: int, wanted: Wanted, limit: int) -> list[Entry]:
    """The newest entries in whose history the record stands, narrowed as asked; older ones are not even read."""
    inside = within(entity, pk)
    places = ["entity = %s", "record_id = ANY(%s)" if inside else "record_id = %s"]
    values: list[Any] = [entity.code, [pk, *inside] if inside else pk]
    if wanted.before:
        places.append("(at, entry_id) < (%s, %s)")
        values += place_of(wanted.before)
    if looking := looking_back():
        places.append("at <= %s")
        values.append(looking.at)
    mentions = MENTIONS.format(distinct="DISTINCT " if inside else "", conditions=" AND ".join(places))
    if not wanted.is_narrow:
        mentions += NEWEST
        values.append(limit)
    conditions, unspoken = ["true"], closed_facts() if wanted.words else []
    if wanted.kind == "changes":
        conditions.append("e.event = ANY(%s)")
        values.append(list(PLAIN_CHANGES))
    elif wanted.kind:
        conditions.append("e.entity = %s")
        values.append(wanted.kind)
    if wanted.who:
        conditions.append("e.actor_id = %s")
        values.append(int(wanted.who))
    for word in wanted.words.split()[:6]:
        conditions.append("(e.data - %s::text[])::text ILIKE %s")
        values += [unspoken, f"%{escaped(word)}%"]
    with connection.cursor() as cursor:
        cursor.execute(READ.format(mentions=mentions, conditions=" AND ".join(conditions)), [*values, limit])
        return [entry_from(row) for row in cursor.fetchall()]


def within(entity: Entity, pk: int) -> list[int]:
    """The records that have become part of this one, directly or through others: their history is its own."""
    found: list[int] = []
    wave = [pk]
    while wave and len(found) < MOST_WITHIN:
        rows = RecordMerge.objects.filter(entity=entity.code, keeper_id__in=wave)
        wave = list(rows.values_list("loser_id", flat=True))
        found += wave
    return found


def chain_of(entity: Entity, pk: int) -> list[int]:
    """The record and those that it became part of, one after the other."""
    found = [pk]
    while len(found) < MOST_WITHIN:
        merge = RecordMerge.objects.filter(entity=entity.code, loser_id=found[-1]).first()
        if merge is None or merge.keeper_id in found:
            break
        found.append(merge.keeper_id)
    return found


def now_within(entity: Entity, pk: int) -> int:
    """The record in which this one now is, over as many merges as there were; itself when there was none."""
    return chain_of(entity, pk)[-1]


def entry_from(row: tuple[Any, ...]) -> Entry:
    """One row of the query as an entry."""
    number, at, act, event, entity, subject, actor, source, data = row
    return Entry(number, at, act, event, entity, subject, actor_id=actor, source=source, data=json.loads(data))


def open_entries(found: list[Entry], entity: Entity, pk: int, user: User) -> list[Entry]:
    """The entries whose subject, and every other record they name, the reader may see."""
    own: Link = (entity.code, pk)
    links = {entry.id: {link for link in links_of(entry) if link != own} for entry in found}
    visible = visible_links({link for named in links.values() for link in named}, user)
    return [entry for entry in found if links[entry.id] <= visible]


def links_of(entry: Entry) -> set[Link]:
    """The records of registered types that an entry is about or names."""
    found: set[Link] = {(entry.entity, entry.subject_id)} if known_entity(entry.entity) else set()
    for name, model in models_of(entry.event).items():
        named = entity_of(model)
        packed = entry.data.get(name)
        for each in packed if isinstance(packed, list) else [packed]:
            if named is not None and isinstance(each, dict) and "id" in each:
                found.add((named.code, each["id"]))
    return found


def visible_links(links: Iterable[Link], user: User) -> set[Link]:
    """Those of the records that the reader may see: one query per registered type, none for open dictionaries."""
    by_type: dict[str, set[int]] = {}
    for code, number in links:
        by_type.setdefault(code, set()).add(number)
    found: set[Link] = set()
    for code, numbers in by_type.items():
        entity = known_entity(code)
        if entity is None:
            continue
        if entity.visible is everyone and is_employee(user):
            found |= {(code, number) for number in numbers}
            continue
        found |= {
            (code, number) for number in entity.rows_for(user).filter(pk__in=numbers).values_list("pk", flat=True)
        }
    return found


def known_entity(code: str) -> Entity | None:
    """The type of that code, if it is registered."""
    try:
        return get_entity(code)
    except NotFound:
        return None


def types_around(entity: Entity) -> list[Entity]:
    """The types whose events stand in the history of this one too."""
    found = []
    for other in entities():
        for path in other.stands_with:
            field = other.fields.get(path.partition("__")[0])
            if isinstance(field, ReferenceField) and entity_of(field.model) is entity and other is not entity:
                found.append(other)
                break
    return found
