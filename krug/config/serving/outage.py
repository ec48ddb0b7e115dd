"""When the database does not answer, everybody is told so at once, without asking the database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from krug.config.serving.plain_page import POLICY, page
from krug.kernel.ui import errors

RETRY_AFTER = "5"


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
        safe, todo = _("Nothing was changed."), _("Wait a few seconds and try again.")
        href = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        label = _("Try again") if href != "/" else _("To my day")
        response = HttpResponse(page(title, safe, todo, href=href, label=label), status=503)
        response["Content-Security-Policy"] = POLICY
    response["Retry-After"] = RETRY_AFTER
    return response
