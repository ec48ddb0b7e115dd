"""Reads the sheets of a workbook, XLSX, XLS or ODS; what a formula gave is read, never the formula."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from krug.exchange.importing.tables import LOOKED_AT, Table, columns_of, head_of
from krug.kernel.errors import Refusal

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
LARGEST_BOOK = 100 * 1024 * 1024
LARGEST_UNPACKED = 1024 * 1024 * 1024
MOST_ROWS = 1_048_576


def open_book(path: Path, *, name: str = "") -> list[Table]:
    """Every sheet with at least a head and one row, as a table."""
    shown = name or path.name
    _must_fit(path, shown)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(title, book.get_sheet_by_name(title)) for title in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal(
            _("%(file)s can not be read as a workbook: open it in its program, save it anew and try again.")
            % {"file": shown},
            code="BOOK_BROKEN",
        ) from error
    filled = [(title, sheet) for title, sheet in sheets if sheet.height > 1]
    tables = [_table(path, shown if len(filled) == 1 else f"{shown}: {title}", sheet) for title, sheet in filled]
    if not tables:
        raise Refusal(_("The file %(file)s is empty.") % {"file": shown}, code="FILE_EMPTY")
    return tables


def _must_fit(path: Path, shown: str) -> None:
    unpacked = path.stat().st_size
    if unpacked > LARGEST_BOOK:
        raise Refusal(_("%(file)s is larger than 100 MB: save it as CSV.") % {"file": shown}, code="FILE_TOO_LARGE")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise Refusal(_("%(file)s is larger than 1 GB when unpacked.") % {"file": shown}, code="FILE_TOO_LARGE")


def _table(path: Path, shown: str, sheet: CalamineSheet) -> Table:
    if sheet.height > MOST_ROWS:
        raise Refusal(
            _("%(file)s has more than 1,048,576 rows: save it as CSV.") % {"file": shown}, code="TOO_MANY_ROWS"
        )
    first = [list(map(cell_text, cells)) for cells in islice(sheet.iter_rows(), LOOKED_AT)]
    head = head_of(first)
    columns = columns_of(first[head], shown)
    return Table(path, shown, columns, kind="book", cells=partial(_cells, sheet), head=head + 1)


def _cells(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    return ((number, list(map(cell_text, cells))) for number, cells in enumerate(sheet.iter_rows(), start=1))


def cell_text(value: Any) -> str:
    """A cell as text that our fields read: days in ISO, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != datetime.min.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
