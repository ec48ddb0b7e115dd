"""Live events: a page that is open learns that something has changed, and asks for it itself.

A page prints a ticket and listens on /events/?ticket=…; krug.kernel.live makes tickets and announces.
"""

import asyncio
import contextlib
import logging
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.core import signing

from krug.config.serving.lanes import session_of
from krug.config.serving.limits import HEADERS, Receive, Send, answer
from krug.kernel.live import CHANNEL, SALT, SIGNED_OUT, TICKET_LIVES

LONGEST_QUEUE = 100
PING_EVERY = 20.0
MOST_CLIENTS = 2000
LOOK_EVERY = 30.0
MOST_ENDED = 10_000
LIVING = "SELECT session_key FROM user_session WHERE session_key = ANY(%s) AND expire_date > now()"
log = logging.getLogger("krug.events")


class EventStream:
    """All open pages of one process, fed by one database connection."""

    def __init__(self) -> None:
        self._clients: dict[asyncio.Queue[str | None], frozenset[str]] = {}
        self._sessions: dict[asyncio.Queue[str | None], str] = {}
        self._ended: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_ending = False

    def open(self) -> None:
        """Begin to listen."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look_for_ever())]

    def end_soon(self) -> None:
        """End from within a signal handler, where the loop must not be touched directly."""
        if self._loop:
            self._loop.call_soon_threadsafe(self.end)

    def end(self) -> None:
        """Let all clients go, so that the process can stop at once; they come back to its successor."""
        self._is_ending = True
        for queue in list(self._clients):
            self._drop(queue)

    async def close(self) -> None:
        """Stop listening."""
        self.end()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Receive,
        send: Send,
    ) -> None:
        """Stream the topics of the ticket until the page is closed."""
        given = parse_qs(scope["query_string"].decode("latin1")).get("ticket", [""])[0]
        try:
            topics = frozenset(signing.loads(given, salt=SALT, max_age=TICKET_LIVES))
        except signing.BadSignature:
            topics = frozenset()
        session = session_of(scope)
        if not topics or session in self._ended:
            return await answer(send, 403, "This ticket is not valid any more. Reload the page.\n")
        if self._is_ending or len(self._clients) >= MOST_CLIENTS:
            return await answer(send, 503, "Too many pages listen.\n", ("retry-after", "10"))
        queue: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)
        self._clients[queue], self._sessions[queue] = topics, session
        leaving = asyncio.create_task(self._until_gone(receive, queue))
        try:
            await self._stream(queue, send)
        finally:
            self._clients.pop(queue, None)
            self._sessions.pop(queue, None)
            leaving.cancel()

    async def _stream(self, queue: asyncio.Queue[str | None], send: Send) -> None:
        headers = list(HEADERS)
        headers += [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while True:
            try:
                payload = await asyncio.wait_for(queue.get(), PING_EVERY)
            except TimeoutError:
                text = ": ping\n\n"
            else:
                if payload is None:
                    break
                topic, _, number = payload.partition(":")
                text = f"event: {topic}\ndata: {number}\n\n"
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _until_gone(self, receive: Receive, queue: asyncio.Queue[str | None]) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._drop(queue)

    def _drop(self, queue: asyncio.Queue[str | None]) -> None:
        self._clients.pop(queue, None)
        while queue.full():
            queue.get_nowait()
        queue.put_nowait(None)

    def deliver(self, payload: str) -> None:
        """Hand one notice to everybody who may hear its topic; a client who does not keep up is let go."""
        clean = payload.replace("\n", " ").replace("\r", " ")
        topic = clean.partition(":")[0]
        for queue, topics in list(self._clients.items()):
            if topic in topics:
                if queue.full():
                    self._drop(queue)
                else:
                    queue.put_nowait(clean)

    async def end_those_signed_out(self) -> None:
        """Whoever was signed out meanwhile hears nothing more, on this connection and the next (SES-03)."""
        asked = set(self._sessions.values())
        if not asked:
            return
        async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as connection:
            found = await (await connection.execute(LIVING, [list(asked)])).fetchall()
        ended = asked - {row[0] for row in found}
        self._ended = ended | (self._ended if len(self._ended) < MOST_ENDED else set())
        for queue in [queue for queue, session in self._sessions.items() if session in ended]:
            self._drop(queue)

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with contextlib.suppress(psycopg.Error):
                await self.end_those_signed_out()

    async def _listen(self) -> None:
        pause = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    pause = 0.5
                    async for notice in connection.notifies():
                        if notice.payload == SIGNED_OUT:
                            await self.end_those_signed_out()
                        else:
                            self.deliver(notice.payload)
            except psycopg.Error as error:
                log.warning("Live events wait for the database: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)


def _parameters() -> dict[str, Any]:
    given = settings.DATABASES["default"]
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT", "dbname": "NAME"}
    parameters = {key: given.get(name) for key, name in names.items() if given.get(name)}
    more = dict(given["OPTIONS"])
    options = " ".join(_role_only(more.pop("options", "")))
    return more | parameters | {"application_name": "krug-events", "options": options}


def _role_only(options: str) -> list[str]:
    parts = [part for part in options.split("-c ") if part.strip().startswith("role=")]
    return [f"-c {part.strip()}" for part in parts]
