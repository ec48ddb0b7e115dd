"""Weighs agreements after Fellegi and Sunter: what is rare by chance among strangers speaks for one and the same."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from krug.language.matching.comparing import TOP, WORD_KINDS, Kind, Profile, Rarity, Trait, grams_of, level, tokens_of

Levels = tuple[int | None, ...]
Pair = tuple[int, int]
SURE: Final = 0.5
ROUNDS: Final = 12
BELIEF: Final = 20.0
DOUBT: Final = 1_000.0
USUAL: Final = 0.05
A_LOOK: Final = 0.2
STRANGERS: Final = 4_000
MATCHING: Final[Mapping[Kind, tuple[float, ...]]] = {
    "name": (0.10, 0.04, 0.05, 0.07, 0.12, 0.17, 0.45),
    "digits": (0.10, 0.12, 0.78),
    "code": (0.10, 0.12, 0.78),
    "date": (0.06, 0.14, 0.80),
    "amount": (0.25, 0.15, 0.25, 0.35),
    "same": (0.15, 0.85),
    "identity": (0.05, 0.95),
}
WORDS_APART: Final = -7.0
OTHER_IDENTITY: Final = -30.0
WORDS_ALIKE: Final = 0.2
STRANGE: Final[Mapping[Kind, tuple[float, ...]]] = {
    "name": (0.90, 0.05, 0.02, 0.012, 0.008, 0.005, 0.005),
    "digits": (0.9899, 0.01, 0.0001),
    "code": (0.9899, 0.01, 0.0001),
    "date": (0.975, 0.02, 0.005),
    "amount": (0.70, 0.17, 0.10, 0.03),
    "same": (0.80, 0.20),
    "identity": (0.9999, 0.0001),
}


@dataclass
class Judge:
    """Knows how telling each agreement is, and gives a pair its probability of being one."""

    traits: tuple[Trait, ...]
    rarities: list[Rarity] = field(default_factory=list)
    matching: list[list[float]] = field(default_factory=list)
    strange: list[list[float]] = field(default_factory=list)
    share: float = 0.001

    def __post_init__(self) -> None:
        self.rarities = self.rarities or [Rarity() for _trait in self.traits]
        self.matching = self.matching or [list(MATCHING.get(trait.kind, ())) for trait in self.traits]
        self.strange = self.strange or [list(STRANGE.get(trait.kind, ())) for trait in self.traits]

    def read(self, profiles: Sequence[Profile]) -> None:
        """Learn how frequent words and values are."""
        for profile in profiles:
            for trait, values, rarity in zip(self.traits, profile.values, self.rarities, strict=True):
                rarity.learn(parts(values, trait.kind))

    def levels(self, one: Profile, two: Profile) -> Levels:
        """How the two agree in each trait."""
        return tuple(
            level(a, b, trait.kind, rarity)
            for trait, a, b, rarity in zip(self.traits, one.values, two.values, self.rarities, strict=True)
        )

    def bits(self, number: int, step: int) -> float:
        """What one agreement or disagreement says, as the logarithm of the odds to base 2."""
        if self.traits[number].kind == "words":
            return WORDS_APART + WORDS_ALIKE * step
        if self.traits[number].kind == "identity" and not step:
            return OTHER_IDENTITY
        return math.log2(self.matching[number][step] / self.strange[number][step])

    @property
    def prior(self) -> float:
        """The odds of any two records before anything is known of them."""
        return math.log2(self.share / (1 - self.share))

    def weight(self, levels: Levels) -> float:
        """The evidence of all traits together."""
        return sum(self.bits(number, step) for number, step in enumerate(levels) if step is not None)

    def surprise(self, one: Profile, two: Profile, levels: Levels) -> float:
        """Full agreement on a rare value says more than on a frequent one."""
        return sum(
            self._rarer(number, one.values[number], two.values[number])
            for number, (trait, step) in enumerate(zip(self.traits, levels, strict=True))
            if step == TOP[trait.kind] and trait.kind not in ("amount", "words")
        )

    def _rarer(self, number: int, one: tuple[str, ...], two: tuple[str, ...]) -> float:
        kind, rarity = self.traits[number].kind, self.rarities[number]
        common = set(parts(one, kind)) & set(parts(two, kind))
        if not common:
            return 0.0
        usual = self.strange[number][-1]
        # A name agrees by chance when its rarest word does; what only these two say is no rarer than it is usual.
        rarest = min(common, key=lambda part: rarity.counts[part])
        chance = rarity.share(rarest) if rarity.counts[rarest] > 2 else min(rarity.share(rarest), usual)
        return max(-4.0, min(4.0, math.log2(usual / max(chance, 1e-6))) * 0.5)

    def learn(self, seen: Mapping[Pair, Levels], profiles: Sequence[Profile], possible: int) -> None:
        """Fit the weights to a base that is held in memory."""
        drawn = (pair for pair in by_lot(len(profiles)) if pair not in seen)
        rest = self.strangers((profiles[one], profiles[two]) for one, two in drawn)
        self.fit(Counter(seen.values()), rest, len(profiles), possible)

    def fit(self, patterns: Mapping[Levels, int], rest: list[list[float]], records: int, possible: int) -> None:
        """Fit the weights to a whole base by expectation and maximisation, from the believed ones on.

        What was not brought together counts as strange, as strange as pairs drawn by lot.
        """
        beyond = max(possible - sum(patterns.values()), 0)
        for _round in range(ROUNDS):
            sure = {pattern: sigmoid(self.weight(pattern) + self.prior) for pattern in patterns}
            matched = sum(sure[pattern] * count for pattern, count in patterns.items())
            self.share = min(max(matched, USUAL * records) / max(possible, 2), 0.5)
            for number, trait in enumerate(self.traits):
                if trait.kind == "words":
                    continue
                alike = [BELIEF * part for part in MATCHING[trait.kind]]
                strange = [
                    beyond * part + DOUBT * believed
                    for part, believed in zip(rest[number], STRANGE[trait.kind], strict=True)
                ]
                for pattern, count in patterns.items():
                    step = pattern[number]
                    if step is not None:
                        alike[step] += sure[pattern] * count
                        strange[step] += (1 - sure[pattern]) * count
                self.matching[number] = [one / sum(alike) for one in alike]
                self.strange[number] = [one / sum(strange) for one in strange]
                self._keep_order(number)

    def strangers(self, pairs: Iterable[tuple[Profile, Profile]]) -> list[list[float]]:
        """How pairs drawn by lot agree that nothing has brought together."""
        counts = [list(STRANGE.get(trait.kind, ())) for trait in self.traits]
        for one, two in pairs:
            for number, step in enumerate(self.levels(one, two)):
                if step is not None and counts[number]:
                    counts[number][step] += 1
        return [[one / sum(row) for one in row] for row in counts]

    def _keep_order(self, number: int) -> None:
        """Better agreement never speaks less for the pair than worse."""
        matching, strange = self.matching[number], self.strange[number]
        for step in range(1, len(matching)):
            least = matching[step - 1] / strange[step - 1]
            matching[step] = max(matching[step], least * strange[step])
        whole = sum(matching)
        self.matching[number] = [one / whole for one in matching]


def by_lot(records: int) -> list[Pair]:
    """The places of some pairs, always the same ones for as many records."""
    lot = random.Random(1)
    drawn = (lot.sample(range(records), 2) for _turn in range(STRANGERS if records > 2 else 0))
    return [(min(pair), max(pair)) for pair in drawn]


def parts(values: tuple[str, ...], kind: Kind) -> list[str]:
    """What is counted of a trait: its words, or its whole values."""
    if kind in WORD_KINDS:
        return [part for text in values for part in (grams_of(text) if kind == "words" else tokens_of(text, kind))]
    return list(values)


def sigmoid(bits: float) -> float:
    """Odds as a probability."""
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))
