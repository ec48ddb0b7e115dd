"""Writes workbooks row by row: XLSX and ODS, with a second sheet that says what the first one holds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Lines = Iterable[list[Any]]
MOST_ROWS = 1_048_576
WIDEST, LONGEST = 60, 32_000
SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2"'
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
STYLES = (
    '<office:automatic-styles><number:date-style style:name="N1"><number:day number:style="long"/><number:text>.'
    '</number:text><number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    "</office:automatic-styles>"
)


def write_xlsx(path: Path, lines: Lines, about: Lines, *, titles: tuple[str, str]) -> None:
    """Days are days, numbers numbers and phones text; nothing is taken for a formula or a link."""
    book = xlsxwriter.Workbook(str(path), {**SAFE, "default_date_format": "dd.mm.yyyy"})
    kinds = {"head": book.add_format({"bold": True, "bottom": 1}), "day": book.add_format({"num_format": "dd.mm.yyyy"}),
             "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
             "sum": book.add_format({"num_format": "#,##0.00"})}  # fmt: skip
    for title, rows in zip(titles, (lines, about), strict=True):
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for place, cells in enumerate(rows):
            if place >= MOST_ROWS:
                break
            if place == 0:
                for column, head in enumerate(cells):
                    sheet.set_column(column, column, min(WIDEST, max(12, len(str(head)) + 4)))
            for column, value in enumerate(cells):
                _put(sheet, place, column, value, kinds, is_head=place == 0)
    book.close()


def _put(sheet: Any, row: int, column: int, value: Any, kinds: dict[str, Any], *, is_head: bool) -> None:
    if value is None or value == "":
        return
    if is_head:
        sheet.write_string(row, column, str(value), kinds["head"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, kinds["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, kinds["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), kinds["sum"])
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST])


def write_ods(path: Path, lines: Lines, about: Lines, *, titles: tuple[str, str]) -> None:
    """The same as an OpenDocument sheet, written as it is read."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, compress_type=zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        with packed.open("content.xml", "w", force_zip64=True) as file:
            for text in _content(lines, about, titles):
                file.write(text.encode())


def _content(lines: Lines, about: Lines, titles: tuple[str, str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}>{STYLES}'
    yield "<office:body><office:spreadsheet>"
    for title, rows in zip(titles, (lines, about), strict=True):
        yield f"<table:table table:name={quoteattr(title)}>"
        for cells in rows:
            yield f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        day = value.isoformat()
        return f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{day}"/>'
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
