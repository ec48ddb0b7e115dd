"""Stands at every door: notes where a request comes from, whose session it is, and in which language to answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from krug.administration.actions.sessions import SEEN_EVERY, note_seen
from krug.kernel.callers import client_address
from krug.kernel.dates import zone_called
from krug.kernel.journal.auditing import calling_from

Answer = Callable[[HttpRequest], HttpResponse]


def doorkeeper(get_response: Answer) -> Answer:
    """The middleware that knows who is here."""

    def answer(request: HttpRequest) -> HttpResponse:
        address = client_address(request)
        request.client_address = address  # type: ignore[attr-defined]
        with calling_from(address):
            if not request.user.is_authenticated:
                return get_response(request)
            _note(request, address)
            translation.activate(request.user.language)
            with timezone.override(zone_called(request.user.timezone)):
                return get_response(request)

    return answer


def _note(request: HttpRequest, address: str | None) -> None:
    now = timezone.now()
    row = getattr(request.session, "row", None)
    if row is not None and row.seen_at < now - SEEN_EVERY:
        device = request.headers.get("User-Agent", "")
        note_seen(row.session_key, request.user, address=address, device=device, now=now)  # type: ignore[arg-type]
