"""The rows that were not taken, given back as a file of the same kind with a column of reasons."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from krug.exchange.importing.planned import tables_in
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.running import folder_of
from krug.exchange.importing.tables import Table, csv_lines
from krug.exchange.models import ImportRow, ImportRun

CSV = "text/csv; charset=utf-8"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLOCK = 65_536
HELD_BACK = (ImportRow.Fate.BAD, ImportRow.Fate.ASK)
Reasons = dict[int, str]
Refused = tuple[str, str, Iterator[bytes]]


def refused_file(run: ImportRun, fates: Sequence[str] = HELD_BACK) -> Refused:
    """The name, the kind and the content of the file; one table keeps the kind of its file, several make a workbook."""
    if not run.plan:
        return f"import-{run.pk}-refused.csv", CSV, _of_preset(run)
    plan = plan_from(run.plan)
    tables = {table.name: table for table in tables_in(folder_of(run), run.files, plan)}
    places = [(place, tables[each.table]) for place, each in enumerate(plan.tables) if each.table in tables]
    holding = [(table, reasons) for place, table in places if (reasons := _reasons(run, place, fates))]
    if len(holding) == 1 and holding[0][0].kind == "csv":
        table = holding[0][0]
        encoding = "utf-8" if table.encoding.startswith("utf") else table.encoding
        return f"import-{run.pk}-refused.csv", f"text/csv; charset={encoding}", _as_text(*holding[0], encoding)
    if len(holding) == 1 and holding[0][0].kind == "lines":
        return f"import-{run.pk}-refused.jsonl", "application/x-ndjson", _as_lines(*holding[0])
    return f"import-{run.pk}-refused.xlsx", BOOK, _as_book(holding)


def _reasons(run: ImportRun, place: int, fates: Sequence[str]) -> Reasons:
    """All that is wrong with each of these rows, in one cell."""
    rows = run.rows.filter(table=place, fate__in=fates)
    return {row.number: "; ".join(map(_line, row.told["faults"])) for row in rows.iterator()}


def _line(fault: dict[str, str]) -> str:
    return f"{fault['column']}: {fault['reason']}" if fault["column"] else fault["reason"]


def _rows(table: Table, reasons: Reasons) -> Iterator[list[str]]:
    for row in table.rows():
        if row.number in reasons:
            yield [*(row.values.get(column, "") for column in table.columns), reasons[row.number]]


def _as_text(table: Table, reasons: Reasons, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        yield "\ufeff".encode()
    head = [*table.columns, _("Reason")]
    for line in csv_lines([head], separator=table.separator):
        yield line.encode(encoding, "replace")
    for line in csv_lines(_rows(table, reasons), separator=table.separator):
        yield line.encode(encoding, "replace")


def _as_lines(table: Table, reasons: Reasons) -> Iterator[bytes]:
    for cells in _rows(table, reasons):
        told = dict(zip((*table.columns, _("Reason")), cells, strict=True))
        yield (json.dumps(told, ensure_ascii=False) + "\n").encode()


def _as_book(holding: list[tuple[Table, Reasons]]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "refused.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False,
                                               "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
        for number, (table, reasons) in enumerate(holding, start=1):
            sheet = book.add_worksheet(str(number))
            sheet.write_row(0, 0, [*table.columns, _("Reason")])
            for line, cells in enumerate(_rows(table, reasons), start=1):
                sheet.write_row(line, 0, cells)
        if not holding:
            book.add_worksheet()
        book.close()
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _of_preset(run: ImportRun) -> Iterator[bytes]:
    rows = run.findings.get("bad_rows", [])
    names = list(dict.fromkeys(name for row in rows for name in row["cells"]))
    table = [[_("File"), _("Row"), _("Reason"), *names]]
    table += [[row["file"], str(row["row"]), row["reason"], *(row["cells"].get(name, "") for name in names)]
              for row in rows]  # fmt: skip
    return (line.encode() for line in ["\ufeff", *csv_lines(table)])
