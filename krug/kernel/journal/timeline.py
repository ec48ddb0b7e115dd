"""The timeline of a record: what happened to it and around it, newest first, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from krug.access.models import User
from krug.kernel.journal.differences import Difference, Wording, folded
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.reading import Entry, known_entity, open_entries, read_entries
from krug.kernel.journal.words import icon_of, in_language, models_of, phrase_of, text_of, titles_in
from krug.kernel.links import record_number
from krug.kernel.registry import entity_of
from krug.kernel.ui import formats
from krug.kernel.ui.names import short_name
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

TOGETHER = timedelta(minutes=2)
CHANGES = "changes"


@dataclass(frozen=True)
class Wanted:
    """Which part of a timeline is asked for, as the address says it."""

    kind: str = ""
    who: str = ""
    words: str = ""
    before: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Wanted:
        """What the address asks for; a place that is none is refused."""
        return cls(
            kind=params.get("kind", "")[:60],
            who=str(record_number(params.get("who", "")) or ""),
            words=params.get("words", "").strip()[:100],
            before=params.get("earlier", "")[:80],
        )

    @property
    def is_narrow(self) -> bool:
        """Whether a part is asked for, not the whole."""
        return bool(self.kind or self.who or self.words)


@dataclass(frozen=True)
class Line:
    """One line of the timeline, ready to print."""

    key: str
    act: str | None
    at: datetime
    phrase: str
    icon: str
    when: str
    iso: str
    who: str = ""
    text: str = ""
    kind: str = ""
    about: str = ""
    about_url: str = ""
    source: str = ""
    changes: list[Difference] = field(default_factory=list)
    is_new: bool = False
    is_plain: bool = False


@dataclass(frozen=True)
class Timeline:
    """A stretch of lines, the place where the earlier ones go on, and the people who stand in it."""

    lines: list[Line]
    earlier: str = ""
    people: tuple[tuple[int, str], ...] = ()

    @property
    def first_old(self) -> str:
        """The line before which “new since you last looked” ends; empty when all or nothing is new."""
        marks = [line.is_new for line in self.lines]
        return self.lines[marks.index(False)].key if True in marks and False in marks else ""


def timeline_of(
    entity: Entity,
    record: Any,
    user: User,
    *,
    wanted: Wanted | None = None,
    since: datetime | None = None,
    limit: int = 30,
) -> Timeline:
    """The entries in whose history the record stands, in words; what the reader may not see is left out."""
    wanted = wanted or Wanted()
    found = read_entries(entity, record.pk, wanted, limit + 1)
    more, found = len(found) > limit, found[:limit]
    earlier = f"{found[-1].at.isoformat()}~{found[-1].id}" if more else ""
    language = speech()
    shown = open_entries(found, entity, record.pk, user)
    titles = titles_in(language, ((entry.event, entry.data, entry.entity) for entry in shown))
    shown = [replace(entry, data=in_language(entry.data, entry.event, titles, entry.entity)) for entry in shown]
    people = names_of({entry.actor_id for entry in shown if entry.actor_id})
    changes = changes_of(shown, user, language)
    lines = [
        replace(
            line_of(entry, entity, record.pk, language),
            who=people.get(entry.actor_id or 0, ""),
            changes=changes.get(entry.id, []),
            is_new=since is not None and entry.at > since,
        )
        for entry in shown
    ]
    listed = sorted(people.items(), key=lambda pair: pair[1])
    return Timeline(fold(lines, shown), earlier, tuple(listed))


def line_of(entry: Entry, entity: Entity, pk: int, language: str) -> Line:
    """One entry in words."""
    about, url = ("", "") if (entry.entity, entry.subject_id) == (entity.code, pk) else subject_of(entry)
    local, text = timezone.localtime(entry.at), text_of(entry.data)
    known = known_entity(entry.entity)
    if known is not None and text and text[:60] in about:
        about = str(known.label)
    return Line(
        key=f"e{entry.id}",
        act=entry.act,
        at=entry.at,
        phrase=phrase_of(entry.event, entry.data, language),
        icon=icon_of(entry.event),
        when=formats.moment(local, language),
        iso=entry.at.isoformat(),
        text=text,
        kind=entry.entity,
        about=about,
        about_url=url,
        source=entry.source,
        is_plain=entry.event == "RecordChanged",
    )


def subject_of(entry: Entry) -> tuple[str, str]:
    """The name and the page of the record that an entry is about."""
    entity = known_entity(entry.entity)
    own = [name for name, model in models_of(entry.event).items() if entity is not None and entity_of(model) is entity]
    values = [*(entry.data.get(name) for name in own), *entry.data.values()]
    packed = next((value for value in values if isinstance(value, dict) and "name" in value), {})
    name = str(packed.get("name", ""))
    if entity is None:
        return name, ""
    return f"{entity.label}: {name}" if name else str(entity.label), entity.url(entry.subject_id)


def names_of(numbers: set[int]) -> dict[int, str]:
    """The short names of people."""
    return {
        user.pk: short_name(user.surname, user.given_name, user.patronymic) or user.short_name
        for user in User._default_manager.filter(pk__in=numbers)
    }


def changes_of(entries: list[Entry], user: User, language: str) -> dict[int, list[Difference]]:
    """By entry, what changed in its subject's row during the same act; each change is told once."""
    places: dict[tuple[str, str, int], int] = {}
    entities = {}
    for entry in reversed(entries):
        entity = known_entity(entry.entity)
        if entity is not None and entry.act:
            entities[entity.model._meta.db_table] = entity
            places.setdefault((entry.act, entity.model._meta.db_table, entry.subject_id), entry.id)
    if not places:
        return {}
    rows = RowChange.objects.filter(
        act__in={act for act, _table, _row in places},
        table_name__in=set(entities),
        row_id__in={row for _act, _table, row in places},
        kind="U",
    ).order_by("-id")
    changes = list(rows.values("act", "table_name", "row_id", "kind", "old", "new"))
    wording = Wording(user, language)
    for table, entity in entities.items():
        wording.expect(entity, [change for change in changes if change["table_name"] == table])
    groups: dict[int, list[list[Difference]]] = {}
    for change in changes:
        place = places.get((str(change["act"]), change["table_name"], change["row_id"]))
        if place is not None:
            groups.setdefault(place, []).append(wording.differences(entities[change["table_name"]], change))
    return {place: folded(group) for place, group in groups.items()}


def fold(lines: list[Line], entries: list[Entry]) -> list[Line]:
    """Plain changes that one person made to one record within two minutes stand in one line."""
    kept: list[Line] = []
    heads: list[Entry] = []
    for line, entry in zip(lines, entries, strict=True):
        if kept and entry.event == "RecordChanged" and belongs(heads[-1], entry, kept[-1], line):
            kept[-1] = replace(kept[-1], changes=folded([kept[-1].changes, line.changes]), at=line.at)
            continue
        kept.append(line)
        heads.append(entry)
    return kept


def belongs(head: Entry, entry: Entry, newer: Line, older: Line) -> bool:
    """Whether an earlier change is part of the same stretch of work."""
    same = (head.event, head.entity, head.subject_id, head.actor_id) == (
        entry.event,
        entry.entity,
        entry.subject_id,
        entry.actor_id,
    )
    return same and newer.is_new == older.is_new and newer.at - older.at <= TOGETHER
