"""A list as a file: the same rows and columns as on the screen, with the rights of whoever asks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from krug.exchange.exporting.files import (
    KINDS,
    Wanted,
    cancel_export,
    is_long,
    kind_called,
    path_of,
    start_export,
    the_export,
    write_file,
)
from krug.exchange.exporting.lines import export_csv
from krug.exchange.models import ExportRun
from krug.kernel.errors import NotFound
from krug.kernel.journal.auditing import audit
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import filter_text
from krug.kernel.moment import PARAMETER, looking_back
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.as_of import as_asked
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.screens.offers import Link
from krug.kernel.ui.pages import render
from krug.kernel.visibility import demand, may

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.listing.state import ListState

OFFERED = ("xlsx", "csv", "ods", "jsonl")


@require_safe
def export_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """The list that the address names, as a file; a long one is written by a job; who took it is audited."""
    user, reading = asker(request), reading_of(request)
    kind = kind_called(request.GET.get("format", "csv"))
    sent = request.GET.copy()
    sent.pop("format", None)
    wanted = Wanted(entity, asked_state(entity, user, sent), reading)
    demand(user, entity.code, "export")
    audit(
        "export",
        actor=user,
        address=request.META.get("REMOTE_ADDR"),
        object=entity.code,
        data={"filter": filter_text(wanted.state.tree), "q": wanted.state.q, "format": kind},
    )
    if request.GET.get(PARAMETER):
        return _of_the_past(request, wanted, kind, sent)
    if kind != "csv" and is_long(wanted):
        run = start_export(wanted, kind, query=sent.urlencode())
        return go_to(request, f"/exports/{run.pk}/")
    name = f"{entity.plural_url}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "csv":
        lines = export_csv(entity, wanted.rows(), user, language=reading.language, columns=wanted.columns)
        return _sent(StreamingHttpResponse((line.encode() for line in lines), content_type=KINDS[kind]), name)
    return _whole(wanted, kind, name)


def _whole(wanted: Wanted, kind: str, name: str) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write_file(path, kind, wanted)
        return _sent(HttpResponse(path.read_bytes(), content_type=KINDS[kind]), name)


def _of_the_past(request: HttpRequest, wanted: Wanted, kind: str, sent: QueryDict) -> HttpResponse:
    """The rows as they stood then; a long list is written by a job, which looks back as the page did."""
    with as_asked(request, wanted.entity):
        looking = looking_back()
        at = looking.at if looking else None
        if not is_long(wanted):
            day = timezone.localtime(at)
            return _whole(wanted, kind, f"{wanted.entity.plural_url}-as-of-{day:%Y-%m-%d}.{kind}")
    sent.pop(PARAMETER)
    return go_to(request, f"/exports/{start_export(wanted, kind, query=sent.urlencode(), as_of=at).pk}/")


def export_links(entity: Entity, state: ListState, user: User) -> list[Link]:
    """The list as a file in each format, for whoever may take it."""
    if not may(user, entity.code, "export"):
        return []
    url = f"{entity.url()}export/?{state.query()}"
    return [Link("JSON" if kind == "jsonl" else kind.upper(), f"{url}&format={kind}", "export") for kind in OFFERED]


def _sent(response: HttpResponse | StreamingHttpResponse | FileResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # a stream is an answer too


@door(SIGNED_IN)
@require_safe
def export_run(request: HttpRequest, number: int) -> HttpResponse:
    """One long export: it is followed while it is written, then taken."""
    run = the_export(asker(request), number)
    context = {
        "run": run,
        "url": f"/exports/{run.pk}/",
        "label": get_entity(run.entity).plural,
        "list_url": get_entity(run.entity).url(),
        "expires_at": timezone.localtime(run.expires_at),
        "as_of": timezone.localtime(run.as_of) if run.as_of else None,
        "share": round(100 * run.done / run.total) if run.total else None,
        "tone": {"ready": "success", "failed": "danger", "cancelled": "warning"}.get(run.state, "neutral"),
    }
    return render(request, "exchange/export_run.html", context)


@door(SIGNED_IN)
@require_safe
def export_file(request: HttpRequest, number: int) -> HttpResponse:
    """The file of a finished export, for the one who asked for it, as long as it is kept."""
    run = the_export(asker(request), number)
    path = path_of(run)
    if run.state != ExportRun.State.READY or not path.exists() or run.expires_at < timezone.now():
        raise NotFound
    entity = get_entity(run.entity)
    demand(asker(request), entity.code, "export")
    name = f"{entity.plural_url}-{timezone.localtime(run.created_at):%Y-%m-%d}.{run.format}"
    return _sent(FileResponse(path.open("rb"), content_type=KINDS[run.format]), name)


@door(SIGNED_IN)
@require_POST
def export_cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop an export that is under way."""
    cancel_export(the_export(asker(request), number))
    return go_to(request, f"/exports/{number}/")
