"""The front door of a web process: what streams is answered here, what computes goes to a few threads."""

from collections.abc import Callable, Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.http.cookie import parse_cookie

from krug.config.serving.events import EventStream
from krug.config.serving.headers import LET_IN
from krug.config.serving.lanes import Full, Lanes, TooManyOwn
from krug.config.serving.limits import Body, Gone, Receive, Send, TooLarge, answer, header, refuse

Scope = dict[str, Any]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LONGEST_BODY = 1024 * 1024
LONGEST_UPLOAD = 30 * 1024 * 1024
TABLES, MOST_AT_ONCE = ("/import/", "/api/v1/imports/", "/api/v1/imports"), 2


class Dispatcher:
    """Sends each request to the part that can bear it."""

    def __init__(self, wsgi: Callable[..., Any], lanes: Lanes | None = None) -> None:
        self._lanes = lanes or Lanes()
        self._pages = WSGIMiddleware(wsgi, workers=self._lanes.threads)
        self.events = EventStream()
        self._long = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["method"] not in METHODS:
            await refuse(scope, send, 405)
        elif scope["path"] == "/healthz":
            await answer(send, 200, "ok\n")
        elif scope["path"] == "/events/":
            await self.events(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_long = is_long_upload(scope)
        if is_long and self._long >= MOST_AT_ONCE:
            await refuse(scope, send, 503, ("retry-after", "30"), ("connection", "close"))
            return
        body = Body(most_bytes(scope))
        self._long += is_long
        try:
            await body.take_in(scope, receive)
            await self._in_turn(scope, body, send)
        except TooLarge:
            limit = most_bytes(scope) // (1024 * 1024)
            await refuse(scope, send, 413, ("connection", "close"), limit=limit)
        except TimeoutError:
            await refuse(scope, send, 408, ("connection", "close"))
        except Gone:
            return
        finally:
            self._long -= is_long
            body.close()

    async def _in_turn(self, scope: Scope, body: Body, send: Send) -> None:
        async def noted(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self._lanes.answered(scope, message["status"])
                message = {**message, "headers": self._learned(message["headers"])}
            await send(message)

        try:
            async with self._lanes.turn(scope):
                await self._pages(scope, body.receive, noted)  # type: ignore[arg-type]  # a2wsgi has its own names for the ASGI types
        except TooManyOwn:
            await refuse(scope, send, 429, ("retry-after", "2"))
        except Full:
            await refuse(scope, send, 503, ("retry-after", "2"))

    def _learned(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Know at once whoever has just signed in; the mark of it stays in the house."""
        mark, passed = LET_IN.lower().encode(), []
        for name, value in headers:
            if name.lower() == mark:
                self._lanes.know(bytes.fromhex(value.decode()))
            else:
                passed.append((name, value))
        return passed

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.events.open()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.events.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def most_bytes(scope: Scope) -> int:
    """How long a body this request may bring: tables for an import may be very long, other files long, words not."""
    kind = header(scope, b"content-type").lower()
    if not kind.startswith("multipart/form-data"):
        return LONGEST_BODY
    is_table = scope["path"] in TABLES and is_somebody(scope)
    return max(LONGEST_UPLOAD, settings.KRUG_IMPORT_MB * 1024 * 1024) if is_table else LONGEST_UPLOAD


def is_long_upload(scope: Scope) -> bool:
    """Whether the body may be longer than other files are; few such are taken in at a time."""
    length = header(scope, b"content-length")
    return (
        scope["path"] in TABLES
        and most_bytes(scope) > LONGEST_UPLOAD
        and not (length.isdigit() and int(length) <= LONGEST_UPLOAD)
    )


def is_somebody(scope: Scope) -> bool:
    """Whether the request brings a session or a token; whose it is, Django asks."""
    is_told = header(scope, b"authorization").lower().startswith("bearer ")
    return is_told or settings.SESSION_COOKIE_NAME in parse_cookie(header(scope, b"cookie"))
