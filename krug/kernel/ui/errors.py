"""Pages for what went wrong: what happened, what is safe, what to do, and a reference code."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from krug.kernel.ui.pages import render, wants_part

log = logging.getLogger("krug.pages")
TOKEN = "csrfmiddlewaretoken"
SECRET = {"password", "current", "again", "secret", "token"}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that cannot be read; 413: it is too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        said = _("This is too large: the limit is %(limit)s MB.") % {
            "limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
        }
        text = _("Choose a smaller file or shorten the text, then send it again.")
        return error_page(request, 413, said, text, "warning")
    return error_page(
        request,
        400,
        _("This request could not be read"),
        _("Nothing was changed. Go back, reload the page and try again."),
        "warning",
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403: the person may not do this; also the answer to a form whose token has expired, or 401 with the session."""
    if reason and has_lost_session(request):
        return error_page(
            request, 401, _("Your session has ended"), _("Sign in to continue. Nothing you typed is lost."), "lock"
        )
    if reason:
        return expired(request)
    text = _("Nothing was changed. Your role does not allow it; the administrator of your company can grant it.")
    return error_page(request, 403, _("No access"), text, "lock")


def expired(request: HttpRequest) -> HttpResponse:
    """403: the token of a form is too old; what was typed on a page of ours is kept and sent again with one press.

    A form of another site is only refused: it must not lay words into anybody's mouth.
    """
    text = _("Nothing was changed. The page had been open for too long: go back, open it again and send it once more.")
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if is_ours and wants_part(request):
        response = error_page(request, 403, _("The page had been open for too long"), text, "clock")
        response["X-CSRFToken"] = get_token(request)
        return response
    if not is_ours or not fields or request.FILES or SECRET & set(request.POST):
        return error_page(request, 403, _("The page had been open for too long"), text, "clock")
    return render(request, "errors/expired.html", {"fields": fields}, status=403)


def has_lost_session(request: HttpRequest) -> bool:
    """Whether an open page asks without any cookies left: it will ask for the password and send the same again."""
    person = getattr(request, "user", None)
    return wants_part(request) and not getattr(person, "is_authenticated", False) and request.path != settings.LOGIN_URL


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or nothing that this person may see."""
    text = _("The address is wrong, or the record is not among those you may see.")
    return error_page(request, 404, _("There is no such page"), text, "search")


def link_over(request: HttpRequest) -> HttpResponse:
    """404: a link for one use that was used, has grown old or never existed; all three read the same."""
    text = _(
        "It works once and only for a time. If you have chosen a password already, sign in; if not, ask for a new link."
    )
    return error_page(request, 404, _("This link does not work any more"), text, "link", door=settings.LOGIN_URL)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake, written down under its code."""
    text = _("The error is ours and has been logged. What was saved before is safe; try again in a minute.")
    return error_page(request, 500, _("Something went wrong"), text, "danger", code=reference_code(request))


def too_busy(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: the server has more work than it can do just now."""
    response = error_page(
        request, 503, _("The server is busy"), _("Nothing was changed. Wait a few seconds and try again."), "clock"
    )
    response["Retry-After"] = "5"
    return response


def error_page(
    request: HttpRequest, status: int, title: str, text: str, icon: str, *, code: str = "", door: str = ""
) -> HttpResponse:
    """One shape for all of them: a page, or a banner where only a part was asked for."""
    said = {"title": title, "text": text, "icon": icon, "code": code, "door": door}
    return render(request, "errors/_banner.html" if wants_part(request) else "errors/error.html", said, status=status)


def reference_code(request: HttpRequest, level: int = logging.ERROR) -> str:
    """The code a person reads to support; the log holds it too."""
    code = str(getattr(request, "reference_code", "") or f"{secrets.randbelow(10**8):08d}")
    log.log(level, "reference %s %s %s", code, request.method, request.path)
    return code
