"""The audit record, for those who watch over safety."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krug.kernel.errors import BadRequest
from krug.kernel.journal.auditing import audited
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render

PAGE = 50


@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """The latest lines first; older ones by the key of the last line."""
    kind, before = request.GET.get("kind", "")[:60], request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise BadRequest()
    found = audited(kind=kind, before=int(before) if before else None, limit=PAGE + 1)
    lines = [
        {
            "id": line.pk,
            "at": formats.moment(timezone.localtime(line.at)),
            "kind": line.kind,
            "who": line.actor.short_name if line.actor else "",
            "address": line.address or "",
            "object": line.object,
            "is_refused": line.is_refused,
            "data": ", ".join(f"{name}: {value}" for name, value in line.data.items()),
        }
        for line in found[:PAGE]
    ]
    more = f"?kind={kind}&before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request, "administration/audit.html", {"lines": lines, "older": more, "kind": kind, "is_first": not before}
    )
