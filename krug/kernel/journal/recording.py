"""Writes what happened, and tells the rest of the house through one function per event."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from krug.access.models import User
from krug.kernel.copying import copy_rows, insert_many, new_numbers
from krug.kernel.journal.events import Event, unpack
from krug.kernel.journal.models import JournalEntry, JournalMention, Owed
from krug.kernel.links import RecordLink, link_of, link_to
from krug.kernel.together import gathering

DEEPEST = 3
DOOR = "_door"
TOLD = ("event", "entity", "subject_id", "actor_id", "source", "data")
MENTION = ("entity", "record_id", "at", "entry_id")
AnyEvent = TypeVar("AnyEvent", bound=Event)
Flow = Callable[[AnyEvent], None]

_flows: dict[type[Event], Callable[[Any], None]] = {}
_every: list[Callable[[Event], None]] = []
_depth: ContextVar[int] = ContextVar("depth", default=0)
_entry: ContextVar[JournalEntry | None] = ContextVar("entry", default=None)
_begun: ContextVar[uuid.UUID | None] = ContextVar("begun", default=None)


def on(kind: type[AnyEvent]) -> Callable[[Flow[AnyEvent]], Flow[AnyEvent]]:
    """Tell what follows from an event; each event has exactly one such story."""

    def tell(function: Flow[AnyEvent]) -> Flow[AnyEvent]:
        if kind in _flows and _flows[kind].__qualname__ != function.__qualname__:
            raise TypeError(f"{kind.__name__} has two stories: {_flows[kind].__qualname__}, {function.__qualname__}.")
        _flows[kind] = function
        return function

    return tell


def on_every(function: Callable[[Event], None]) -> Callable[[Event], None]:
    """Tell what follows from any event."""
    _every.append(function)
    return function


def stories() -> dict[type[Event], Callable[[Any], None]]:
    """Which events have a story."""
    return dict(_flows)


def begin_act(by: User | None, door: str = "") -> uuid.UUID:
    """Start a new act in this transaction: what now changes belongs together and is this user's doing.

    `door` is the right by which it is done, such as `deal.win`: whoever takes the act back needs the same.
    """
    act = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('krug.act', %s, true), set_config('krug.actor', %s, true),"
            " set_config('krug.door', %s, true)",
            [str(act), str(by.pk) if by is not None else "", door],
        )
    _begun.set(act)
    return act


def last_act() -> uuid.UUID | None:
    """The act that was begun last: right after a door has shut, the one that it carried out."""
    return _begun.get()


def record(event: Event, *, at: datetime | None = None, source: str = "") -> JournalEntry:
    """Write the fact into the journal, then let the house act on it."""
    gathered = gathering()
    if gathered is not None and at is None and not source and not _depth.get():
        gathered.events.append(event)
        return JournalEntry()
    if _depth.get() >= DEEPEST:
        raise RecursionError(f"{event.__class__.__name__} happens too deep inside other events.")
    entry = _write([(event, at or timezone.now())], source)[0]
    _tell(entry, event)
    return entry


def record_many(events: Sequence[Event]) -> None:
    """Write many facts of one act at once; what follows from each is told as if it had come alone."""
    now = timezone.now()
    for entry, event in zip(_write([(event, now) for event in events], ""), events, strict=True):
        _tell(entry, event)


def _tell(entry: JournalEntry, event: Event) -> None:
    depth = _depth.set(_depth.get() + 1)
    current = _entry.set(entry)
    try:
        story = _flows.get(type(event))
        if story is not None:
            story(event)
        for function in _every:
            function(event)
    finally:
        _entry.reset(current)
        _depth.reset(depth)


def record_past(facts: Sequence[tuple[Event, datetime]], *, source: str) -> None:
    """Write facts of the past with their own times; no story is told, for what followed then has followed."""
    act, door = _act()
    numbers = new_numbers(JournalEntry, len(facts)) if facts else ()
    written = [
        (number, at, act, *told[:-1], Jsonb(told[-1]))
        for number, at, told in ((number, at, _told(event, source, door))
                                 for number, (event, at) in zip(numbers, facts, strict=True))
    ]  # fmt: skip
    if written:
        copy_rows(JournalEntry, ["id", "at", "act", *TOLD], written)
        copy_rows(JournalMention, MENTION, _mentioned(facts, numbers))


def _write(facts: Sequence[tuple[Event, datetime]], source: str) -> list[JournalEntry]:
    act, door = _act()
    entries = [
        JournalEntry(at=at, act=act, **dict(zip(TOLD, _told(event, source, door), strict=True))) for event, at in facts
    ]
    insert_many(entries)
    mentioned = _mentioned(facts, [entry.pk for entry in entries])
    insert_many(JournalMention(**dict(zip(MENTION, values, strict=True))) for values in mentioned)
    return entries


def _act() -> tuple[uuid.UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT krug_act(), current_setting('krug.door', true)")
        act, door = cursor.fetchone()
    return act, door or ""


def _told(event: Event, source: str, door: str) -> tuple[Any, ...]:
    """The values of an entry but for its number, its time and its act."""
    subject = link_to(event.records[0])
    by = event.by.pk if event.by is not None else None
    data = {**event.pack(), DOOR: door} if door else event.pack()
    return type(event).__name__, subject.entity, subject.id, by, source[:60], data


def _mentioned(facts: Sequence[tuple[Event, datetime]], numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for number, (event, at) in zip(numbers, facts, strict=True):
        for link in mentions(event):
            yield link.entity, link.id, at, number


def mentions(event: Event) -> list[RecordLink]:
    """The records in whose history the event stands: those it names and those they stand with."""
    from krug.kernel.registry import entity_of

    found: dict[RecordLink, None] = {}
    for named in event.records:
        found[link_to(named)] = None
        entity = entity_of(named._meta.model)
        for name in entity.stands_with if entity else ():
            beside: Any = named._meta.get_field(name)
            number = getattr(named, beside.attname)
            if number is not None:
                found[link_of(beside.related_model, number)] = None
    return list(found)


def later(function: Callable[[Any], None], event: Event) -> None:
    """Mark a follow-up as owed; it runs after commit and a sweeper pays what a crash left unpaid."""
    from krug.kernel.jobs import pay

    entry = _entry.get()
    if entry is None:
        raise RuntimeError("later() belongs inside a flow.")
    owed, is_new = Owed.objects.get_or_create(
        entry_id=entry.pk, function=f"{function.__module__}.{function.__qualname__}"
    )
    if is_new:
        pay.defer(owed_id=owed.pk)


def pay_owed(owed_id: int) -> None:
    """Run one owed follow-up and mark it paid in the same transaction; paid ones are left alone."""
    from django.utils.module_loading import import_string

    from krug.kernel.registry import get_entity

    with transaction.atomic():
        owed = Owed.objects.select_for_update().get(pk=owed_id)
        if owed.paid_at is not None:
            return
        entry = JournalEntry.objects.select_related("actor").get(pk=owed.entry_id)
        begin_act(entry.actor)
        subject = get_entity(entry.entity).model._default_manager.filter(pk=entry.subject_id).first()
        import_string(owed.function)(unpack(entry.event, entry.data, entry.actor, subject))
        owed.paid_at = timezone.now()
        owed.attempts += 1
        owed.save(update_fields=["paid_at", "attempts"])
