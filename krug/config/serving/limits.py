"""A body longer than allowed is refused before anybody reads it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from krug.config.serving.plain_page import POLICY, page

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
IN_MEMORY = 2 * 1024 * 1024
PART = 256 * 1024
PLAIN = ("content-type", "text/plain; charset=utf-8")
PROBLEM = ("content-type", "application/problem+json")
PAGE = (("content-type", "text/html; charset=utf-8"), ("content-security-policy", POLICY))
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
    own = {name for name, _value in more}
    if settings.SECURE_HSTS_SECONDS:
        more.append(
            (b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains".encode())
        )
    length = (b"content-length", str(len(body)).encode())
    usual = [(name, value) for name, value in HEADERS if name not in own]
    await send({"type": "http.response.start", "status": status, "headers": [*usual, length, *more]})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: dict[str, Any], send: Send, status: int, *headers: tuple[str, str], **values: object) -> None:
    """Say no before Django is asked: a page for who navigates, a document for programs, else a line of words."""
    code, words, todo = REFUSALS[status]
    with translation.override(language_of(scope)):
        text = _(words) % values
        if scope["path"].startswith("/api/"):
            said = {"status": status, "code": code, "title": text, "detail": text}
            await answer(send, status, json.dumps(said, ensure_ascii=False), PROBLEM, *headers)
        elif navigates(scope):
            await answer(send, status, refusal_page(scope, text, _(todo)), *PAGE, *headers, *_again(scope, headers))
        else:
            await answer(send, status, f"{text}\n", *headers)


def _again(scope: dict[str, Any], headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """A page that was only looked at is asked for once more by the browser itself, when it is time."""
    return [("refresh", wait) for name, wait in headers if name == "retry-after" and scope["method"] == "GET"]


def navigates(scope: dict[str, Any]) -> bool:
    """Whether a browser asks for a page to be shown; a script of an open page shows the words itself."""
    return "text/html" in header(scope, b"accept") and not header(scope, b"hx-request")


def refusal_page(scope: dict[str, Any], text: str, todo: str) -> str:
    """The page of a refusal: a page that was asked for is asked again, a form is gone back to."""
    title = text.partition(". ")[0].rstrip(".")
    if scope["method"] in ("GET", "HEAD"):
        query = scope["query_string"].decode("latin1")
        href = local(scope["path"]) + (f"?{quote(query, safe='%&=+;,/:@')}" if query else "")
        return page(title, _("Nothing was changed."), todo, href=href, label=_("Try again"))
    came = urlsplit(header(scope, b"referer"))
    is_ours = bool(came.path) and came.netloc == header(scope, b"host")
    href = local(came.path, safe="/%") + (f"?{came.query}" if came.query else "") if is_ours else "/"
    safe = _("Nothing was changed. The form keeps a draft of what you typed; files have to be chosen again.")
    label = _("Back to the form") if is_ours else _("To my day")
    return page(title, safe, todo, href=href, label=label)


def local(path: str, safe: str = "/") -> str:
    """The path as an address here: it never names another host."""
    return "/" + quote(path.lstrip("/\\"), safe=safe)


def language_of(scope: dict[str, Any]) -> str:
    """The language that the asker has chosen, or whose browser prefers it."""
    chosen = parse_cookie(header(scope, b"cookie")).get(settings.LANGUAGE_COOKIE_NAME, "")
    preferred = header(scope, b"accept-language")[:2].lower()
    return next((code for code in (chosen, preferred) if code in dict(settings.LANGUAGES)), settings.LANGUAGE_CODE)


def header(scope: dict[str, Any], wanted: bytes) -> str:
    """The text of one header; empty when it was not sent."""
    return next((bytes(value).decode("latin1") for name, value in scope["headers"] if name == wanted), "")


LATER = gettext_noop("Wait a few seconds and try again.")
REFUSALS = {
    405: ("METHOD", gettext_noop("This method is not answered here."), gettext_noop("Open the page from the menu.")),
    408: (
        "TIMEOUT",
        gettext_noop("The request took too long to arrive."),
        gettext_noop("Check the connection and try again."),
    ),
    413: (
        "TOO_LARGE",
        gettext_noop("This is too large: the limit is %(limit)s MB."),
        gettext_noop("Choose a smaller file or shorten the text, then send it again."),
    ),
    429: ("TOO_MANY", gettext_noop("You ask for too much at the same time. Try again in a moment."), LATER),
    503: ("BUSY", gettext_noop("The server is busy. Try again in a moment."), LATER),
}
