"""Long exports by the API: how far one's own have come, the file of a ready one, and the stopping of one under way."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.exchange.exporting.files import KINDS, cancel_export, path_of, the_export
from krug.exchange.models import ExportRun
from krug.kernel.api import schemas
from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.registry import get_entity
from krug.kernel.screens.offers import Asked, Operation
from krug.kernel.visibility import demand

MOST = 20
MOMENT = {"type": ["string", "null"], "format": "date-time"}
RUN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": schemas.WHOLE,
        "entity": schemas.TEXT,
        "format": {
            "type": "string",
            "enum": list(KINDS),
            "description": gettext_lazy("The format of the file."),
        },
        "state": {"type": "string", "enum": list(ExportRun.State.values)},
        "done": schemas.WHOLE,
        "total": schemas.WHOLE,
        "size": schemas.WHOLE | {"description": gettext_lazy("The bytes of the file.")},
        "trouble": schemas.TEXT,
        "as_of": MOMENT | {"description": gettext_lazy("The moment as of which the list stands; nothing for today.")},
        "created_at": MOMENT,
        "expires_at": MOMENT | {"description": gettext_lazy("Until when the file is kept.")},
    },
    "required": ["id", "entity", "format", "state", "done", "total", "size", "trouble"],
}
NOTHING: dict[str, Any] = {"type": "object", "additionalProperties": False}


def own_exports(asked: Asked) -> dict[str, Any]:
    """One's own exports, the newest first."""
    return {"results": [_told(run) for run in ExportRun.objects.filter(created_by=asked.reading.user)[:MOST]]}


def read_export(asked: Asked) -> dict[str, Any]:
    """How far an export has come."""
    return _told(_run(asked))


def cancel_one(asked: Asked) -> dict[str, Any]:
    """Ask an export to stop; what it has written is thrown away."""
    for name in asked.sent:
        raise BadRequest(
            _("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80], code="UNKNOWN_FIELD"
        )
    cancel_export(_run(asked))
    return _told(_run(asked))


def file_of_export(asked: Asked) -> FileResponse:
    """The file of a ready export, as long as it is kept."""
    run = _run(asked)
    path = path_of(run)
    if run.state != ExportRun.State.READY or run.expires_at < timezone.now() or not path.exists():
        raise NotFound(_("There is no such file, or it is kept no longer."))
    return FileResponse(path.open("rb"), content_type=KINDS[run.format], as_attachment=True, filename=path.name)


def _run(asked: Asked) -> ExportRun:
    run = the_export(asked.reading.user, asked.number)
    demand(asked.reading.user, get_entity(run.entity).code, "export")
    return run


def _told(run: ExportRun) -> dict[str, Any]:
    names = ("entity", "format", "state", "done", "total", "size", "trouble", "as_of", "created_at", "expires_at")
    return {"id": run.pk, **{name: getattr(run, name) for name in names}}


EXPORTS = (
    Operation("exports/", gettext_lazy("Your long exports"), own_exports, schemas.results(RUN), code="list_exports"),
    Operation("exports/{number}/", gettext_lazy("How far an export has come"), read_export, RUN, code="get_export"),
    Operation(
        "exports/{number}/file/",
        gettext_lazy("The file of a ready export"),
        file_of_export,
        {"type": "string", "format": "binary"},
        code="file_of_export",
        gives_file=True,
    ),
    Operation(
        "exports/{number}/cancel/",
        gettext_lazy("Stop an export"),
        cancel_one,
        RUN,
        method="POST",
        body=lambda _e: NOTHING,
        status=202,
        code="cancel_export",
    ),
)
