"""The rows of a table, put together here: fifty rows of eight cells by a macro each take four times as long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

NOTHING = '<span class="nothing">—</span>'
Row = Mapping[str, Any]


def table_rows(rows: Iterable[Row], columns: Sequence[Row], *, select: str = "", missing: str = "") -> Markup:
    """Rows as the table macro describes them; `missing` is the sign before a value that ought to be there."""
    heads = [
        f'<td role="cell" class="{escape(column.get("align", "start"))}" data-label="{escape(column["label"])}"'
        for column in columns
    ]
    tick = (
        f'" form="{escape(select)}" data-select><span class="visually-hidden">{escape(_("Select"))}</span></label></td>'
        if select
        else ""
    )
    sign = f'<span class="card-stepless">{escape(missing)}'
    return Markup("".join(part for row in rows for part in _row(row, heads, tick, sign)))


def _row(row: Row, heads: list[str], tick: str, sign: str) -> Iterable[str]:
    yield f'<tr role="row" data-row="{escape(row["id"])}"'
    if drawer := row.get("drawer"):
        yield f' data-drawer="{escape(drawer)}"'
    if mark := row.get("mark"):
        yield f' class="{escape(mark)}"'
    yield ">"
    if tick:
        yield '<td role="cell" class="tick"><label class="check"><input type="checkbox" name="id"'
        yield f' value="{escape(row["id"])}{tick}'
    first, *others = row["cells"]
    yield '<th scope="row" role="rowheader" class="first"'
    yield from _content(first, row.get("url"), '" data-open>', sign)
    yield "</th>"
    for cell, head in zip(others, heads[1:], strict=False):
        yield head
        yield from _content(cell, cell.get("url") if isinstance(cell, dict) else "", '">', sign)
        yield "</td>"
    yield "</tr>\n"


def _content(cell: Any, url: Any, linked: str, sign: str) -> Iterable[str]:
    is_rich = isinstance(cell, dict)
    text = cell["text"] if is_rich else cell
    if is_rich and (edit := cell.get("edit")):
        yield f' data-edit-url="{escape(edit)}"'
    yield ">"
    if text is None or text == "":
        yield NOTHING
    elif is_rich and cell.get("tone") == "missing":
        yield f"{sign}{escape(text)}</span>"
    elif url:
        yield f'<a href="{escape(url)}{linked}{escape(text)}</a>'
    else:
        yield escape(text)
