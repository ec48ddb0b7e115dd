"""Saving, changing, sharing and dropping a named list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.controls import reading_of
from krug.kernel.ui.toasts import toast
from krug.lists.actions.views import change_view, delete_view, save_view, share_view

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_POST
def keep_view(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Keep the list that the address shows under a new name."""
    user = reading_of(request).user
    view = save_view(
        entity, user, _shown(request, entity), name=request.POST.get("name", ""), shared=request.POST.get("shared", "")
    )
    toast(request, _("View saved: %(name)s") % {"name": view.name})
    return go_to(request, list_url(entity, ListState(saved=str(view.pk))))


@require_POST
def alter_view(request: HttpRequest, entity: Entity, key: str) -> HttpResponse:
    """Save the shown list into the view, share it, or drop it, as the pressed button says."""
    user, deed = reading_of(request).user, request.POST.get("deed", "save")
    if deed == "delete":
        toast(request, _("View deleted: %(name)s") % {"name": delete_view(entity, user, key)})
        return go_to(request, list_url(entity, ListState(saved="all")))
    if deed == "share":
        view = share_view(entity, user, key, request.POST.get("shared", ""))
    else:
        view = change_view(entity, user, key, _shown(request, entity))
    toast(request, _("View saved: %(name)s") % {"name": view.name})
    return go_to(request, list_url(entity, ListState(saved=key)))


def _shown(request: HttpRequest, entity: Entity) -> ListState:
    return asked_state(entity, reading_of(request).user, request.GET)
