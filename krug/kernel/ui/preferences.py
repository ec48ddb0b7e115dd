"""The look a person chose: language, theme, density, keys, folded menu."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from krug.kernel.screens.door import PUBLIC, door
from krug.kernel.ui.frame import CHOICES

YEAR = 365 * 24 * 3600
FIELDS = {"language": "language", "theme": "theme", "density": "density", "keys": "has_shortcuts"}


@door(PUBLIC)
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, with the user and in this browser, and return to the same page."""
    response = back(request)
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value not in allowed:
            continue
        keep_with_user(request, name, value)
        cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
        secure = getattr(settings, "LANGUAGE_COOKIE_SECURE", False)
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def keep_with_user(request: HttpRequest, name: str, value: str) -> None:
    """Write the choice to the signed-in person, where the choice is theirs and not the browser's."""
    user = getattr(request, "user", None)
    column = FIELDS.get(name)
    if user is None or not user.is_authenticated or column is None or not hasattr(user, column):
        return
    setattr(user, column, value == "on" if name == "keys" else value)
    user.save(update_fields=[column])


def back(request: HttpRequest) -> HttpResponse:
    """To the page the person was on; never to a foreign address."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) and urlsplit(
        wanted
    ).path.startswith("/")
    return HttpResponseRedirect(wanted if safe else "/")
