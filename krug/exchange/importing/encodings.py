"""Tells in which encoding a text file was written; the letters of a language betray a wrong guess."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

SAMPLE, LOOKED_AT = 65_536, 16_384
BLOCK = 1 << 20
SINGLE_BYTE = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "cp1252")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Per mille of running Russian text, by Lyashevskaya and Sharov's frequency dictionary.
FREQUENCY = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14, 12, 10, 9, 7, 6, 5,
         4, 3, 3, 1, 1),
        strict=True,
    )
)  # fmt: skip


def encoding_of(path: Path) -> str:
    """The encoding of a file, or nothing when it is no text."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    if b"\x00" in start:
        return _without_mark(start)
    return "utf-8-sig" if _is_utf8(path) else single_byte(_foreign(path))


def _without_mark(start: bytes) -> str:
    """UTF-16 without its mark: the zero bytes of spaces and digits stand on one side only."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > len(start) / 40 and others * 20 < zeros and _is_readable(start.decode(name, errors="replace")):
            return name
    return ""


def _is_readable(text: str) -> bool:
    """Whether hardly any sign of a text is one that nobody types."""
    return sum(not letter.isprintable() and letter not in "\r\n\t" for letter in text) * 100 < len(text)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _foreign(path: Path) -> bytes:
    """A sample that has letters beyond ASCII in it, wherever in the file they begin."""
    for block in _blocks(path):
        if not block.isascii():
            first = next(place for place, byte in enumerate(block) if byte > 127)
            return block[max(0, first - 200) : first + SAMPLE]
    return b""


def single_byte(sample: bytes) -> str:
    """Which of the encodings of one byte a letter gives the likeliest text."""
    return max(SINGLE_BYTE, key=lambda name: likeness(sample[:LOOKED_AT].decode(name, errors="replace")))


def likeness(text: str) -> float:
    """How much a text looks like Russian or a western language written right."""
    score = 0.0
    for before, letter in pairwise(f" {text} "):
        if letter < "\x80":
            continue
        known = FREQUENCY.get(letter.lower())
        if known is not None:
            score += 1 + known / 50
            if before.isascii() and before.isalpha():
                score -= 4
            if letter.isupper() and before.islower():
                score -= 3
        elif letter in "№«»—–…“”„\u00a0":
            score += 0.2
        elif letter.isalpha() and "\u00c0" <= letter <= "\u00ff":
            score += 0.5 if before.isascii() else -2
        else:
            score -= 3
    return score
