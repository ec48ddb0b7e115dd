"""The rows of a table, put together here: fifty rows of eight cells by a macro each take four times as long."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

Row = Mapping[str, Any]


def table_rows(rows: Iterable[Row], columns: Sequence[Row], *, select: str = "", missing: str = "") -> Markup:
    """Rows as the table macro describes them; `missing` is the sign before a value that ought to be there."""
    firsts = escape(" ".join(("first", *(each["align"] for each in columns[:1] if each.get("align") == "whole"))))
    heads = [
        f'<td role="cell" class="{escape(each.get("align", "start"))}" data-label="{escape(each["label"])}"'
        for each in columns
    ]
    said = _("Select the row")
    words = f'<span class="visually-hidden">{escape(said)}</span>'
    tick = f'" form="{escape(select)}" data-select>{words}</label></td>' if select else ""
    return Markup("".join(_row(row, heads, tick, escape(missing), firsts) for row in rows))


def _row(row: Row, heads: list[str], tick: str, missing: str, firsts: str) -> str:
    number, url, (first, *others) = escape(row["id"]), row.get("url"), row["cells"]
    more = f' data-drawer="{escape(row["drawer"])}"' if row.get("drawer") else ""
    more += f' class="{escape(row["mark"])}"' if row.get("mark") else ""
    box = '<td role="cell" class="tick"><label class="check"><input type="checkbox" name="id" value="'
    cells = [f"{head}{_content(cell, missing)}</td>" for head, cell in zip(heads[1:], others, strict=False)]
    head = f'<th scope="row" role="rowheader" class="{firsts}"{_content(first, missing, url, " data-open")}</th>'
    first_cell = f"{box}{number}{tick}" if tick else ""  # added with a plus, what is escaped would escape the box
    return f'<tr role="row" data-row="{number}"{more}>{first_cell}{head}{"".join(cells)}</tr>\n'


def _content(cell: Any, missing: str, url: Any = "", opens: str = "") -> str:
    rich = cell if isinstance(cell, dict) else {"text": cell}
    text, url = rich["text"], url or rich.get("url")
    shown = str(escape(text)) if text not in (None, "") else '<span class="nothing">—</span>'
    if rich.get("tone") == "missing":
        shown = f'<span class="card-stepless">{missing}{shown}</span>'
    elif url and text:
        shown = f'<a href="{escape(url)}"{opens}>{shown}</a>'
    return f' data-edit-url="{escape(rich["edit"])}">{shown}' if rich.get("edit") else f">{shown}"
