"""The one search box: tries the readings of a query in turn and returns only what the user may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length
from django.db.models.utils import create_namedtuple_class

from krug.access.models import Reach, User
from krug.kernel.entity import Entity
from krug.kernel.listing.concealing import seen_on_the_way
from krug.kernel.models import SearchDocument, SearchWord
from krug.kernel.registry import entities, get_entity
from krug.kernel.search.indexing import is_named
from krug.kernel.sight import closes_words, seen_by
from krug.kernel.visibility import member_ids_of, rights_of
from krug.language.readings import Kind, Reading, digits_of, normalise, readings, typo_readings

SHOWN = 12
CANDIDATES, FEW = 120, 2_000
SHORTEST_PART = 3
LINE = "\n"
READ = ("pk", "entity", "record_id", "title", "title_key", "note", "digits", "owner_id")
Texts = tuple[str, str]
Document = create_namedtuple_class(*READ)


@dataclass(frozen=True)
class Hit:
    """One record found."""

    entity: str
    id: int
    title: str
    note: str
    digits: str
    url: str


@dataclass(frozen=True)
class Found:
    """What was found, and by which reading of the query."""

    hits: list[Hit]
    reading: Kind | None
    text: str
    query: str


def search(query: str, user: User, *, limit: int = SHOWN) -> Found:
    """Find records by any part of a name, by digits, in the wrong layout, transliterated or with one slip."""
    with seen_by(user):
        return _search(query, user, limit)


def _search(query: str, user: User, limit: int) -> Found:
    typed = query.strip()[:120]
    tried = readings(typed)
    digits = next((reading for reading in tried if reading.kind == "digits"), None)
    if digits is not None and (hits := _found_by(digits, user, limit)):
        named = [hit for hit in _found_by(tried[0], user, limit) if hit not in hits] if tried[0] != digits else []
        return Found((hits[: max(limit - len(named), limit // 2)] + named)[:limit], digits.kind, digits.text, typed)
    for reading in tried:
        hits = _found_by(reading, user, limit)
        if hits:
            return Found(hits, reading.kind, reading.text, typed)
    for reading in typo_readings(typed, _dictionary_near(typed)):
        hits = _found_by(reading, user, limit)
        if hits:
            return Found(hits, "typo", reading.text, typed)
    return Found([], None, "", typed)


def _found_by(reading: Reading, user: User, limit: int) -> list[Hit]:
    codes = _open_codes(user)
    rows = _but_for(SearchDocument.objects.all(), _named_codes() - set(codes))
    if reading.kind == "digits":
        matching = rows.filter(digits__contains=reading.text)
        prefix = rows.filter(digits__startswith=reading.text) if len(reading.text) >= 10 else None
    else:
        words = [word for word in reading.text.split() if len(word) >= SHORTEST_PART]
        if not words:
            matching = rows.filter(title_key__startswith=reading.text)
            prefix = None
        else:
            matching = rows.filter(*(Q(text__contains=word) for word in reading.text.split()[:8]))
            prefix = rows.filter(title_key__startswith=reading.text)
    is_frequent = reading.kind != "digits" and max(map(len, reading.text.split())) <= SHORTEST_PART
    mine = _mine(matching, user, is_frequent=is_frequent)
    is_near = mine is not None and len(reading.text.split()) > 1
    places = {code: place for place, code in enumerate(codes)}

    def hits(documents: dict[int, Any]) -> list[Hit]:
        ranked = sorted(documents.values(), key=lambda item: _rank(item, reading, user, places))
        return _visible(ranked, user, reading)[:limit]

    if is_near and prefix is not None:
        begun, _is_whole = _read_near(prefix, reading.text, user)
        if len(begun) >= limit and len(found := hits(begun)) == limit:
            return found
    gathered, is_whole = _read_near(matching, reading.text, user) if is_near else ({}, False)
    for part in () if is_whole else (mine, prefix, matching):
        if part is not None and len(gathered) < CANDIDATES:
            gathered |= {item.pk: item for item in part.values_list(*READ, named=True)[:CANDIDATES]}
    return hits(gathered)


def _read_near(rows: QuerySet[SearchDocument], words: str, user: User) -> tuple[dict[int, Any], bool]:
    """The documents that begin so or are the team's before the others, in one look; whether that was all there are."""
    found, values = rows.values_list(*READ)[:FEW].query.sql_with_params()
    with connection.cursor() as cursor:
        order = "ORDER BY NOT starts_with(title_key, %s), owner_id <> ALL (%s)"
        cursor.execute(
            f"SELECT *, count(*) OVER () FROM ({found}) AS found {order} LIMIT %s",
            [*values, words, [user.pk, *member_ids_of(user)], CANDIDATES],
        )
        told: list[tuple[Any, int]] = [(Document(*row[:-1]), row[-1]) for row in cursor.fetchall()]
    is_whole = not told or told[0][1] < FEW
    return ({item.pk: item for item, _among in told} if is_whole else {}), is_whole


def _mine(rows: QuerySet[SearchDocument], user: User, *, is_frequent: bool) -> QuerySet[SearchDocument] | None:
    """Of the types of which one does not see everything, look first among what is his and his team's.

    Two or three letters stand in so many texts that it is quicker to walk what the team owns; longer words are rarer
    than that, and the sum keeps the owner out of the choice of indexes.
    """
    rights = rights_of(user)
    narrow = {code: reach for code in _open_codes(user) if (reach := rights.reach(code)) != Reach.ALL}
    if not narrow:
        return None
    people = {user.pk, *(member_ids_of(user) if any(reach != Reach.OWN for reach in narrow.values()) else ())}
    rows = _but_for(rows, _named_codes() - set(narrow))
    if is_frequent:
        return rows.filter(owner_id__in=sorted(people)).order_by("owner_id", "-at")
    return rows.alias(answering=F("owner_id") + 0).filter(answering__in=sorted(people))


def _rank(item: Any, reading: Reading, user: User, places: dict[str, int]) -> tuple[int, int, int, str]:
    starts = item.title_key.startswith(reading.text) or reading.text in item.digits.split()
    return (0 if starts else 1, 0 if item.owner_id == user.pk else 1, places[item.entity], item.title_key)


def _visible(documents: Sequence[Any], user: User, reading: Reading) -> list[Hit]:
    """Only what the user may see, whatever the index knows, and only by words and digits that he may see."""
    by_entity: dict[str, list[int]] = {}
    for item in documents:
        by_entity.setdefault(item.entity, []).append(item.record_id)
    notes: dict[tuple[str, int], Texts | None] = {}
    for code, ids in by_entity.items():
        notes |= {(code, pk): note for pk, note in _notes_open_to(get_entity(code), ids, user).items()}
    found = []
    for item in documents:
        key = (item.entity, item.record_id)
        if key not in notes:
            continue
        words, digits = notes[key] or (None, item.digits)
        if words is not None and not _holds(reading, f"{item.title} {words}", digits):
            continue
        note = item.note if words is None else ", ".join(word for word in words.split(LINE) if word not in item.title)
        url = get_entity(item.entity).url(item.record_id)
        found.append(Hit(item.entity, item.record_id, item.title, note[:300], digits, url))
    return found


def _holds(reading: Reading, words: str, digits: str) -> bool:
    if reading.kind == "digits":
        return reading.text in digits
    known = normalise(words)
    return all(word in known for word in reading.text.split())


def _notes_open_to(entity: Entity, ids: list[int], user: User) -> dict[int, Texts | None]:
    """The visible records; where the index holds words or digits that are closed to the user, those that are not."""
    rows = entity.rows_for(user).filter(pk__in=ids)
    found: dict[int, Texts | None] = dict.fromkeys(rows.values_list("pk", flat=True))
    guards = {path: seen_on_the_way(entity, path, user) for path in entity.search if "__" in path}
    if not found or not (any(guards.values()) or closes_words(entity, user)):
        return found
    words, digits = (
        _texts(entity, tuple(paths), guards, list(found)) for paths in (entity.search, entity.search_digits)
    )
    return {pk: (LINE.join(words[pk]), " ".join(map(digits_of, digits[pk]))) for pk in found}


def _texts(entity: Entity, paths: tuple[str, ...], guards: dict[str, Q], ids: list[int]) -> dict[int, dict[str, None]]:
    texts: dict[int, dict[str, None]] = {pk: {} for pk in ids}
    for path in paths:
        seen = entity.model._default_manager.filter(guards.get(path, Q()), pk__in=ids)
        for pk, text in seen.values_list("pk", path):
            if text:
                texts[pk][str(text)] = None
    return texts


def _but_for(rows: QuerySet[SearchDocument], codes: set[str]) -> QuerySet[SearchDocument]:
    """Without these types; said so, because nine types to be in would be looked up one by one before the words."""
    return rows.exclude(entity__in=sorted(codes)) if codes else rows


def _named_codes() -> set[str]:
    return {entity.code for entity in entities() if is_named(entity)}


def _open_codes(user: User) -> list[str]:
    rights, named = rights_of(user), _named_codes()
    return [entity.code for entity in entities() if entity.code in named and rights.reach(entity.code) != Reach.NONE]


def _dictionary_near(query: str) -> list[str]:
    """Words of the dictionary that resemble the typed ones, found by their trigrams."""
    found: list[str] = []
    for word in normalise(query).split()[:4]:
        near = (
            SearchWord.objects.annotate(length=Length("word"))
            .filter(word__trigram_similar=word, length__gte=len(word) - 1, length__lte=len(word) + 1)
            .values_list("word", flat=True)[:200]
        )
        found += [word] if SearchWord.objects.filter(word__startswith=word).exists() else []
        found += near
    return found
