"""When the database does not answer, everybody is told so at once, without asking the database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krug.kernel.ui import errors

RETRY_AFTER = "5"
PAGE = '<!doctype html><html lang="{}"><meta charset="utf-8"><title>{}</title><h1>{}</h1><p>{}</p></html>'


def broken(request: HttpRequest) -> HttpResponse:
    """What people see when something was raised: an outage passes, everything else is our mistake."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return errors.broken(request)
    title = _("The database does not answer just now")
    text = _("Nothing was changed. Wait a few seconds and try again.")
    response: HttpResponse
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": 503, "code": "UNAVAILABLE", "detail": text}
        response = JsonResponse(problem, status=503, content_type="application/problem+json")
    else:
        response = HttpResponse(format_html(PAGE, get_language(), title, title, text), status=503)
    response["Retry-After"] = RETRY_AFTER
    return response
