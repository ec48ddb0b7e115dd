"""Pinning the shown view in the navigation, and making it the first of a role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.errors import Refusal
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import list_url
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui.toasts import toast
from krug.lists.actions.pins import pin_view, roles_to_choose, set_first_view, unpin_view
from krug.lists.screens.panel import entity_called


@door(SIGNED_IN)
@require_POST
def pin_page(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Pin the view under its list, or take it down, and stay at the list."""
    entity, user = entity_called(plural), asker(request)
    if request.POST.get("deed") == "unpin":
        unpin_view(entity, key, by=user)
        toast(request, _("The view is no longer pinned."))
    else:
        toast(request, _("Pinned: %(name)s") % {"name": pin_view(entity, key, by=user).name})
    return _back(request, plural)


@door(SIGNED_IN)
@require_POST
def first_page(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Let the list begin with this view for a role, or for nobody."""
    entity, user = entity_called(plural), asker(request)
    wanted = request.POST.get("role", "")
    role = next((role for role in roles_to_choose(user) if str(role.pk) == wanted), None)
    if wanted and role is None:
        raise Refusal(_("There is no such role."), field="role", code="NO_SUCH_ROLE")
    view = set_first_view(entity, key, role, by=user)
    words = _("“%(view)s” opens first for: %(role)s") if role else _("“%(view)s” opens first for nobody.")
    toast(request, words % {"view": view.name, "role": str(role or "")})
    return _back(request, plural)


def _back(request: HttpRequest, plural: str) -> HttpResponse:
    entity = entity_called(plural)
    return go_to(request, list_url(entity, asked_state(entity, asker(request), request.GET)))
