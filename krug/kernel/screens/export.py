"""A list as a file: the same rows and columns as on the screen, with the rights of whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from krug.kernel.exchange.exporting import export_csv
from krug.kernel.journal.auditing import audit
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import filter_text, read_state
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import asker

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_safe
def export_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """The list that the address names, as CSV for a spreadsheet; who took it stands in the audit record."""
    user, reading = asker(request), reading_of(request)
    state = read_state(entity, request.GET)
    rows = rows_matching(entity, state, reading)
    lines = export_csv(entity, rows, user, language=reading.language, columns=state.shown_columns(entity))
    audit(
        "export",
        actor=user,
        address=request.META.get("REMOTE_ADDR"),
        object=entity.code,
        data={"filter": filter_text(state.tree), "q": state.q},
    )
    name = f"{entity.plural_url}-{timezone.localdate():%Y-%m-%d}.csv"
    response = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # a stream is an answer too
