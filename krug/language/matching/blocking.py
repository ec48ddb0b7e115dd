"""Brings together the records that share rare words or numbers; all others are never compared."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from krug.language.matching.comparing import Profile, Trait, keys_of

Pair = tuple[int, int]
LARGEST = 200
NEAREST = 12
BUDGET = 6_000


def candidates(
    profiles: Sequence[Profile], traits: Sequence[Trait], *, apart: Callable[[int], bool] | None = None
) -> Iterable[Pair]:
    """Pairs of places in the list, each once; with `apart` only pairs of one side and the other."""
    blocks: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        for number, trait in enumerate(traits):
            for key in keys_of(profile.values[number], trait.kind):
                blocks[number, key].append(place)
    kept: dict[int, list[tuple[float, int, str]]] = defaultdict(list)
    for (number, key), places in blocks.items():
        if 1 < len(places) <= LARGEST:
            weight = math.log(1 + len(profiles) / len(places)) * (0.3 if key.startswith("~") else 1.0)
            for place in places:
                kept[place].append((weight, number, key))
    norms = {place: math.sqrt(sum(weight * weight for weight, _number, _key in keys)) for place, keys in kept.items()}
    found: set[Pair] = set()
    for place, keys in kept.items():
        for other in _nearest(place, keys, blocks, norms, apart):
            found.add((place, other) if place < other else (other, place))
    return sorted(found)


def _nearest(
    place: int,
    keys: list[tuple[float, int, str]],
    blocks: dict[tuple[int, str], list[int]],
    norms: dict[int, float],
    apart: Callable[[int], bool] | None,
) -> list[int]:
    """The records that share most with this one; rare keys first, until enough was looked at."""
    shared: dict[int, float] = defaultdict(float)
    looked, side = 0, apart(place) if apart else False
    for weight, number, key in sorted(keys, reverse=True):
        block = blocks[number, key]
        looked += len(block)
        if looked > BUDGET:
            break
        for other in block:
            if other != place and (apart is None or apart(other) != side):
                shared[other] += weight * weight
    return heapq.nlargest(NEAREST, shared, key=lambda other: (shared[other] / norms[other], -other))
