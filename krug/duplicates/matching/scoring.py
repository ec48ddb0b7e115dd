"""Judges the pairs of a whole base, some at a time, by weights fitted to this very base."""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from krug.duplicates.matching import pairing
from krug.language.matching.comparing import Profile, Trait
from krug.language.matching.weighing import A_LOOK, Judge, Levels, by_lot, sigmoid

Tell = Callable[[int, int], None]
Read = Callable[[Sequence[int]], list[Profile]]
MOST_SURPRISE = 2.0
AT_ONCE = 2_000


@dataclass(frozen=True, order=True)
class Likely:
    """Two records that may be one: how sure, which, and how they agree."""

    score: float
    one: int
    two: int
    levels: Levels


class Base:
    """All records of a type, read some at a time; only their numbers are held."""

    def __init__(self, ids: Iterable[int], read: Read, traits: Sequence[Trait]) -> None:
        self.ids = array("q", ids)
        self.read = read
        self.judge = Judge(tuple(traits))

    def learn_words(self, tell: Tell) -> None:
        """Learn how frequent words and values are."""
        for start in range(0, len(self.ids), AT_ONCE):
            self.judge.read(self.read(self.ids[start : start + AT_ONCE]))
            tell(min(start + AT_ONCE, len(self.ids)), len(self.ids))

    def likely_pairs(self, most: int, count: int, tell: Tell, least: float = A_LOOK) -> list[Likely]:
        """The surest of the pairs that were brought together, the surest first."""
        patterns: Counter[Levels] = Counter()
        done = 0
        for chunk in pairing.pairs():
            told = [((one.id, two.id), self.judge.levels(one, two)) for one, two in self._both(chunk)]
            patterns.update(levels for _pair, levels in told)
            pairing.keep_levels(told)
            tell(done := done + len(chunk), count)
        lot = pairing.not_brought([(self.ids[one], self.ids[two]) for one, two in by_lot(len(self.ids))])
        apart = (pair for start in range(0, len(lot), AT_ONCE) for pair in self._both(lot[start : start + AT_ONCE]))
        possible = len(self.ids) * (len(self.ids) - 1) // 2
        self.judge.fit(patterns, self.judge.strangers(apart), len(self.ids), possible)
        return sorted(heapq.nlargest(most, self._judged(least)), key=lambda pair: (-pair.score, pair.one, pair.two))

    def _judged(self, least: float) -> Iterator[Likely]:
        judge = self.judge
        enough = math.log2(least / (1 - least)) - judge.prior - MOST_SURPRISE * len(judge.traits)
        for chunk in pairing.levels():
            hopeful = {(one, two): tuple(said) for one, two, said in chunk if judge.weight(tuple(said)) >= enough}
            for one, two in self._both(list(hopeful)):
                said = hopeful[one.id, two.id]
                score = sigmoid(judge.weight(said) + judge.surprise(one, two, said) + judge.prior)
                if score >= least:
                    yield Likely(score, one.id, two.id, said)

    def _both(self, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[Profile, Profile]]:
        profiles = {each.id: each for each in self.read(sorted({pk for pair in pairs for pk in pair}))}
        return ((profiles[one], profiles[two]) for one, two in pairs if one in profiles and two in profiles)
