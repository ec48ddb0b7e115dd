"""The one search box: tries the readings of a query in turn and returns only what the user may see."""

from __future__ import annotations

from collections.abc import Sequence, Set
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


@dataclass(frozen=True)
class _Seeker:
    """Who searches: the types open to him in their order, those closed to him, and those of which he sees a part.

    Of those in `spread` he sees what others own as a rule, so that looking among his own tells little.
    """

    user: User
    limit: int
    places: dict[str, int]
    closed: frozenset[str]
    narrow: frozenset[str]
    spread: frozenset[str]
    people: tuple[int, ...]


def search(query: str, user: User, *, limit: int = SHOWN, only: str = "") -> Found:
    """Find records by any part of a name, by digits, in the wrong layout, transliterated or with one slip.

    Of one type where `only` names it, else of all.
    """
    with seen_by(user):
        by = _seeker(user, limit, only)
        return _search(query, by) if by.places else Found([], None, "", query.strip()[:120])


def _seeker(user: User, limit: int, only: str) -> _Seeker:
    rights, named = rights_of(user), [entity.code for entity in entities() if is_named(entity)]
    wanted = [code for code in named if only in ("", code)]
    reaches = {code: reach for code in wanted if (reach := rights.reach(code)) != Reach.NONE}
    narrow = {code: reach for code, reach in reaches.items() if reach != Reach.ALL}
    team = member_ids_of(user) if any(reach != Reach.OWN for reach in narrow.values()) else ()
    places = {code: place for place, code in enumerate(reaches)}
    spread = frozenset(code for code, reach in narrow.items() if reach == Reach.TERRITORY)
    closed, people = frozenset(named) - places.keys(), tuple(sorted({user.pk, *team}))
    return _Seeker(user, limit, places, closed, frozenset(narrow), spread, people)


def _search(query: str, by: _Seeker) -> Found:
    typed, limit = query.strip()[:120], by.limit
    tried = readings(typed)
    digits = next((reading for reading in tried if reading.kind == "digits"), None)
    if digits is not None and (hits := _found_by(digits, by)):
        named = [hit for hit in _found_by(tried[0], by) if hit not in hits] if tried[0] != digits else []
        return Found((hits[: max(limit - len(named), limit // 2)] + named)[:limit], digits.kind, digits.text, typed)
    for reading in tried:
        hits = _found_by(reading, by)
        if hits:
            return Found(hits, reading.kind, reading.text, typed)
    for reading in typo_readings(typed, _dictionary_near(typed)):
        hits = _found_by(reading, by)
        if hits:
            return Found(hits, "typo", reading.text, typed)
    return Found([], None, "", typed)


def _found_by(reading: Reading, by: _Seeker) -> list[Hit]:
    rows = _but_for(SearchDocument.objects.all(), by.closed)
    prefix: QuerySet[SearchDocument] | None = None
    if reading.kind == "digits":
        matching = rows.filter(digits__contains=reading.text)
        prefix = rows.filter(digits__startswith=reading.text) if len(reading.text) >= 10 else None
    elif all(len(word) < SHORTEST_PART for word in reading.text.split()):
        matching = rows.filter(title_key__startswith=reading.text)
    else:
        matching = rows.filter(*(Q(text__contains=word) for word in reading.text.split()[:8]))
        prefix = rows.filter(title_key__startswith=reading.text)
    is_frequent = reading.kind != "digits" and max(map(len, reading.text.split())) <= SHORTEST_PART
    is_near = bool(by.narrow) and len(reading.text.split()) > 1
    if is_near and prefix is not None:
        begun, _is_whole = _read_near(prefix, reading.text, by)
        if len(begun) >= by.limit and len(found := _best(begun, reading, by)) == by.limit:
            return found
    gathered, is_whole = _read_near(matching, reading.text, by) if is_near else ({}, False)
    mine = _mine(matching, by, is_frequent=is_frequent) if by.narrow else None
    for part in () if is_whole else (mine, prefix, matching):
        if part is not None and len(gathered) < CANDIDATES:
            gathered |= {item.pk: item for item in part.values_list(*READ, named=True)[:CANDIDATES]}
    found = _best(gathered, reading, by)
    if by.narrow and len(found) < by.limit // (1 if by.spread else 2) and len(gathered) >= CANDIDATES:
        found = _best(gathered | _seen_among(matching, by) | _spread_among(matching, by), reading, by)
    return found


def _best(documents: dict[int, Any], reading: Reading, by: _Seeker) -> list[Hit]:
    """The best that the user may see; what stands far down is asked about only when those before are not his."""
    ranked = sorted(documents.values(), key=lambda item: _rank(item, reading, by))
    found: list[Hit] = []
    for start, end in ((0, 2 * by.limit), (2 * by.limit, len(ranked))):
        if len(found) < by.limit and ranked[start:end]:
            found += _visible(ranked[start:end], by.user, reading)
    return found[: by.limit]


def _seen_among(matching: QuerySet[SearchDocument], by: _Seeker) -> dict[int, Any]:
    """What is the user's for another reason than its owner, among the first of very many that match."""
    numbers: dict[str, dict[int, int]] = {}
    rows = _but_for(matching, by.places.keys() - (by.narrow - by.spread))
    for pk, code, number in rows.values_list(*READ[:3])[:FEW] if by.narrow - by.spread else ():
        numbers.setdefault(code, {})[number] = pk
    seen: list[int] = []
    for code, documents in numbers.items():
        visible = get_entity(code).rows_for(by.user).filter(pk__in=documents).values_list("pk", flat=True)
        seen += [documents[number] for number in visible[: by.limit]]
    return {item.pk: item for item in SearchDocument.objects.filter(pk__in=seen).values_list(*READ, named=True)}


def _spread_among(matching: QuerySet[SearchDocument], by: _Seeker) -> dict[int, Any]:
    """What is the user's by its place, however far it stands down among all that match."""
    found: dict[int, Any] = {}
    for code in by.spread:
        visible = get_entity(code).rows_for(by.user).order_by().values("pk")
        rows = matching.filter(entity=code, record_id__in=visible).values_list(*READ, named=True)
        found |= {item.pk: item for item in rows[:CANDIDATES]}
    return found


def _read_near(rows: QuerySet[SearchDocument], words: str, by: _Seeker) -> tuple[dict[int, Any], bool]:
    """The documents that begin so or are the team's before the others, in one look; whether that was all there are."""
    found, values = rows.values_list(*READ)[:FEW].query.sql_with_params()
    with connection.cursor() as cursor:
        order = "ORDER BY NOT starts_with(title_key, %s), owner_id <> ALL (%s)"
        cursor.execute(
            f"SELECT *, count(*) OVER () FROM ({found}) AS found {order} LIMIT %s",
            [*values, words, list(by.people), CANDIDATES],
        )
        told: list[tuple[Any, int]] = [(Document(*row[:-1]), row[-1]) for row in cursor.fetchall()]
    is_whole = not told or told[0][1] < FEW
    return ({item.pk: item for item, _among in told} if is_whole else {}), is_whole


def _mine(rows: QuerySet[SearchDocument], by: _Seeker, *, is_frequent: bool) -> QuerySet[SearchDocument]:
    """Of the types of which one does not see everything, look first among what is his and his team's.

    Two or three letters stand in so many texts that it is quicker to walk what the team owns; longer words are rarer
    than that, and the sum keeps the owner out of the choice of indexes.
    """
    rows = _but_for(rows, by.places.keys() - by.narrow)
    if is_frequent:
        return rows.filter(owner_id__in=by.people).order_by("owner_id", "-at")
    return rows.alias(answering=F("owner_id") + 0).filter(answering__in=by.people)


def _rank(item: Any, reading: Reading, by: _Seeker) -> tuple[int, int, int, str]:
    starts = item.title_key.startswith(reading.text) or reading.text in item.digits.split()
    return (0 if starts else 1, 0 if item.owner_id == by.user.pk else 1, by.places[item.entity], item.title_key)


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


def _but_for(rows: QuerySet[SearchDocument], codes: Set[str]) -> QuerySet[SearchDocument]:
    """Without these types; said so, because nine types to be in would be looked up one by one before the words."""
    return rows.exclude(entity__in=sorted(codes)) if codes else rows


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
