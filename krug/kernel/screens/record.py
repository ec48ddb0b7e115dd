"""The page of a record, archiving it and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krug.kernel.doors import archive_record, get_visible, restore_record
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import version_of
from krug.kernel.screens.page import open_page
from krug.kernel.screens.undoing import undo_url
from krug.kernel.ui.toasts import toast

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_safe
def record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The record with everything around it."""
    return open_page(request, entity, get_visible(entity, asker(request), pk))


@require_POST
def archive(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Put the record away; one press brings it back."""
    put_away = archive_record(entity, pk, by=asker(request), version=version_of(request.POST.get("version", "")))
    words = _("Put into the archive: %(record)s") % {"record": entity.name_of(put_away)}
    toast(request, words, undo_url=undo_url())
    return go_to(request, local(request, entity.url(pk)))


@require_POST
def restore(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Bring the record back from the archive."""
    brought_back = restore_record(entity, pk, by=asker(request))
    words = _("Brought back: %(record)s") % {"record": entity.name_of(brought_back)}
    toast(request, words, undo_url=undo_url())
    return go_to(request, local(request, entity.url(pk)))
