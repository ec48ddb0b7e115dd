"""Reads a table row by row and says clearly what is wrong; text tables of any common encoding and separator."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import multimode

from django.utils.translation import gettext as _

from krug.exchange.importing.encodings import SAMPLE, encoding_of
from krug.kernel.errors import Refusal

LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
MOST_COLUMNS = 500
USUAL_SEPARATORS, RARE_SEPARATOR = ",;\t|", "#"
SEPARATORS = USUAL_SEPARATORS + RARE_SEPARATOR
LOOKED_AT = 30


@dataclass(frozen=True)
class Row:
    """One line of the table, by the names of its columns."""

    number: int
    values: dict[str, str]
    strayed: int = 0  # how many cells it has, where they can not all be those of the columns

    def get(self, name: str) -> str:
        """The cell, without the spaces around it; nothing where the row is short."""
        return self.values.get(name, "").strip()


@dataclass(frozen=True)
class Way:
    """How a text file is to be read; what is left empty is recognised."""

    encoding: str = ""
    separator: str = ""

    @property
    def codec(self) -> str:
        """The encoding as it is read: a mark at the beginning is no letter."""
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding


AS_RECOGNISED = Way()
Cells = Callable[[], Iterator[tuple[int, list[str]]]]


@dataclass(frozen=True)
class Table:
    """A table that was recognised: its columns, what kind of file holds it, and how to read it again."""

    path: Path
    name: str
    columns: tuple[str, ...]
    encoding: str = ""
    separator: str = ""
    kind: str = "csv"
    cells: Cells | None = None
    head: int = 0  # the line that names the columns; none where nobody wrote such a line

    @property
    def may_be_headed(self) -> bool:
        """Whether another line may name the columns: objects and cards bring their names along."""
        return self.kind in ("csv", "book")

    def first_lines(self) -> list[tuple[int, list[str]]]:
        """The first lines that say anything, with their numbers, the head among them."""
        lines = islice(self.cells() if self.cells else (), LOOKED_AT)
        return [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]

    def headed(self, head: int) -> Table:
        """The same table with its columns named by that line, or by their places when no line names them."""
        lines = self.first_lines()
        found = dict(lines).get(head)
        if not self.may_be_headed or (head and found is None):
            raise Refusal(_("%(file)s has no such line of names.") % {"file": self.name}, code="NO_SUCH_HEAD")
        width = max((len(cells) for _number, cells in lines), default=1)
        return replace(self, head=head, columns=columns_of(found or [""] * width, self.name))

    def rows(self) -> Iterator[Row]:
        """The rows in order, numbered as a spreadsheet shows them."""
        for number, cells in self.cells() if self.cells else ():
            if number <= self.head or not any(cell and not cell.isspace() for cell in cells):
                continue
            yield Row(number, dict(zip(self.columns, cells, strict=False)), self._strayed(cells))

    def _strayed(self, cells: list[str]) -> int:
        """Something stands beside the last column, or a quotation mark that was not closed swallowed what follows."""
        beside = any(cell and not cell.isspace() for cell in cells[len(self.columns) :])
        swallowed = self.separator and any("\n" in cell and self.separator in cell for cell in cells)
        return len(cells) if beside or (swallowed and len(cells) < len(self.columns)) else 0


def open_table(path: Path, *, needs: Sequence[str] = (), name: str = "", way: Way = AS_RECOGNISED) -> Table:
    """Recognise the encoding, separator and columns of a text table; refuse when a needed column is missing."""
    shown = name or path.name
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start.strip():
        raise Refusal(_("The file %(file)s is empty.") % {"file": shown}, code="FILE_EMPTY")
    encoding = way.codec or encoding_of(path)
    if not encoding:
        raise Refusal(
            _("%(file)s is not a text table: save it as CSV and try again.") % {"file": shown}, code="NOT_TEXT"
        )
    separator = way.separator or _separator(start, encoding, shown)

    def lines() -> Iterator[tuple[int, list[str]]]:
        return enumerate(_cells(path, shown, encoding, separator), start=1)

    first = [cells for _number, cells in islice(lines(), LOOKED_AT)] or [[]]
    head = head_of(first)
    columns = columns_of(first[head], shown)
    must_have(columns, needs, shown)
    return Table(path, shown, columns, encoding, separator, cells=lines, head=head + 1)


def head_of(first: Sequence[Sequence[object]]) -> int:
    """Which of the first lines names the columns: the first if most are as wide; notes above a table are narrower."""
    widths = [sum(cell not in ("", None) for cell in cells) for cells in first]
    widest = max(widths, default=0)
    if len(widths) > 2 and widths[0] > 1 and widths[0] in multimode(width for width in widths[1:] if width):
        return 0
    return next((place for place, width in enumerate(widths) if width and width >= widest * 0.6), 0)


def columns_of(head: Sequence[str], shown: str) -> tuple[str, ...]:
    """The names of the columns, each different; a column without a name is called by its place."""
    if len(head) > MOST_COLUMNS:
        raise Refusal(
            _("%(file)s has %(count)s columns; at most %(most)s are read.")
            % {"file": shown, "count": len(head), "most": MOST_COLUMNS},
            code="TOO_MANY_COLUMNS",
        )
    names: dict[str, None] = {}
    for place, cell in enumerate(head, start=1):
        plain = " ".join(cell.strip("\ufeff").split())[:200] or _("Column %(number)s") % {"number": place}
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names[name] = None
    return tuple(names)


def must_have(columns: Sequence[str], needs: Sequence[str], shown: str) -> None:
    """Refuse a table that lacks a needed column."""
    missing = [column for column in needs if column not in columns]
    if missing:
        raise Refusal(
            _("%(file)s lacks the column %(missing)s. It has: %(columns)s.")
            % {"file": shown, "missing": ", ".join(missing), "columns": ", ".join(columns)[:300]},
            code="COLUMN_MISSING",
        )


def _separator(start: bytes, encoding: str, shown: str) -> str:
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
    lines = text.splitlines()
    if len(lines) < 2 and len(start) >= SAMPLE:
        raise Refusal(_too_long(shown, 1), code="LINE_TOO_LONG")
    if lines and lines[0].count(RARE_SEPARATOR) > 1 and not any(sign in lines[0] for sign in USUAL_SEPARATORS):
        return RARE_SEPARATOR
    return max(USUAL_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines[:5]), default=0))


def _too_long(shown: str, number: int) -> str:
    return _(
        "Line %(number)s of %(file)s is longer than %(most)s characters. A quotation mark may be missing before it."
    ) % {
        "number": number,
        "file": shown,
        "most": f"{LONGEST_LINE:,}".replace(",", "\u00a0"),
    }


def _lines(path: Path, shown: str, encoding: str) -> Iterator[str]:
    """Lines with a limit, so that one endless line can not fill the memory."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise Refusal(_too_long(shown, number), code="LINE_TOO_LONG")
            yield line.replace("\x00", "")


def _cells(path: Path, shown: str, encoding: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_lines(path, shown, encoding), delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refusal(
                _("Line %(number)s of %(file)s can not be read as a table. Look for an unclosed quotation mark.")
                % {"number": reader.line_num, "file": shown},
                code="LINE_BROKEN",
            ) from error


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell of an exported table that no spreadsheet takes for a formula; numbers stay as they are."""
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        return "'" + text
    return text


def plain_cell(text: str) -> str:
    """The cell as it was before it was made safe, so that a file exported here comes back unchanged."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdigit() and not text.startswith("+")


def csv_lines(rows: Iterable[Sequence[str]], *, separator: str = ",") -> Iterator[str]:
    """Rows as CSV text, each cell safe."""

    class Echo:
        def write(self, text: str) -> str:
            return text

    writer = csv.writer(Echo(), delimiter=separator, lineterminator="\r\n")
    for row in rows:
        yield str(writer.writerow([safe_cell(cell) for cell in row]))
