"""Judges the pairs brought together and says which of them are one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from krug.language.matching.blocking import Pair
from krug.language.matching.comparing import Profile, Trait
from krug.language.matching.weighing import SURE, Judge, Levels, sigmoid


@dataclass(frozen=True)
class Judged:
    """A pair by the places of its records: the evidence in bits, how sure that makes it, and by which agreements."""

    one: int
    two: int
    evidence: float
    score: float
    levels: Levels


def judged(profiles: Sequence[Profile], traits: Sequence[Trait], pairs: Iterable[Pair], possible: int) -> list[Judged]:
    """Every pair with its probability, by weights fitted to this very base."""
    judge = Judge(tuple(traits))
    judge.read(profiles)
    seen = {(one, two): judge.levels(profiles[one], profiles[two]) for one, two in pairs}
    judge.learn(seen, profiles, possible)
    found = []
    for (one, two), levels in seen.items():
        evidence = judge.weight(levels) + judge.surprise(profiles[one], profiles[two], levels)
        found.append(Judged(one, two, evidence, sigmoid(evidence + judge.prior), levels))
    return found


def sure_pairs(judgements: Iterable[Judged], least: float = SURE) -> list[Judged]:
    """Those that are more likely one than not, or that are at least worth a look."""
    return [item for item in judgements if item.score >= least]


def best_partners(judgements: Iterable[Judged]) -> list[Judged]:
    """Where each record has at most one partner: the surest pairs first, as long as more speaks for them than against.

    The choice among all has then been made already, so that the odds before the evidence are even.
    """
    taken: set[int] = set()
    kept = []
    for item in sorted(judgements, key=lambda item: (-item.evidence, item.one, item.two)):
        if item.evidence > 0 and item.one not in taken and item.two not in taken:
            taken |= {item.one, item.two}
            kept.append(item)
    return kept
