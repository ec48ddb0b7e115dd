"""The door of every route: who may come in is said where the route is made, and an undeclared route refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from krug.kernel.errors import NotSignedIn
from krug.kernel.sight import seen_by

if TYPE_CHECKING:
    from krug.access.models import User

View = Callable[..., HttpResponse]
PUBLIC = "public"
SIGNED_IN = "signed-in"
DECLARED_ELSEWHERE = ("django.views.i18n", "django.views.static", "django.contrib.staticfiles", "ninja.")


def door(permission: str) -> Callable[[View], View]:
    """Open a route to everybody, to the signed-in, or to those with a right such as `deal.change`."""

    def declare(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if permission == PUBLIC:
                return view(request, *args, **kwargs)
            if not is_signed_in(request):
                raise NotSignedIn(_("Sign in to continue. Nothing you typed is lost."))
            with seen_by(asker(request)):
                demand_at(permission, request, kwargs.get("pk"))
                return view(request, *args, **kwargs)

        entered.door = permission  # type: ignore[attr-defined]  # what the route declares
        return entered

    return declare


def door_of(view: Any) -> str:
    """What a route declares, or nothing; libraries that guard their own routes are known by name."""
    declared = getattr(view, "door", "") or getattr(getattr(view, "__func__", None), "door", "")
    if declared:
        return str(declared)
    module = getattr(getattr(view, "func", view), "__module__", "") or ""
    return "its own" if module.startswith(DECLARED_ELSEWHERE) else ""


def asker(request: HttpRequest) -> User:
    """The person behind a request that came through a door."""
    return cast("User", request.user)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a person of ours stands behind this request."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and user.is_active)


def demand_at(permission: str, request: HttpRequest, pk: int | None) -> None:
    """Refuse those without the right; to a stranger of the record the record does not exist at all."""
    from krug.kernel.doors import get_visible
    from krug.kernel.registry import get_entity
    from krug.kernel.visibility import demand, may

    code, _dot, verb = permission.partition(".")
    user = asker(request)
    if not verb or verb == "view" or may(user, code, verb):
        return
    if pk is not None:
        get_visible(get_entity(code), user, pk)
    demand(user, code, verb)
