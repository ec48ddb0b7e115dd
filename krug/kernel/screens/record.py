"""The page of a record, archiving it and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krug.kernel.doors import archive_record, get_visible, restore_record
from krug.kernel.journal.undo import DAYS
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import version_of
from krug.kernel.screens.page import open_page
from krug.kernel.screens.related import references_to
from krug.kernel.screens.undoing import undo_url
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_safe
def record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The record with everything around it."""
    return open_page(request, entity, get_visible(entity, asker(request), pk))


@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """What refers to the record; then put it away, and one press brings it back."""
    if request.method == "GET":
        user = asker(request)
        found = get_visible(entity, user, pk)
        context = {
            "entity": entity,
            "record": found,
            "name": entity.name_of(found),
            "version": getattr(found, "version", ""),
            "references": references_to(entity, found, user),
            "days": DAYS,
        }
        return render(request, "kernel/archive.html", context)
    put_away = archive_record(entity, pk, by=asker(request), version=version_of(request.POST.get("version", "")))
    words = _("Put into the archive: %(record)s") % {"record": entity.name_of(put_away)}
    toast(request, words, undo_url=undo_url())
    return go_to(request, local(request, entity.url(pk)))


@require_POST
def restore(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Bring the record back from the archive."""
    brought_back = restore_record(entity, pk, by=asker(request))
    words = _("Restored: %(record)s") % {"record": entity.name_of(brought_back)}
    toast(request, words, undo_url=undo_url())
    return go_to(request, local(request, entity.url(pk)))
