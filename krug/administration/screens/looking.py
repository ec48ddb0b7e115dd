"""View as: the buttons that begin and end it, and what stands around every page meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.access.models import User
from krug.administration.actions.looking import Look, begin_looking, end_looking, look_in
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui import errors
from krug.kernel.ui.pages import rendered, wants_part
from krug.kernel.ui.toasts import toast

KEPT = "looking"
END = "/looking/end/"
OUT = "/sign-out/"
CLOSED = ("/me/", "/drafts/", "/settings/tokens/", "/sign-in/", "/join/", "/exports/", "/import/", "/journal/")
CLOSED_ENDS = ("/export/",)
OPEN = ("/static/", "/api/", "/healthz", "/readyz")
Answer = Callable[[HttpRequest], HttpResponse]


@require_POST
def begin(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """From the page of a person or role into what is seen there; forms opened before are worth nothing any more."""
    user = asker(request)
    request.session[KEPT] = begin_looking(get_visible(entity, user, pk), by=user)
    rotate_token(request)
    return HttpResponseRedirect("/")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes, and to the page from which one looked."""
    kept = request.session.get(KEPT)
    if kept is None:
        return go_to(request, "/")
    stop(request, asker(request))
    return HttpResponseRedirect(f"/{kept['kind']}s/{kept['id']}/")


def stop(request: HttpRequest, by: User) -> None:
    """The session is its owner's again, and every form that was open meanwhile is worth nothing."""
    end_looking(request.session.pop(KEPT), by=by)
    rotate_token(request)


def with_eyes(request: HttpRequest, person: User, get_response: Answer) -> HttpResponse:
    """Answer as usual, or, while somebody looks as another, with what the other sees; nothing is left behind."""
    kept = request.session.get(KEPT)
    path = request.path_info
    if kept is None or path == END or path.startswith(OPEN):
        return get_response(request)
    if path == OUT:
        if request.method == "POST":
            stop(request, person)
        return get_response(request)
    look = look_in(kept, person)
    if look is None:
        return _over(request, person)
    request.user = look.eyes
    if not wants_part(request):
        request.notice = rendered(  # type: ignore[attr-defined]  # what the frame prints over the page
            request, "administration/_looking.html", {"name": look.name, "is_role": look.is_role, "end_url": END}
        )
    if request.method not in ("GET", "HEAD") or path.startswith(CLOSED) or path.endswith(CLOSED_ENDS):
        return _refused(request, person, look)
    with transaction.atomic():
        response = get_response(request)
        transaction.set_rollback(True)
    return response


def _over(request: HttpRequest, person: User) -> HttpResponse:
    """The time is over, or the right gone: nothing that was sent meanwhile is done in the looker's own name."""
    stop(request, person)
    toast(request, _("You see with your own eyes again."))
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect("/")
    return errors.error_page(request, 403, _("Viewing is over"), _("Nothing was changed."), "clock")


def _refused(request: HttpRequest, person: User, look: Look) -> HttpResponse:
    audit("refused", actor=person, object=request.path, refused=True, data={"code": "ONLY_LOOKING"})
    if request.method in ("GET", "HEAD"):
        text = _("This page is personal: it is not shown to somebody who looks as “%(name)s”.") % {"name": look.name}
    else:
        text = _("You are looking as “%(name)s” and can change nothing. Nothing was changed.") % {"name": look.name}
    return errors.error_page(request, 403, _("Only for looking"), text, "lock")
