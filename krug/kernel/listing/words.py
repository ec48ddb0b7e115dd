"""Words looked for within a list: through the search index where the type is in it, else in its own texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from krug.kernel.listing.concealing import seen_on_the_way
from krug.kernel.models import SearchDocument
from krug.kernel.moment import looking_back
from krug.kernel.search.indexing import is_named
from krug.kernel.sight import closes_words
from krug.language.readings import SHORTEST_DIGITS, digits_of, normalise

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

MOST_WORDS = 8
SHORTEST_PART = 3
DEAR, MANY, FEW = 60_000, 20_000, 5_000


def with_words(entity: Entity, rows: QuerySet[Any], words: str, user: User, *, put_away: bool = False) -> QuerySet[Any]:
    """Rows where every word stands in one of the searched texts, or where the digits stand in a number.

    The index answers first; texts of linked records count only where the reader may see those records. Records put
    away are not in the index: among them each text is looked at by itself.
    """
    asked = normalise(words).split()[:MOST_WORDS]
    if not asked or not entity.search:
        return rows.none()
    guards = {path: seen_on_the_way(entity, path, user) for path in _paths(entity, asked) if "__" in path}
    if is_named(entity) and not put_away and looking_back() is None:
        rows = rows.filter(pk__in=_documents(entity, asked).values("record_id"))
        if not any(guards.values()) and not closes_words(entity, user):
            return rows
    for word in asked:
        if not _paths(entity, [word]):
            return rows.none()
        rows = rows.filter(_any(_in_text(entity, path, word, guards.get(path)) for path in _paths(entity, [word])))
    return rows


def plan_of(rows: QuerySet[Any]) -> dict[str, Any]:
    """What the planner expects of these rows; of rows that can not exist nothing is asked and nothing expected."""
    said: str = rows.order_by().values("pk").explain(format="json")
    plan: dict[str, Any] = json.loads(said)[0]["Plan"] if said else {"Total Cost": 0.0, "Plan Rows": 0}
    return plan


def few_numbers(rows: QuerySet[Any], path: str) -> list[int] | None:
    """The numbers that few rows lead to, asked beforehand: to meet them the planner would walk a whole ordered list."""
    plan = plan_of(rows)
    if plan["Total Cost"] > DEAR or plan["Plan Rows"] > MANY:
        return None
    found = list(rows.order_by().values_list(path, flat=True).distinct()[: FEW + 1])
    return [number for number in found if number is not None] if len(found) <= FEW else None


def _documents(entity: Entity, words: list[str]) -> QuerySet[SearchDocument]:
    found = SearchDocument.objects.filter(entity=entity.code)
    for word in words:
        if len(word) >= SHORTEST_PART:
            condition = Q(text__contains=word)
        else:
            condition = Q(text__startswith=word) | Q(text__contains=f" {word}")
        found = found.filter(condition | Q(digits__contains=digits_of(word)) if _is_number(word) else condition)
    return found


def _paths(entity: Entity, words: list[str]) -> tuple[str, ...]:
    return (*entity.search, *(entity.search_digits if any(map(_is_number, words)) else ()))


def _is_number(word: str) -> bool:
    return word.isdecimal() and len(word) >= SHORTEST_DIGITS


def _in_text(entity: Entity, path: str, word: str, guard: Q | None) -> Q:
    """The word in one text; in a text of linked records it is asked apart, so that no row comes twice."""
    found = Q(**{f"{path}__has_part": word})
    if len(word) < SHORTEST_PART:
        found = Q(**{f"{path}__begins": word}) | Q(**{f"{path}__has_part": f" {word}"})
    if guard is None:
        return found
    return Q(Exists(entity.model._default_manager.filter(found & guard, pk=OuterRef("pk"))))


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q())
