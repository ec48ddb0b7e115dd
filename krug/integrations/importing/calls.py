"""Imports by the API: files in, the plan, the fate of every row; then written, stopped or taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import User
from krug.exchange.importing import running
from krug.exchange.importing.encodings import ENCODINGS
from krug.exchange.importing.guessing import importable
from krug.exchange.importing.opening import MOST_FILES
from krug.exchange.importing.planned import tables_in
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.readings import readings_told, way_called
from krug.exchange.importing.receiving import read_files_as, start_run
from krug.exchange.importing.refused import refused_file
from krug.exchange.importing.tables import SEPARATORS
from krug.exchange.models import ImportRow, ImportRun
from krug.integrations.importing.told_plans import ENCODING, PLAN, SEPARATOR, plan_told
from krug.kernel.api import schemas
from krug.kernel.api.documents import number_in
from krug.kernel.errors import BadRequest
from krug.kernel.links import record_number
from krug.kernel.screens.offers import Asked, Operation
from krug.kernel.visibility import missing

MOST_ROWS = 200
TEXT, WHOLE = schemas.TEXT, schemas.WHOLE
MOMENT = {"type": ["string", "null"], "format": "date-time"}
FILE = TEXT | {"description": gettext_lazy("The name of the file.")}
READING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": FILE,
        "encoding": ENCODING,
        "separator": SEPARATOR,
        "recognised": TEXT | {"description": gettext_lazy("The encoding that was recognised.")},
        "unreadable": WHOLE | {"description": gettext_lazy("How many bytes mean nothing in that encoding.")},
        "lines": {
            "type": "array",
            "items": WHOLE,
            "description": gettext_lazy("The first lines of the file with such bytes."),
        },
    },
    "required": ["file", "encoding", "separator", "recognised", "unreadable", "lines"],
}
FATE = {"type": "string", "enum": list(ImportRow.Fate.values)}
RUN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": WHOLE,
        "state": {"type": "string", "enum": list(ImportRun.State.values)},
        "preset": TEXT,
        "files": {"type": "array", "items": TEXT},
        "plan": {"type": "object", "description": gettext_lazy("What each table is; send it back as you want it.")},
        "done": WHOLE,
        "total": WHOLE,
        "readings": {
            "type": "array",
            "description": gettext_lazy("How each text file is read, and how many bytes in which lines can not be."),
            "items": READING,
        },
        "fates": {
            "type": "object",
            "description": gettext_lazy("How many rows of each table have each fate."),
            "additionalProperties": {"type": "object", "additionalProperties": WHOLE},
        },
        "trouble": TEXT,
        "created_at": MOMENT,
        "finished_at": MOMENT,
    },
    "required": ["id", "state", "preset", "files", "plan", "readings", "done", "total", "fates", "trouble"],
}
ROW: dict[str, Any] = {
    "type": "object",
    "properties": {
        "table": TEXT,
        "number": WHOLE,
        "fate": FATE,
        "id": {"type": ["integer", "null"]},
        "title": TEXT,
        "column": TEXT,
        "reason": TEXT,
        "faults": {
            "type": "array",
            "description": gettext_lazy("All that is wrong with the row; “column” and “reason” are the first of it."),
            "items": {"type": "object", "properties": {"column": TEXT, "reason": TEXT}},
        },
        "changes": {"type": "array"},
    },
    "required": ["table", "number", "fate", "id", "title", "column", "reason"],
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "maxItems": MOST_FILES,
            "description": gettext_lazy("Tables, workbooks, JSON lines, cards, or a zip of several."),
        },
        "preset": {"type": "string", "description": gettext_lazy("A set that is known as a whole.")},
    },
    "required": ["files"],
}
READ: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": FILE,
        "encoding": ENCODING | {"enum": ["", *ENCODINGS]},
        "separator": SEPARATOR | {"enum": ["", *SEPARATORS]},
    },
    "required": ["file"],
    "additionalProperties": False,
}
PLANNED: dict[str, Any] = {"type": "object", "properties": {"plan": PLAN}, "additionalProperties": False}
NOTHING: dict[str, Any] = {"type": "object", "additionalProperties": False}


def begin_import(asked: Asked) -> dict[str, Any]:
    """Keep the files and answer what they are taken for; nothing is written yet."""
    user = asked.reading.user
    if not importable(user):
        raise missing(user, "party", "import")
    _only(asked, ("files", "preset"))
    return _told(start_run(asked.sent["files"], by=user, preset=asked.sent.get("preset", "")))


def own_imports(asked: Asked) -> dict[str, Any]:
    """One's own imports, the newest first."""
    return {"results": [_told(run) for run in running.runs_of(asked.reading.user)]}


def read_import(asked: Asked) -> dict[str, Any]:
    """How far an import has come."""
    return _told(_run(asked))


def plan_import(asked: Asked) -> dict[str, Any]:
    """Have an import checked by this plan, or by the one that was guessed."""
    _only(asked, ("plan",))
    user, run = asked.reading.user, _run(asked)
    plan = plan_from(run.plan)
    if run.plan and "plan" in asked.sent:
        plan = plan_told(asked.sent["plan"], plan, tables_in(running.folder_of(run), run.files, plan), user)
    return _told(running.plan_run(run, plan, by=user))


def read_files(asked: Asked) -> dict[str, Any]:
    """Read one text file of an import another way; the answer holds the plan guessed anew."""
    _only(asked, ("file", "encoding", "separator"))
    told = {name: asked.sent.get(name, "") for name in ("file", "encoding", "separator")}
    for name, value in told.items():
        if not isinstance(value, str):
            raise BadRequest(_("“%(name)s” is missing or can not be read.") % {"name": name}, field=name)
    way = way_called(told["encoding"], told["separator"])
    return _told(read_files_as(_run(asked), {told["file"]: way}, by=asked.reading.user))


def rows_of_import(asked: Asked) -> dict[str, Any]:
    """What became of the rows, or what will become of them, page by page."""
    run = _run(asked)
    limit = number_in(asked.parameters.get("limit", ""), "limit", most=MOST_ROWS, usual=50)
    fate, after = asked.parameters.get("fate", ""), asked.parameters.get("after", "")
    if fate and fate not in ImportRow.Fate.values:
        raise BadRequest(_("Choose one of the list."), field="fate", code="NOT_A_CHOICE")
    rows = run.rows.filter(**({"fate": fate} if fate else {})).order_by("fate", "table", "number")
    if after:
        last = run.rows.filter(pk=record_number(after) or 0).first()
        if last is None:
            raise BadRequest(_("“%(name)s” is missing or can not be read.") % {"name": "after"}, field="after")
        here = Q(fate=last.fate, table=last.table, number__gt=last.number)
        rows = rows.filter(here | Q(fate=last.fate, table__gt=last.table) | Q(fate__gt=last.fate))
    found = list(rows[: limit + 1])
    tables = [table.table for table in plan_from(run.plan).tables]
    return {
        "results": [_row(row, tables) for row in found[:limit]],
        "next": str(found[limit - 1].pk) if len(found) > limit else None,
    }


def refused_rows(asked: Asked) -> StreamingHttpResponse:
    """The rows that were not taken, as a file of the same kind with the reasons."""
    name, kind, blocks = refused_file(_run(asked))
    response = StreamingHttpResponse(blocks, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write_import(asked: Asked) -> dict[str, Any]:
    """Have a checked import written by a job."""
    return _told(running.write_run(_acting(asked), by=asked.reading.user))


def cancel_import(asked: Asked) -> dict[str, Any]:
    """Ask a running import to stop."""
    running.cancel_run(_acting(asked))
    return _told(_run(asked))


def check_import_again(asked: Asked) -> dict[str, Any]:
    """Check the files of an import that ended before its time once more."""
    return _told(running.check_again(_acting(asked), by=asked.reading.user))


def undo_import(asked: Asked) -> dict[str, Any]:
    """Have all that an import wrote taken back by a job."""
    return _told(running.undo_run(_acting(asked), by=asked.reading.user))


def _run(asked: Asked) -> ImportRun:
    user: User = asked.reading.user
    return running.the_run(user, asked.number)


def _acting(asked: Asked) -> ImportRun:
    _only(asked, ())
    return _run(asked)


def _only(asked: Asked, names: tuple[str, ...]) -> None:
    for name in asked.sent:
        if name not in names:
            raise BadRequest(
                _("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80], code="UNKNOWN_FIELD"
            )


def _told(run: ImportRun) -> dict[str, Any]:
    counted, plan = run.findings.get("tables", {}), plan_from(run.plan)
    return {
        "id": run.pk,
        "state": run.state,
        "preset": run.preset or plan.preset,
        "files": list(run.files),
        "plan": run.plan,
        "readings": readings_told(run.files, plan),
        "done": run.done,
        "total": run.total,
        "fates": {table.table: counted.get(str(place), {}) for place, table in enumerate(plan.tables) if table.entity},
        "trouble": run.trouble,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }


def _row(row: ImportRow, tables: list[str]) -> dict[str, Any]:
    first = row.told["faults"][0] if row.told["faults"] else {"column": "", "reason": ""}
    return {
        "table": tables[row.table],
        "number": row.number,
        "fate": row.fate,
        "id": row.record_id,
        **first,
        **row.told,
    }


def _act(
    word: str, summary: Any, act: Callable[[Asked], Any], body: dict[str, Any] = NOTHING, *, status: int = 202
) -> Operation:
    path = f"imports/{{number}}/{word}/"
    return Operation(path, summary, act, RUN, method="POST", body=lambda _e: body, status=status, code=f"{word}_import")


IMPORTS = (
    Operation("imports/", gettext_lazy("Your imports"), own_imports, schemas.results(RUN), code="list_imports"),
    Operation(
        "imports/",
        gettext_lazy("Take files in; nothing is written before you say so"),
        begin_import,
        RUN,
        method="POST",
        body=lambda _e: FORM,
        status=201,
        code="begin_import",
        takes_files=True,
    ),
    Operation("imports/{number}/", gettext_lazy("How far an import has come"), read_import, RUN, code="get_import"),
    Operation(
        "imports/{number}/rows/",
        gettext_lazy("The fate of each row"),
        rows_of_import,
        schemas.results(ROW, next={"type": ["string", "null"]}),
        parameters={
            "fate": FATE,
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 50},
            "after": {"type": "string", "description": gettext_lazy("A cursor out of “next”.")},
        },
        code="rows_of_import",
    ),
    Operation(
        "imports/{number}/refused/",
        gettext_lazy("The refused rows as a file, with the reasons"),
        refused_rows,
        {"type": "string", "format": "binary"},
        code="refused_rows_of_import",
        gives_file=True,
    ),
    _act("plan", gettext_lazy("Check an import by a plan"), plan_import, PLANNED),
    _act("read", gettext_lazy("Read a text file of an import in another encoding"), read_files, READ, status=200),
    _act("write", gettext_lazy("Write a checked import"), write_import),
    _act("cancel", gettext_lazy("Stop an import"), cancel_import),
    _act("again", gettext_lazy("Check an import again that ended early"), check_import_again),
    _act("undo", gettext_lazy("Take an import back"), undo_import),
)
