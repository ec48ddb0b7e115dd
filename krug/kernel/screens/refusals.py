"""Turns each no of the house into what the asker can read: a page, a part of a page, or a problem document."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _

from krug.kernel.errors import (
    BadRequest,
    Invalid,
    LinkOver,
    No,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Repeated,
    Stale,
    TooMany,
    WrongMethod,
)
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import way_back
from krug.kernel.screens.door import PUBLIC, asker, door_of, is_signed_in
from krug.kernel.ui import errors
from krug.kernel.ui.pages import wants_part

log = logging.getLogger("krug.refusals")


class Refusals:
    """The middleware that stands around every route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, BadRequest(_("The address holds a character that no address may hold.")))
        told = request.headers.get("X-Forwarded-Host", "")
        if told and not validate_host(split_domain_port(told)[0], settings.ALLOWED_HOSTS):
            return answer(request, BadRequest(_("This request was sent to another name.")))
        response = self.get_response(request)
        if response.status_code == WrongMethod.status and request.path_info.startswith("/api/"):
            refused = problem(
                request, WrongMethod(_("This address does not take %(method)s.") % {"method": request.method})
            )
            refused["Allow"] = response.headers.get("Allow", "")
            return refused
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A route that declares no door is shut."""
        opened = door_of(view)
        if opened and opened != PUBLIC and holds_nul(request):
            return answer(request, BadRequest(_("A text holds a character that no text may hold.")))
        if opened:
            return None
        log.error("undeclared route %s", request.resolver_match.route if request.resolver_match else request.path)
        return answer(request, NotFound(code="UNDECLARED_ROUTE"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Everything that is not a no is a bug and rises."""
        return answer(request, exception) if isinstance(exception, No) else None


def holds_nul(request: HttpRequest) -> bool:
    """Whether a sent form holds the character that the database can not keep; people can not type it."""
    return request.method == "POST" and any("\0" in text for _name, texts in request.POST.lists() for text in texts)


def answer(request: HttpRequest, no: No) -> HttpResponse:
    """The refusal in the form that the asker understands."""
    if isinstance(no, NotAllowed):
        remember(request, no)
    if request.path_info.startswith("/api/"):
        return problem(request, no)
    if isinstance(no, NotSignedIn):
        return sign_in_first(request, no)
    if isinstance(no, NotFound):
        return errors.link_over(request) if isinstance(no, LinkOver) else errors.not_found(request)
    title, icon = words_for(no)
    text = " ".join(str(part) for part in (no.message or _("Nothing was changed."), no.hint) if part)
    code = errors.reference_code(request, logging.WARNING)
    page = errors.error_page(request, no.status, title, text, icon, code=code)
    return told_when(page, no)


def no_such_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere: a page for people, a problem document for programs."""
    return answer(request, NotFound(_("There is no such address.")))


def told_when(response: HttpResponse, no: No) -> HttpResponse:
    """Whoever came too often is told when to come again."""
    if isinstance(no, TooMany):
        response["Retry-After"] = str(no.retry_after)
    return response


def words_for(no: No) -> tuple[str, str]:
    """The heading and the icon of a refusal's page."""
    if isinstance(no, NotAllowed):
        return _("No access"), "lock"
    if isinstance(no, (Stale, Repeated)):
        return _("Somebody else saved first"), "warning"
    if isinstance(no, BadRequest):
        return _("This request could not be read"), "warning"
    return _("This can not be done"), "warning"


def sign_in_first(request: HttpRequest, no: NotSignedIn) -> HttpResponse:
    """A page leads to the sign-in page and back; a part of a page says 401 and the open page asks for the password."""
    if wants_part(request) or is_fetched(request):
        return errors.error_page(request, no.status, _("Your session has ended"), str(no), "lock")
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(way_back(request))}")


def is_fetched(request: HttpRequest) -> bool:
    """Whether a script asked, not a person following a link or sending a form."""
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request") == "true":
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def problem(request: HttpRequest, no: No) -> HttpResponse:
    """The refusal as a problem document for programs."""
    said = JsonResponse(
        problem_of(no),
        status=no.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    return told_when(said, no)


def problem_of(no: No) -> dict[str, Any]:
    """What a problem document says."""
    body: dict[str, Any] = {"status": no.status, "code": no.code, "title": words_for(no)[0], "detail": str(no)}
    if isinstance(no, Invalid):
        body["errors"] = [
            {"field": fault.field, "message": str(fault.message), "code": fault.code} for fault in no.faults
        ]
    elif no.field:
        body["errors"] = [{"field": no.field, "message": str(no), "code": no.code}]
    return body


def remember(request: HttpRequest, no: No) -> None:
    """A refused act stands in the audit record; nothing else of it remains."""
    actor = asker(request) if is_signed_in(request) else None
    audit("refused", actor=actor, object=request.path, refused=True, data={"code": no.code, "method": request.method})
