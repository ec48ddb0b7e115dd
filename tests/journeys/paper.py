"""What stands on the sheets of a printed page: the texts that Chromium has put into its PDF."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
PIECE = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(?<=[\s\]])Td\b|(?<=\s)Tm\b")
PAINT = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b|[-\d.]+ [-\d.]+ ([-\d.]+) ([-\d.]+) re\nf\b|(?<=> )(Tj)")
LARGE = 20_000
PAIR = re.compile(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
RANGE = re.compile(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")

Glyphs = dict[int, str]
Colour = tuple[float, float, float]


class Paper:
    """A PDF as sheets of text, and the colours its words and grounds are painted in."""

    def __init__(self, pdf: bytes) -> None:
        self.objects = {int(number): body for number, body in OBJECT.findall(pdf)}
        pages = [body for body in self.objects.values() if b"/Type /Page\n" in body or b"/Type /Page " in body]
        self.contents = [self._content(page) for page in pages]
        self.fonts = [self._fonts(page) for page in pages]

    @property
    def sheets(self) -> list[str]:
        """The words of each sheet in the order in which they were painted, without the spaces between them."""
        return [self._words(*sheet) for sheet in zip(self.contents, self.fonts, strict=True)]

    @property
    def grounds(self) -> set[Colour]:
        """The colours of the large surfaces."""
        return {colour for colour, area in self._painted() if area >= LARGE}

    @property
    def inks(self) -> set[Colour]:
        """The colours of the letters."""
        return {colour for colour, area in self._painted() if not area}

    def _painted(self) -> Iterator[tuple[Colour, float]]:
        """Each colour with the surface that it fills, which is none for a letter."""
        for content in self.contents:
            colour: Colour = (0.0, 0.0, 0.0)
            for red, green, blue, wide, high, letter in PAINT.findall(content):
                if red:
                    colour = (float(red), float(green), float(blue))
                elif letter:
                    yield colour, 0
                else:
                    yield colour, abs(float(wide) * float(high))

    def _content(self, page: bytes) -> bytes:
        numbers = re.search(rb"/Contents \[?((?:\d+ 0 R ?)+)", page)
        assert numbers, "a sheet without contents"
        return b"\n".join(self._stream(int(number)) for number in re.findall(rb"(\d+) 0 R", numbers[1]))

    def _fonts(self, page: bytes) -> dict[bytes, Glyphs]:
        resources = re.search(rb"/Resources (\d+) 0 R", page)
        named = self.objects[int(resources[1])] if resources else page
        return {name: self._glyphs(int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", named)}

    def _glyphs(self, font: int) -> Glyphs:
        table = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])
        words = self._stream(int(table[1])).decode("latin-1") if table else ""
        found: Glyphs = {}
        for part in re.findall(r"beginbfchar(.*?)endbfchar", words, re.DOTALL):
            found |= {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in PAIR.findall(part)}
        for part in re.findall(r"beginbfrange(.*?)endbfrange", words, re.DOTALL):
            for first, last, text in RANGE.findall(part):
                low = int(first, 16)
                found |= {code: chr(int(text, 16) + code - low) for code in range(low, int(last, 16) + 1)}
        return found

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        raw = STREAM.search(body)
        assert raw, "an object without a stream"
        return zlib.decompress(raw[1]) if b"/FlateDecode" in body else raw[1]

    @staticmethod
    def _words(content: bytes, fonts: dict[bytes, Glyphs]) -> str:
        glyphs: Glyphs = {}
        said: list[str] = []
        for font, text in PIECE.findall(content):
            if font:
                glyphs = fonts[font]
            elif text:
                codes = [int(text[place : place + 4], 16) for place in range(0, len(text), 4)]
                said.append("".join(glyphs.get(code, "") for code in codes))
        return re.sub(r"\s+", "", "".join(said))
