"""Uploading a file into a field, and handing its bytes out to whoever sees the record."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from krug.access.models import User
from krug.documents.actions.stored import MOST_MB, path_of, store_file
from krug.documents.entities.stored import FILE
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.errors import NotFound, Refusal
from krug.kernel.phrases import new_of
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand


@require_http_methods(["GET", "POST"])
def new_file(request: HttpRequest, entity: Entity = FILE) -> HttpResponse:
    """Choose a file; then the form from which one came goes on with it."""
    demand(asker(request), entity.code, "create")
    sent = request.POST if request.method == "POST" else request.GET
    errors: dict[str, str] = {}
    back, into = local(request, entity.url()), sent.get("into", "")
    if request.method == "POST":
        try:
            made = store_file(request.FILES.get("file"), by=asker(request))
        except Refusal as no:
            errors = {no.field or "": str(no)}
        else:
            toast(request, _("File uploaded: %(file)s") % {"file": made.name})
            name = into if into[1:].isdecimal() else ""
            return go_to(request, f"{back}{'&' if '?' in back else '?'}{urlencode({name: made.pk})}" if name else back)
    context = {
        "errors": errors,
        "back": back,
        "into": into,
        "most": MOST_MB,
        "action": f"{entity.url()}new/",
        "crumbs": ((str(entity.plural), entity.url()), (new_of(entity), "")),
    }
    return render(request, "documents/new_file.html", context, status=422 if errors else 200)


def download_panel(file: Any, _user: User) -> dict[str, Any]:
    """The way to the bytes, on the page of the file."""
    return {"url": f"{FILE.url(file.pk)}bytes/"}


@require_safe
def file_bytes(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes, always to be saved and never to be run by the browser."""
    return bytes_of(pk, asker(request))


def bytes_of(pk: int, user: User) -> HttpResponse:
    """The bytes of a file that this person sees, as people and programs get them."""
    found = get_visible(FILE, user, pk)
    path = path_of(found.key)
    if not path.is_file():
        raise NotFound(_("The contents of this file are missing from the disk."))
    answer = FileResponse(path.open("rb"), content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]  # a stream is an answer too
