"""Keeps one search document for each record whose type names fields to search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField, title_from, title_names
from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import mentions
from krug.kernel.listing.state import column_at
from krug.kernel.models import SearchDocument
from krug.kernel.registry import entities, entity_of, get_entity
from krug.kernel.sight import seen_by
from krug.language.readings import digits_of, normalise

LONGEST = 4_000
CHUNK = 500
_waiting: ContextVar[dict[str, set[int]] | None] = ContextVar("waiting", default=None)
TOLD = ("title", "title_key", "note", "text", "digits", "owner_id")
DOCUMENT = ("entity", "record_id", *TOLD, "at")


@contextmanager
def indexed_at_the_end() -> Iterator[None]:
    """Where very much happens at once, each record is indexed once, after the last change."""
    waiting: dict[str, set[int]] = {}
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
    with seen_by(None):
        _index(waiting)


@seen_by(None)
def index_event(event: Event) -> None:
    """Refresh the documents of every record in whose history the event stands."""
    waiting = _waiting.get()
    wanted: dict[str, set[int]] = {} if waiting is None else waiting
    if not concerns_words(event):
        return
    for link in mentions(event):
        wanted.setdefault(link.entity, set()).add(link.id)
    if waiting is None:
        _index(wanted)


def concerns_words(event: Event) -> bool:
    """Whether the event may have changed a document: a change of fields that stand in none has not."""
    changed = set(getattr(event, "fields", ()))
    entity = entity_of(type(event.records[0])) if changed else None
    if entity is None:
        return True
    told = {path.partition("__")[0] for path in (*entity.search, *entity.search_digits, *entity.stands_with)}
    return bool(changed & (told | {*title_names(entity.model), entity.owner}))


def _index(wanted: dict[str, set[int]]) -> None:
    known = {entity.code for entity in entities() if is_named(entity)}
    for code, ids in wanted.items():
        if code in known:
            index_records(get_entity(code), sorted(ids))


@seen_by(None)
def linked_by_words(event: Event) -> list[tuple[Entity, str]]:
    """The types in whose documents stand the words of a record that the event has changed, and the way to them."""
    changed = frozenset(getattr(event, "fields", ()))
    return _ways(changed, frozenset(type(record) for record in event.records)) if changed else []


@lru_cache(maxsize=1_000)
def _ways(changed: frozenset[str], models: frozenset[type]) -> list[tuple[Entity, str]]:
    return [
        (entity, way)
        for entity in entities() if is_named(entity)
        for way, _dot, name in (path.rpartition("__") for path in entity.search)
        if way and name in changed and getattr(column_at(entity.model, way), "related_model", None) in models
    ]  # fmt: skip


@seen_by(None)
def index_linked(event: Event) -> None:
    """Records that are found by the name of the changed one are found by its new name."""
    numbers = [record.pk for record in event.records]
    for entity, way in linked_by_words(event):
        rows = entity.model._default_manager.filter(**{f"{way}__in": numbers}, is_archived=False)
        index_records(entity, sorted(set(rows.values_list("pk", flat=True))))


def is_named(entity: Entity) -> bool:
    """Whether the search box finds records of the type: those with a name; mere texts are found in their own list."""
    return any(weight in ("A", "B") for weight in entity.search.values())


@seen_by(None)
def index_records(entity: Entity, ids: Sequence[int]) -> int:
    """Write the documents of these records; what is archived or gone leaves the index."""
    written = 0
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        documents = documents_of(entity, chunk)
        fresh = _differing(entity, documents)
        SearchDocument.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["entity", "record_id"], update_fields=[*TOLD, "at"]
        )
        kept = {document.record_id for document in documents}
        gone = [pk for pk in chunk if pk not in kept]
        if gone:
            SearchDocument.objects.filter(entity=entity.code, record_id__in=gone).delete()
        words = {word for document in fresh for word in document.text.split()}
        transaction.on_commit(partial(learn_words, words), robust=True)
        written += len(documents)
    return written


def documents_of(entity: Entity, ids: Sequence[int]) -> list[SearchDocument]:
    """The documents of these records, read with one query for all their words."""
    return [SearchDocument(**dict(zip(DOCUMENT, told, strict=True))) for told in documents_told(entity, ids)]


@seen_by(None)
def documents_told(entity: Entity, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The same as plain values, in the order of `DOCUMENT`: whole for everybody, whoever happens to look."""
    return list(_documents(entity, ids))


def _documents(entity: Entity, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    rows = entity.model._default_manager.filter(pk__in=ids, is_archived=False)
    titles = title_names(entity.model)
    owner = _owner_path(entity)
    first, after = 1 + len(titles), 1 + len(titles) + len(entity.search)
    last = after + len(entity.search_digits)
    gathered: dict[int, tuple[tuple[Any, ...], dict[str, None], dict[str, None]]] = {}
    paths = ["pk", *titles, *entity.search, *entity.search_digits, *([owner] if owner else [])]
    for values in rows.values_list(*paths):
        _row, words, digits = gathered.setdefault(values[0], (values, {}, {}))
        words.update(dict.fromkeys(str(value) for value in values[first:after] if value))
        digits.update(dict.fromkeys(digits_of(str(value)) for value in values[after:last] if value))
    now = timezone.now()
    for pk, (values, words, digits) in gathered.items():
        title = _title(entity, values[1:first])
        key = normalise(title)
        text = normalise(" ".join([title, *words]))
        yield (
            entity.code, pk, title[:300], key[:300], _note(list(words), title), text[:LONGEST],
            " ".join(filter(None, digits))[:LONGEST], values[-1] if owner else None, now,
        )  # fmt: skip


def _differing(entity: Entity, documents: Sequence[SearchDocument]) -> list[SearchDocument]:
    """Only what has changed is written, so that two who work for one customer do not wait for each other."""
    known = {
        row[0]: row[1:]
        for row in SearchDocument.objects.filter(
            entity=entity.code, record_id__in=[document.record_id for document in documents]
        ).values_list("record_id", *TOLD)
    }
    return [
        document
        for document in documents
        if known.get(document.record_id) != tuple(getattr(document, name) for name in TOLD)
    ]


def learn_words(words: Iterable[str]) -> None:
    """Add words of four letters and more to the dictionary; after the commit, because writers would wait for a word."""
    new = sorted({word for word in words if 4 <= len(word) <= 60 and not word.isdecimal()})
    if new:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_word (word, count) SELECT unnest(%s::text[]), 1 ON CONFLICT DO NOTHING", [new]
            )


def _title(entity: Entity, values: tuple[Any, ...]) -> str:
    names = title_names(entity.model)
    if len(names) == 2:
        return " / ".join(dict.fromkeys(filter(None, map(str, values))))
    return title_from(entity.model, values, "ru")


def _note(words: list[str], title: str) -> str:
    return ", ".join(word for word in words if word not in title)[:300]


def _owner_path(entity: Entity) -> str:
    if entity.owner in entity.fields and isinstance(entity.fields[entity.owner], ReferenceField):
        return f"{entity.owner}_id"
    for path in entity.stands_with:
        if path in entity.fields and isinstance(entity.fields[path], ReferenceField):
            return f"{path}__owner_id"
    return ""
