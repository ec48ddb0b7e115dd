"""Words looked for within a list: rare ones through indexes, frequent ones while walking the list."""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from krug.kernel.listing.concealing import seen_on_the_way

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

MOST_WORDS = 8
FREQUENT = 3_000
SHORTEST_PART = 3
SHORTEST_DIGITS = 4


def with_words(entity: Entity, rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """Rows where every word stands in one of the searched texts, or where the digits stand in a number.

    Texts of linked records are looked up apart, so that each part is answered by its own index; only where
    the words occur everywhere is it quicker to walk the list and look at each row.
    """
    asked = [_parts(entity, word, user) for word in words.split()[:MOST_WORDS]]
    if not all(asked):
        return rows.none()
    if not any("__" in path for parts in asked for path in parts):
        for parts in asked:
            rows = rows.filter(_either(parts))
        return rows
    everything = entity.model._default_manager.all()
    total = max(expected(everything), 1)
    found = [_together(everything, parts) for parts in asked]
    counts = [min(expected(ids), total) for ids in found]
    together = total * prod(count / total for count in counts)
    for parts, ids, count in zip(asked, found, counts, strict=True):
        is_frequent = together > FREQUENT or (count > FREQUENT and count > min(counts))
        rows = rows.filter(_either(parts) if is_frequent and _is_single(entity, parts) else Q(pk__in=ids))
    return rows


def plan_of(rows: QuerySet[Any]) -> dict[str, Any]:
    """What the planner expects of these rows."""
    said: list[dict[str, Any]] = json.loads(rows.order_by().values("pk").explain(format="json"))
    plan: dict[str, Any] = said[0]["Plan"]
    return plan


def expected(rows: QuerySet[Any]) -> int:
    """How many rows the planner expects."""
    return int(json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"])


def _parts(entity: Entity, word: str, user: User) -> dict[str, Q]:
    paths = list(entity.search)
    if word.isdecimal() and len(word) >= SHORTEST_DIGITS:
        paths += entity.search_digits
    return {
        path: _word_in(path, word) & seen_on_the_way(entity, path, user) if "__" in path else _word_in(path, word)
        for path in paths
    }


def _together(rows: QuerySet[Any], parts: dict[str, Q]) -> QuerySet[Any]:
    """The numbers of rows that hold the word in any of the texts, each part by its own index."""
    own = [condition for path, condition in parts.items() if "__" not in path]
    linked = [condition for path, condition in parts.items() if "__" in path]
    asked = [*([_any(own)] if own else []), *linked]
    found = [rows.filter(condition).order_by().values("pk") for condition in asked]
    return found[0].union(*found[1:]) if len(found) > 1 else found[0]


def _is_single(entity: Entity, parts: dict[str, Q]) -> bool:
    """Whether every way leads to one record, so that it can not double a row."""
    first = [entity.model._meta.get_field(path.partition("__")[0]) for path in parts if "__" in path]
    return all(field.many_to_one or field.one_to_one for field in first)


def _word_in(path: str, word: str) -> Q:
    if len(word) >= SHORTEST_PART:
        return Q(**{f"{path}__has_part": word})
    return Q(**{f"{path}__begins": word}) | Q(**{f"{path}__has_part": f" {word}"})


def _either(parts: dict[str, Q]) -> Q:
    return _any(list(parts.values()))


def _any(conditions: list[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
