"""Stands at every door: notes where a request comes from, whose session it is, and in which language to answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from krug.access.models import User
from krug.administration.actions.second_step import lacks_step
from krug.administration.actions.sessions import SEEN_EVERY, note_seen
from krug.administration.screens.held import hold_what_was_sent
from krug.administration.screens.looking import with_eyes
from krug.kernel.callers import client_address
from krug.kernel.dates import zone_called
from krug.kernel.journal.auditing import calling_from

YEAR = 365 * 24 * 3600
Answer = Callable[[HttpRequest], HttpResponse]


def doorkeeper(get_response: Answer) -> Answer:
    """The middleware that knows who is here."""

    def answer(request: HttpRequest) -> HttpResponse:
        address = client_address(request)
        request.client_address = address  # type: ignore[attr-defined]  # our own name on the request
        with calling_from(address):
            person = request.user
            if not isinstance(person, User):
                response = get_response(request)
                hold_what_was_sent(request, response)
                return response
            if not _note(request, person, address):
                return get_response(request)
            translation.activate(person.language)
            with timezone.override(zone_called(person.timezone)):
                return _with_look(request, person, with_eyes(request, person, get_response))

    return answer


def _note(request: HttpRequest, person: User, address: str | None) -> bool:
    """Note that the device was here; a session without the second step that a role asks for by now ends."""
    now = timezone.now()
    row = getattr(request.session, "row", None)
    if row is not None and row.seen_at < now - SEEN_EVERY:
        device = request.headers.get("User-Agent", "")
        if lacks_step(person):
            request.session.flush()
            request.user = AnonymousUser()
            return False
        note_seen(row.session_key, person, address=address, device=device, now=now)
    return True


def _with_look(request: HttpRequest, person: User, response: HttpResponse) -> HttpResponse:
    """Let the browser remember the person's language and theme, so that the sign-in page keeps them."""
    if request.path_info.startswith("/api/"):
        return response
    for cookie, value in ((settings.LANGUAGE_COOKIE_NAME, person.language), ("theme", person.theme)):
        if request.COOKIES.get(cookie) != value and cookie not in response.cookies:
            response.set_cookie(
                cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.LANGUAGE_COOKIE_SECURE
            )
    return response
