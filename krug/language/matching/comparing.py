"""Compares two records trait by trait: words by their rarity and likeness, figures by slips of the hand."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

from rapidfuzz.distance import OSA, JaroWinkler

from krug.language.alphabets import to_latin, to_other_layout
from krug.language.company_names import company_key
from krug.language.readings import digits_of, normalise

Kind = Literal["name", "words", "digits", "code", "date", "amount", "same", "identity"]
Values = tuple[str, ...]

WORD_KINDS: Final = ("name", "words")
STEPS: Final = (0.3, 0.45, 0.6, 0.75, 0.88, 0.985)
TOP: Final[Mapping[str, int]] = {"name": 6, "words": 100, "digits": 2, "code": 2, "date": 2, "amount": 3, "same": 1,
                                     "identity": 1}  # fmt: skip
WHOLE: Final = 10
NUMBERED: Final = 0.7
ALIKE: Final = 0.82
MANY: Final = 60
FEW: Final = 12
MOST_COUNTED: Final = 500_000
_SOUNDS: Final = (
    ("shch", "sh"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("cks", "ks"), ("x", "ks"),
    ("tz", "c"), ("ts", "c"), ("qu", "kv"), ("w", "v"), ("j", "i"), ("y", "i"), ("ii", "i"), ("'", ""),
)  # fmt: skip
_TWICE: Final = re.compile(r"(.)\1")


@dataclass(frozen=True)
class Trait:
    """One thing by which records are told apart, with the words that name it."""

    name: str
    kind: Kind
    label: str = ""


@dataclass(frozen=True)
class Profile:
    """What one record says of itself: the texts of each trait, in the order of the traits."""

    id: int
    values: tuple[Values, ...]


@dataclass
class Rarity:
    """How often each word, or each whole value, of one trait occurs."""

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def learn(self, tokens: Iterable[str]) -> None:
        """Count what one record says."""
        self.total += 1
        self.counts.update(set(tokens))
        while len(self.counts) > MOST_COUNTED:
            self._forget_rarest()

    def _forget_rarest(self) -> None:
        """Of a very large base what was met least is forgotten: it is rare either way, and memory stays bounded."""
        least = min(self.counts.values())
        self.counts = Counter({token: count for token, count in self.counts.items() if count > least})

    def weight(self, token: str) -> float:
        """A rare word says more than a frequent one."""
        return math.log(1 + (self.total + 2) / (self.counts.get(token, 0) + 1))

    def share(self, token: str) -> float:
        """The part of records that say the same."""
        return max(self.counts.get(token, 0), 1) / max(self.total, 1)


@lru_cache(maxsize=400_000)
def sound(word: str) -> str:
    """A word in one alphabet and one spelling, so that Шульц, Schulz and Shults stand close."""
    plain = to_latin(word)
    if not plain.isascii() or any(letter.isdigit() for letter in plain):
        return plain
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return _TWICE.sub(r"\1", plain) or word


@lru_cache(maxsize=400_000)
def tokens_of(text: str, kind: Kind) -> tuple[str, ...]:
    """The words of a text as they are compared; of a name, without its legal form."""
    plain = normalise(company_key(text) if kind == "name" else text)
    return tuple(dict.fromkeys(sound(word) for word in plain.split()))[:MANY]


@lru_cache(maxsize=100_000)
def layout_tokens(text: str) -> tuple[str, ...]:
    """The words that the same keys give in the other layout, if they give any."""
    other = to_other_layout(text)
    return tokens_of(other, "name") if other else ()


@lru_cache(maxsize=100_000)
def grams_of(text: str) -> tuple[str, ...]:
    """Every three letters in a row: long titles agree in parts of words and in numbers of models."""
    joined = f" {' '.join(tokens_of(text, 'words'))} "
    return tuple(dict.fromkeys(joined[at : at + 3] for at in range(len(joined) - 2)))


def figures_of(text: str) -> str:
    """Digits and letters alone."""
    return "".join(filter(str.isalnum, text)).casefold()


def told(text: str, kind: Kind) -> str:
    """A value in the one form in which it is compared."""
    if kind in WORD_KINDS:
        return text.strip()
    return digits_of(text) if kind == "digits" else text.strip() if kind == "amount" else figures_of(text)


def level(one: Values, two: Values, kind: Kind, rarity: Rarity) -> int | None:
    """How well the two agree, from 0 to the top of the kind, of words in hundredths; nothing when one does not say."""
    if not one or not two:
        return None
    if kind in WORD_KINDS:
        best = max(likeness(a, b, kind, rarity) for a in one[:6] for b in two[:6])
        return round(best * 100) if kind == "words" else sum(best >= step for step in STEPS)
    if kind == "amount":
        return max(_amounts(a, b) for a in one[:3] for b in two[:3])
    if set(one) & set(two):
        return TOP[kind]
    if kind == "identity":  # what is cut short or still being typed tells nobody apart
        return 0 if min(map(len, (*one, *two))) >= WHOLE else None
    return 0 if kind == "same" else max(_slip(a, b, kind) for a in one[:6] for b in two[:6])


def likeness(one: str, two: str, kind: Kind, rarity: Rarity) -> float:
    """From 0 to 1: the share of rare words that two texts have in common, near words counted in part."""
    first, second = tokens_of(one, kind), tokens_of(two, kind)
    if first == second or set(first) == set(second):
        return 1.0
    if (len(second), second) < (len(first), first):
        one, two, first, second = two, one, second, first
    if kind == "words":
        return _cosine(grams_of(one), grams_of(two), rarity)
    best = max(_cosine(first, second, rarity), _run_together(first, second))
    numbers = [{word for word in words if word.isdigit()} for words in (first, second)]
    if all(numbers) and not numbers[0] & numbers[1]:
        return min(best, NUMBERED)
    if best < ALIKE and kind == "name" and one.isascii() != two.isascii():
        best = max(best, _cosine(layout_tokens(one.lower()) or first, second, rarity))
        best = max(best, _cosine(first, layout_tokens(two.lower()) or second, rarity))
    return best


def _cosine(first: Sequence[str], second: Sequence[str], rarity: Rarity) -> float:
    left = {word: rarity.weight(word) for word in first}
    right = {word: rarity.weight(word) for word in second}
    shared = sum(left[word] * right[word] for word in left.keys() & right.keys())
    rest = [word for word in second if word not in left]
    for word in first if max(len(first), len(second)) <= FEW else ():
        if word in right or not rest:
            continue
        near, other = max(((_near(word, other), other) for other in rest), key=lambda pair: pair[0])
        if near >= ALIKE:
            shared += near * left[word] * right[other]
            rest.remove(other)
    norm = math.sqrt(sum(x * x for x in left.values()) * sum(x * x for x in right.values()))
    return min(shared / norm, 0.98) if norm else 0.0


@lru_cache(maxsize=500_000)
def _near(one: str, two: str) -> float:
    if one.isdigit() or two.isdigit() or min(len(one), len(two)) < 3:
        return 0.9 if (one.startswith(two) or two.startswith(one)) and not one[-1].isdigit() else 0.0
    return float(JaroWinkler.similarity(one, two))


def _run_together(first: Sequence[str], second: Sequence[str]) -> float:
    """Words written together, split or cut are still the same letters."""
    one, two = "".join(first), "".join(second)
    if min(len(one), len(two)) < 4 or max(len(one), len(two)) > 60:
        return 0.0
    same = float(OSA.normalized_similarity(one, two))
    return same if same >= 0.75 and not (one.isdigit() and two.isdigit()) else 0.0


def _slip(one: str, two: str, kind: Kind) -> int:
    if kind == "date" and sorted(one) == sorted(two):
        return 1
    return 1 if min(len(one), len(two)) >= 4 and OSA.distance(one, two, score_cutoff=1) <= 1 else 0


def _amounts(one: str, two: str) -> int:
    try:
        small, large = sorted((abs(float(one)), abs(float(two))))
    except ValueError:
        return 0
    share = small / large if large else 1.0
    return sum(share >= step for step in (0.7, 0.9, 0.999))


def keys_of(values: Values, kind: Kind) -> list[str]:
    """What brings records together: each word, each word with one letter lost, each number."""
    if kind in ("amount", "same"):
        return []
    if kind not in WORD_KINDS:
        return [text for text in values if len(text) >= 4]
    found: dict[str, None] = {}
    for text in values:
        words = tokens_of(text, kind)
        found |= dict.fromkeys(words)
        if kind == "name":
            found |= dict.fromkeys(layout_tokens(text.lower()))
            found |= dict.fromkeys(f"~{lost}" for word in words if len(word) >= 4 for lost in _losing_one(word))
            found |= dict.fromkeys("".join(pair) for pair in pairwise(words))
    return list(found)


def _losing_one(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))] if len(word) <= 14 else [word]
