"""The readings of what somebody typed into the search box: as typed, wrong layout, other alphabet, digits, a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import normalize

from rapidfuzz import process
from rapidfuzz.distance import OSA

from krug.language.alphabets import to_cyrillic, to_latin, to_other_layout

Kind = Literal["as_typed", "layout", "transliteration", "typo", "digits"]

SHORTEST: Final = 2
SHORTEST_DIGITS: Final = 4
LONG_WORD: Final = 5
PHONE_DIGITS: Final = 10

_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER_LIKE = re.compile(r"[\s\d()+\-–—.,/#№\u00a0\u202f]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to understand the query, with the text to look for."""

    kind: Kind
    text: str


def normalise(text: str) -> str:
    """The form in which texts are stored for search and compared: one case, ё as е, words apart by single spaces."""
    folded = normalize("NFC", text).casefold().replace("ё", "е")
    return _NOT_WORD.sub(" ", folded).strip()


def sort_key(text: str) -> str:
    """The stored key that sorts Russian names alike on every server: ё stands right after е."""
    return normalize("NFC", text).strip().lower().replace("ё", "е" + chr(1103))


def digits_of(text: str) -> str:
    """The digits to look for; a Russian number loses its 8 or +7, so that every way of writing it is the same."""
    digits = "".join(filter(str.isdecimal, normalize("NFKC", text)))
    if len(digits) == PHONE_DIGITS + 1 and digits[0] in "78":
        return digits[1:]
    if len(digits) == PHONE_DIGITS + 4 and digits.startswith("8107"):
        return digits[4:]
    return digits


def readings(query: str) -> list[Reading]:
    """The readings in the order in which they should be tried; no text comes twice."""
    typed = query.strip()
    plain = normalise(typed)
    found = [Reading("as_typed", plain)] if len(plain) >= SHORTEST else []
    digits = digits_of(typed)
    if len(digits) >= SHORTEST_DIGITS and _NUMBER_LIKE.fullmatch(typed):
        found.append(Reading("digits", digits))
    if plain and not plain.isdecimal():
        found.extend(_layouts(typed))
        found.extend(_transliterations(plain))
    once = {(reading.kind == "digits", reading.text): reading for reading in reversed(found)}
    return list(once.values())[::-1]


def typo_readings(query: str, words: Iterable[str], *, limit: int = 3) -> list[Reading]:
    """Readings with one slip mended in each long word, by the words that really occur."""
    typed = normalise(query).split()
    known = list(dict.fromkeys(words))
    mended = [_mended(word, known) for word in typed]
    if all(options[0] == word for word, options in zip(typed, mended, strict=True)):
        return []
    widest = max((len(options) for options in mended), default=0)
    texts = [" ".join(options[min(turn, len(options) - 1)] for options in mended) for turn in range(widest)]
    return [Reading("typo", text) for text in dict.fromkeys(texts)][:limit]


def near_words(word: str, words: Sequence[str], *, limit: int = 3) -> list[str]:
    """Long words one edit away from the typed one: a letter lost, added, changed, or two swapped."""
    if len(word) < LONG_WORD - 1:
        return []
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=1, limit=limit * 4)
    long_enough = [(str(found), distance) for found, distance, _index in near if len(str(found)) >= LONG_WORD]
    return [found for found, _distance in sorted(long_enough, key=lambda pair: (pair[1], pair[0]))][:limit]


def _mended(word: str, known: Sequence[str]) -> list[str]:
    """The word itself when it begins a known word; otherwise known words one slip away."""
    if any(candidate.startswith(word) for candidate in known):
        return [word]
    return near_words(word, known) or [word]


def _layouts(typed: str) -> list[Reading]:
    other = to_other_layout(typed)
    text = normalise(other) if other else ""
    return [Reading("layout", text)] if len(text) >= SHORTEST else []


def _transliterations(plain: str) -> list[Reading]:
    cyrillic, latin = bool(_CYRILLIC.search(plain)), bool(_LATIN.search(plain))
    if cyrillic == latin:
        return []
    text = normalise(to_latin(plain) if cyrillic else to_cyrillic(plain))
    return [Reading("transliteration", text)] if len(text) >= SHORTEST else []
