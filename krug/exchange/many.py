"""Many records by one call of the API: made or changed row by row with a fate for each, or all that a filter finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.kernel import doors, writing
from krug.kernel.api import schemas
from krug.kernel.errors import BadRequest, No, Refusal
from krug.kernel.journal.recording import begin_act, last_act
from krug.kernel.journal.runs import begin_undo, cancel, the_run
from krug.kernel.links import record_number
from krug.kernel.listing.bulk import MOST_TICKED, Deed, Selection, start
from krug.kernel.listing.filters import conditions_in, read_tree
from krug.kernel.models import ChangeRun
from krug.kernel.screens.offers import Asked, Operation, every_type
from krug.kernel.screens.refusals import problem_of
from krug.kernel.sight import demand_fillable, demand_writable, seen_by
from krug.kernel.visibility import demand

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

MOST_ROWS = 200
KEYS = ("id", "version")
FATE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "id": {"type": ["integer", "null"]},
        "version": {"type": ["integer", "null"]},
        "problem": schemas.PROBLEM,
    },
    "required": ["status", "id"],
}
RUN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "kind": {"type": "string"},
        "entity": {"type": "string"},
        "state": {"type": "string", "enum": list(ChangeRun.State.values)},
        "total": {"type": "integer"},
        "done": {"type": "integer"},
        "changed": {"type": "integer"},
        "skipped": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "reason": {"type": "string"},
                    "count": {"type": "integer"},
                    "first": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "trouble": {"type": "string"},
    },
    "required": ["id", "kind", "state", "total", "done", "changed", "skipped"],
}
SELECTED: dict[str, Any] = {
    "ids": {"type": "array", "items": schemas.NUMBER, "maxItems": MOST_TICKED},
    "filter": {"type": "object", "description": gettext_lazy("A condition tree; what it finds is meant.")},
    "q": {"type": "string", "maxLength": 200},
}


def rows_schema(entity: Entity | None) -> dict[str, Any]:
    """Rows to make, or to change when they name their record."""
    assert entity is not None
    row = schemas.input_schema(entity, whole=False)
    row = {**row, "properties": {"id": schemas.NUMBER, "version": {"type": "integer"}, **row["properties"]}}
    return {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": row, "minItems": 1, "maxItems": MOST_ROWS}},
        "required": ["rows"],
        "additionalProperties": False,
    }


def deed_schema(entity: Entity | None) -> dict[str, Any]:
    """What is to become of the records that are meant."""
    assert entity is not None
    acts = ["change", "archive", *(verb.name for verb in entity.verbs if verb.bulk)]
    values = {"type": "object", "description": gettext_lazy("The new values of fields, for “change”.")}
    return {
        "type": "object",
        "properties": {"act": {"type": "string", "enum": acts}, "values": values, **SELECTED},
        "required": ["act"],
        "additionalProperties": False,
    }


def write_rows(asked: Asked) -> dict[str, Any]:
    """Each row is made or changed by itself; what is refused leaves the others alone, and all of it is one act."""
    entity, user = _type(asked), asked.reading.user
    _known(asked.sent, ("rows",))
    rows = asked.sent.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        raise BadRequest(_("Give from 1 to %(most)s rows.") % {"most": MOST_ROWS}, field="rows", code="ROWS")
    if alien := next((place for place, row in enumerate(rows, start=1) if not isinstance(row, dict)), 0):
        said = _("Row %(number)s is not an object with fields and their values. Nothing was written.")
        raise Refusal(said % {"number": alien}, field="rows", code="ROW_NOT_AN_OBJECT")
    if any("id" not in row for row in rows):
        demand(user, entity.code, "create")
    if any("id" in row for row in rows):
        demand(user, entity.code, "change")
    with transaction.atomic():
        begin_act(user, f"{entity.code}.change" if all("id" in row for row in rows) else f"{entity.code}.create")
        # In the order of their records, so that two calls never wait for each other in a ring.
        order = sorted(range(len(rows)), key=lambda place: record_number(rows[place].get("id")) or 0)
        done = {place: _fate(entity, asked, rows[place]) for place in order}
        fates = [done[place] for place in range(len(rows))]
    act = str(last_act() or "") if any(fate["status"] < 400 for fate in fates) else ""
    return {"results": fates, "act": act}


def start_run(asked: Asked) -> dict[str, Any]:
    """The records that a filter finds, or that are named, are changed by a job; the answer tells where to look."""
    entity, sent = _type(asked), asked.sent
    _known(sent, ("act", "values", *SELECTED))
    act, values, ids, q = sent.get("act", ""), sent.get("values", {}), sent.get("ids"), sent.get("q", "")
    if not isinstance(act, str) or not isinstance(values, dict) or not isinstance(q, str):
        raise BadRequest(_("This request could not be read."), field="act", code="ACT")
    if ids is not None and (not isinstance(ids, list) or not all(record_number(each) for each in ids)):
        raise BadRequest(_("Give the numbers of the records."), field="ids", code="IDS")
    if (ids is None) == ("filter" not in sent and not q.strip()):
        raise BadRequest(_("Name either the records or a filter."), field="ids", code="SELECTION")
    tree = read_tree(sent["filter"]) if "filter" in sent else None
    if ids is None and not q.strip() and not (tree and any(True for _one in conditions_in(tree))):
        raise BadRequest(_("Name either the records or a filter."), field="filter", code="SELECTION")
    kept = tree.to_json() if tree else None
    selection = Selection(tuple(ids or ()), is_all=ids is None, tree=kept, q=q.strip()[:200])
    kind = {"change": "edit", "archive": "archive"}.get(act, "verb")
    deed = Deed(kind, values if kind == "edit" else {}, act if kind == "verb" else "")
    return _told(start(entity, selection, deed, asked.reading))


def read_run(asked: Asked) -> dict[str, Any]:
    """How far a run of one's own has come."""
    return _told(the_run(asked.number, asked.reading.user))


def cancel_run(asked: Asked) -> dict[str, Any]:
    """Stop a run; what is done stays and can be taken back."""
    run = the_run(asked.number, asked.reading.user)
    cancel(run)
    return _told(run)


def undo_run(asked: Asked) -> dict[str, Any]:
    """Have all of a run taken back; the answer is the run that does it."""
    return _told(begin_undo(the_run(asked.number, asked.reading.user), by=asked.reading.user))


def _fate(entity: Entity, asked: Asked, row: dict[str, Any]) -> dict[str, Any]:
    """What became of one row."""
    pk = row.get("id")
    values = {name: value for name, value in row.items() if name not in KEYS}
    try:
        with transaction.atomic():
            read = writing.read_values(entity, values, asked.reading, whole=pk is None)
            written = _written(entity, asked, row, read)
            written.refresh_from_db(fields=["version"])
    except No as no:
        return {"status": no.status, "id": record_number(pk), "problem": problem_of(no)}
    except (IntegrityError, DataError):
        refused = Refusal(_("A rule of these records forbids it"), code="CONSTRAINT")
        return {"status": refused.status, "id": record_number(pk), "problem": problem_of(refused)}
    return {"status": 201 if pk is None else 200, "id": written.pk, "version": written.version}


def _written(entity: Entity, asked: Asked, row: dict[str, Any], values: dict[str, Any]) -> Any:
    user = asked.reading.user
    demand_writable(entity, values, user)
    if "id" not in row:
        demand_fillable(entity, user)
    with seen_by(None):
        if "id" not in row:
            return writing.make(entity, values, by=user)
        record = doors.get_visible(entity, user, row["id"], lock=True)
        version = row.get("version")
        doors.must_be(record, version if isinstance(version, int) else None)
        return writing.alter(entity, record, values, by=user)


def _told(run: ChangeRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "kind": run.kind,
        "entity": run.entity,
        "state": run.state,
        "total": run.total,
        "done": run.done,
        "changed": run.changed,
        "skipped": [{"reason": reason, **told} for reason, told in run.skipped.items()],
        "trouble": run.trouble,
    }


def _type(asked: Asked) -> Entity:
    assert asked.entity is not None
    return asked.entity


def _known(sent: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in sent:
        if name not in names:
            raise BadRequest(
                _("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80], code="UNKNOWN_FIELD"
            )


def _of_run(word: str, summary: Any, act: Callable[[Asked], dict[str, Any]], method: str = "POST") -> Operation:
    path = f"runs/{{number}}/{word}/" if word else "runs/{number}/"
    return Operation(path, summary, act, RUN, method=method, code=f"{word or 'get'}_run")


BULK = (
    Operation(
        "rows/",
        gettext_lazy("Make or change many, row by row"),
        write_rows,
        schemas.results(FATE, act={"type": "string", "description": gettext_lazy("For undo: /acts/{act}/undo/.")}),
        method="POST",
        body=rows_schema,
        fits=every_type,
        code="rows",
    ),
    Operation(
        "runs/",
        gettext_lazy("Change all that a filter finds"),
        start_run,
        RUN,
        method="POST",
        body=deed_schema,
        status=202,
        fits=every_type,
        code="bulk",
    ),
    _of_run("", gettext_lazy("How far a run has come"), read_run, "GET"),
    _of_run("cancel", gettext_lazy("Stop a run"), cancel_run),
    _of_run("undo", gettext_lazy("Undo a run"), undo_run),
)
