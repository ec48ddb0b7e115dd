"""Reads a table from a CSV file of any common encoding and separator, row by row, and says clearly what is wrong."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal

LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
MOST_COLUMNS = 500
SAMPLE = 65_536
ENCODINGS = ("utf-8-sig", "cp1251")
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One line of the table, by the names of its columns."""

    number: int
    values: dict[str, str]

    def get(self, name: str) -> str:
        """The cell, without the spaces around it; nothing where the row is short."""
        return self.values.get(name, "").strip()


@dataclass(frozen=True)
class Table:
    """A file that was recognised: its columns, and how to read it again."""

    path: Path
    name: str
    columns: tuple[str, ...]
    encoding: str
    separator: str
    short_rows: list[int] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows in order, numbered as a spreadsheet shows them."""
        for number, cells in enumerate(_cells(self.path, self.encoding, self.separator), start=1):
            if number == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.columns):
                self.short_rows.append(number)
            yield Row(number, dict(zip(self.columns, cells, strict=False)))


def open_table(path: Path, *, needs: Sequence[str] = (), name: str = "") -> Table:
    """Recognise the encoding, separator and columns of a file; refuse when a needed column is missing."""
    shown = name or path.name
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start.strip():
        raise Refusal(_("The file %(file)s is empty.") % {"file": shown}, code="FILE_EMPTY")
    encoding = _encoding(path, start, shown)
    head = _first_line(start, encoding, shown)
    separator = max(SEPARATORS, key=head.count)
    columns = tuple(_clean(column) for column in next(csv.reader([head], delimiter=separator)))
    if len(columns) > MOST_COLUMNS:
        raise Refusal(
            _("%(file)s has %(count)s columns; at most %(most)s are read.")
            % {"file": shown, "count": len(columns), "most": MOST_COLUMNS},
            code="TOO_MANY_COLUMNS",
        )
    missing = [column for column in needs if column not in columns]
    if missing:
        raise Refusal(
            _("%(file)s lacks the column %(missing)s. It has: %(columns)s.")
            % {"file": shown, "missing": ", ".join(missing), "columns": ", ".join(columns)[:300]},
            code="COLUMN_MISSING",
        )
    return Table(path, shown, columns, encoding, separator)


def _encoding(path: Path, start: bytes, shown: str) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start:
        raise Refusal(
            _("%(file)s is not a text table: save it as CSV and try again.") % {"file": shown}, code="NOT_TEXT"
        )
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


def _first_line(start: bytes, encoding: str, shown: str) -> str:
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
    lines = text.splitlines()
    if len(lines) < 2 and len(start) >= SAMPLE:
        raise Refusal(_too_long(shown, 1), code="LINE_TOO_LONG")
    return lines[0]


def _too_long(shown: str, number: int) -> str:
    return _(
        "Line %(number)s of %(file)s is longer than %(most)s characters. A quotation mark may be missing before it."
    ) % {
        "number": number,
        "file": shown,
        "most": f"{LONGEST_LINE:,}".replace(",", "\u00a0"),
    }


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines with a limit, so that one endless line can not fill the memory."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise Refusal(_too_long(path.name, number), code="LINE_TOO_LONG")
            yield line.replace("\x00", "")


def _cells(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_lines(path, encoding), delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refusal(
                _("Line %(number)s of %(file)s can not be read as a table. Look for an unclosed quotation mark.")
                % {"number": reader.line_num, "file": path.name},
                code="LINE_BROKEN",
            ) from error


def _clean(column: str) -> str:
    return column.strip().strip("\ufeff")


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
