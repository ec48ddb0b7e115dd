"""Tells in which encoding a text file was written; the letters of a language betray a wrong guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

SAMPLE, LOOKED_AT = 65_536, 16_384
BLOCK = 1 << 20
SURE, HOPELESS, SHOWN_LINES = 2, 1_000, 20
STRAY = re.compile("[\udc80-\udcff]")
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
    """Whether it is UTF-8, but for a few bytes perhaps: of other encodings hardly a letter happens to be one of it."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    right = wrong = 0
    for block in (*_blocks(path), b""):
        text = decoder.decode(block, final=not block)
        stray = len(STRAY.findall(text)) if not text.isascii() else 0
        right += len(text) - len(text.encode("ascii", "ignore")) - stray
        wrong += stray
        if wrong > HOPELESS and right < SURE * wrong:
            break
    return right >= SURE * wrong


@dataclass(frozen=True)
class Unreadable:
    """The bytes of a file that mean nothing in its encoding: how many, and in which of its lines the first of them."""

    count: int = 0
    lines: tuple[int, ...] = ()


def unreadable(path: Path, encoding: str) -> Unreadable:
    """What can not be read in this encoding; each such byte is shown as a mark of its own."""
    if _is_whole(path, encoding):
        return Unreadable()
    wide = encoding.startswith(("utf-16", "utf-32"))
    stray = re.compile("\ufffd") if wide else STRAY
    count, number, lines = 0, 1, dict[int, None]()
    with path.open("r", encoding=encoding, errors="replace" if wide else "surrogateescape", newline="") as file:
        while line := file.readline(BLOCK):
            if found := len(stray.findall(line)):
                count += found
                if len(lines) < SHOWN_LINES:
                    lines[number] = None
            number += line.endswith(("\n", "\r"))
    return Unreadable(count, tuple(lines))


def _is_whole(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


# What a file may be said to be written in, by the names that people know.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "koi8-u": "KOI8-U",
    "cp866": "DOS 866",
    "iso8859-5": "ISO 8859-5",
    "mac-cyrillic": "Mac OS Cyrillic",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "cp1253": "Windows-1253",
    "gb18030": "GB 18030",
    "shift_jis": "Shift JIS",
}


def encoding_called(encoding: str) -> str:
    """How people know an encoding."""
    return ENCODINGS.get(encoding.removesuffix("-sig"), encoding.upper())


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
