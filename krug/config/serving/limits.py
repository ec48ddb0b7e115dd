"""A body longer than allowed is refused before anybody reads it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.http.cookie import parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
IN_MEMORY = 2 * 1024 * 1024
PART = 256 * 1024
PLAIN = ("content-type", "text/plain; charset=utf-8")
PROBLEM = ("content-type", "application/problem+json")
SLOWEST = 30.0

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)


class TooLarge(Exception):
    """The body is longer than this route takes."""


class Gone(Exception):
    """The client went away before it had said everything."""


class Body:
    """A body taken in whole before a thread is spent on it, so that slow senders hold nobody up."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the dispatcher

    async def take_in(self, scope: dict[str, Any], receive: Receive) -> None:
        """Read everything, or refuse as soon as it is known to be too long."""
        if any(name == b"content-length" and _is_over(value, self._most) for name, value in scope["headers"]):
            raise TooLarge
        came, more = 0, True
        while more:
            message = await asyncio.wait_for(receive(), SLOWEST)
            if message["type"] == "http.disconnect":
                raise Gone
            came += len(message.get("body", b""))
            if came > self._most:
                raise TooLarge
            self._file.write(message.get("body", b""))
            more = message.get("more_body", False)
        self._file.seek(0)

    async def receive(self) -> dict[str, Any]:
        """The body again, part by part."""
        part = self._file.read(PART)
        return {"type": "http.request", "body": part, "more_body": len(part) == PART}

    def close(self) -> None:
        """Forget it."""
        self._file.close()


def _is_over(declared: bytes, most: int) -> bool:
    return not declared.isdigit() or int(declared) > most


async def answer(send: Send, status: int, text: str, *headers: tuple[str, str]) -> None:
    """A short answer, in plain text unless the headers say otherwise."""
    body = text.encode()
    kind = () if any(name == "content-type" for name, _value in headers) else (PLAIN,)
    more = [(name.encode(), value.encode()) for name, value in (*kind, *headers)]
    if settings.SECURE_HSTS_SECONDS:
        more.append(
            (b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains".encode())
        )
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*HEADERS, length, *more]})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: dict[str, Any], send: Send, status: int, *headers: tuple[str, str], **values: object) -> None:
    """Say no before Django is asked: in words for people, as a problem document for programs."""
    code, words = REFUSALS[status]
    with translation.override(language_of(scope)):
        text = _(words) % values
    if not scope["path"].startswith("/api/"):
        return await answer(send, status, f"{text}\n", *headers)
    said = {"status": status, "code": code, "title": text, "detail": text}
    await answer(send, status, json.dumps(said, ensure_ascii=False), PROBLEM, *headers)


def language_of(scope: dict[str, Any]) -> str:
    """The language that the asker has chosen, or whose browser prefers it."""
    chosen = parse_cookie(header(scope, b"cookie")).get(settings.LANGUAGE_COOKIE_NAME, "")
    preferred = header(scope, b"accept-language")[:2].lower()
    return next((code for code in (chosen, preferred) if code in dict(settings.LANGUAGES)), settings.LANGUAGE_CODE)


def header(scope: dict[str, Any], wanted: bytes) -> str:
    """The text of one header; empty when it was not sent."""
    return next((bytes(value).decode("latin1") for name, value in scope["headers"] if name == wanted), "")


REFUSALS = {
    405: ("METHOD", gettext_noop("This method is not answered here.")),
    408: ("TIMEOUT", gettext_noop("The request took too long to arrive.")),
    413: ("TOO_LARGE", gettext_noop("This is too large: the limit is %(limit)s MB.")),
    429: ("TOO_MANY", gettext_noop("You ask for too much at the same time. Try again in a moment.")),
    503: ("BUSY", gettext_noop("The server is busy. Try again in a moment.")),
}
