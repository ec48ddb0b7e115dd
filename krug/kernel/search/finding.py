"""The one search box: tries the readings of a query in turn and returns only what the user may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from krug.access.models import Reach, User
from krug.kernel.models import SearchDocument, SearchWord, Seen
from krug.kernel.registry import entities, get_entity
from krug.kernel.search.readings import Kind, Reading, readings, typo_readings
from krug.kernel.visibility import rights_of, team_ids_of

SHOWN = 12
CANDIDATES = 120
SHORTEST_PART = 3


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
    typed = query.strip()[:120]
    for reading in readings(typed):
        hits = _found_by(reading, user, limit)
        if hits:
            return Found(hits, reading.kind, reading.text, typed)
    for reading in typo_readings(typed, _dictionary_near(typed)):
        hits = _found_by(reading, user, limit)
        if hits:
            return Found(hits, "typo", reading.text, typed)
    return Found([], None, "", typed)


def recent(user: User, *, limit: int = 8) -> list[Hit]:
    """The records the user opened last and may still see."""
    links = list(Seen.objects.filter(user=user).order_by("-at").values_list("entity", "record_id")[: limit * 2])
    documents = {(item.entity, item.record_id): item for item in _documents_for(links)}
    return _visible([documents[link] for link in links if link in documents], user)[:limit]


def _documents_for(links: Sequence[tuple[str, int]]) -> QuerySet[SearchDocument]:
    if not links:
        return SearchDocument.objects.none()
    wanted = Q()
    for entity, pk in links:
        wanted |= Q(entity=entity, record_id=pk)
    return SearchDocument.objects.filter(wanted)


def _found_by(reading: Reading, user: User, limit: int) -> list[Hit]:
    codes = _open_codes(user)
    rows = SearchDocument.objects.filter(entity__in=codes)
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
    gathered: dict[int, SearchDocument] = {}
    for part in (_mine(matching, user), prefix, matching):
        if part is not None and len(gathered) < CANDIDATES:
            gathered.update((item.pk, item) for item in part[:CANDIDATES])
    places = {code: place for place, code in enumerate(codes)}
    ranked = sorted(gathered.values(), key=lambda item: _rank(item, reading, user, places))
    return _visible(ranked, user)[:limit]


def _mine(rows: QuerySet[SearchDocument], user: User) -> QuerySet[SearchDocument] | None:
    """For whoever does not see everything, look first among what is his and his team's."""
    reach = max(
        (rights_of(user).reach(code) for code in _open_codes(user)), key=lambda each: each.rank, default=Reach.NONE
    )
    if reach == Reach.ALL:
        return None
    if reach == Reach.OWN:
        return rows.filter(owner_id=user.pk)
    return rows.filter(owner_id__in=User.objects.filter(team_id__in=team_ids_of(user)).values("pk"))


def _rank(item: SearchDocument, reading: Reading, user: User, places: dict[str, int]) -> tuple[int, int, int, str]:
    starts = item.title_key.startswith(reading.text) or reading.text in item.digits.split()
    return (0 if starts else 1, 0 if item.owner_id == user.pk else 1, places[item.entity], item.title_key)


def _visible(documents: Sequence[SearchDocument], user: User) -> list[Hit]:
    """Only what the user may see, whatever the index knows."""
    by_entity: dict[str, list[int]] = {}
    for item in documents:
        by_entity.setdefault(item.entity, []).append(item.record_id)
    allowed = {
        (code, pk)
        for code, ids in by_entity.items()
        for pk in get_entity(code).rows_for(user).filter(pk__in=ids).values_list("pk", flat=True)
    }
    return [
        Hit(
            item.entity, item.record_id, item.title, item.note, item.digits, get_entity(item.entity).url(item.record_id)
        )
        for item in documents
        if (item.entity, item.record_id) in allowed
    ]


def _open_codes(user: User) -> list[str]:
    rights = rights_of(user)
    return [entity.code for entity in entities() if entity.search and rights.reach(entity.code) != Reach.NONE]


def _dictionary_near(query: str) -> list[str]:
    """Words of the dictionary that resemble the typed ones, found by their trigrams."""
    from krug.kernel.search.readings import normalise

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
