"""Who waits behind whom: strangers never hold up staff, and nobody holds up the others (AVL-02, AVL-03, AVL-05)."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from django.http.cookie import parse_cookie

from krug.config.serving.headers import mark_of
from krug.config.serving.limits import header

STAFF, STRANGERS, FILES = 4, 1, 2
PATIENCE = 0.45
OWN_TURNS = 2
REST, LONGEST_REST, LATELY = 3.0, 5.0, 1.0
WAITING, OWN_WAITING = 60, 40
MOST_KNOWN = 10_000
PUBLIC = ("/sign-in/", "/join/", "/welcome/", "/readyz", "/me/preferences/")


class Full(Exception):
    """Too many are at work or waiting; come again."""


class TooManyOwn(Full):
    """Somebody asks for too much at the same time."""


class Lane:
    """So many at work at once, so many waiting."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.at_once, self._room = at_once, waiting
        self._free, self.waiting, self.inside = asyncio.Semaphore(at_once), 0, 0

    @asynccontextmanager
    async def turn(self, until: float, refusal: type[Full] = Full) -> AsyncIterator[None]:
        """Wait for a free place, or be refused in good time."""
        self.inside += 1
        try:
            await self._wait(until, refusal)
            try:
                yield
            finally:
                self._free.release()
        finally:
            self.inside -= 1

    async def _wait(self, until: float, refusal: type[Full]) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        if self.waiting >= self._room:
            raise refusal
        self.waiting += 1
        try:
            await asyncio.wait_for(self._free.acquire(), max(0.0, until - asyncio.get_running_loop().time()))
        except TimeoutError:
            raise refusal from None
        finally:
            self.waiting -= 1


class Lanes:
    """The lanes of one process, and whom it has let in before."""

    def __init__(self, *, staff: int = STAFF, strangers: int = STRANGERS, waiting: int = WAITING) -> None:
        self._staff, self._strangers = Lane(staff, waiting), Lane(strangers, waiting)
        self._files = Lane(FILES, 4 * WAITING)
        self._own: dict[bytes, Lane] = {}
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._latest: list[tuple[bytes, float]] = []

    @property
    def threads(self) -> int:
        """How many can be at work at once in all."""
        return self._staff.at_once + self._strangers.at_once + self._files.at_once

    @asynccontextmanager
    async def turn(self, scope: dict[str, Any]) -> AsyncIterator[None]:
        """Wait in the lane of whoever asks: first behind the own requests, then behind everybody's."""
        client, until = client_of(scope), asyncio.get_running_loop().time() + PATIENCE
        if scope["path"].startswith("/static/"):
            async with self._files.turn(until):
                yield
        elif client is None or client not in self._known or scope["path"].startswith(PUBLIC):
            async with self._strangers.turn(until), self._with_rest(self._strangers, None):
                yield
        else:
            self._came(client)
            own = self._own.setdefault(client, Lane(OWN_TURNS, OWN_WAITING))
            try:
                async with own.turn(until, TooManyOwn), self._with_rest(own, client), self._staff.turn(until):
                    yield
            finally:
                if not own.inside:
                    self._own.pop(client, None)

    @asynccontextmanager
    async def _with_rest(self, lane: Lane, client: bytes | None) -> AsyncIterator[None]:
        """Whoever keeps a queue of his own while others are at work rests after each turn, so that theirs come soon."""
        since = asyncio.get_running_loop().time()
        yield
        now = asyncio.get_running_loop().time()
        is_crowded = client is not None and self._staff.waiting
        others = any(who != client and now - at < LATELY for who, at in self._latest)
        if lane.waiting and others and not is_crowded:
            await asyncio.sleep(min(REST * (now - since), LONGEST_REST))

    def _came(self, client: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._latest = [(client, now), *(one for one in self._latest if one[0] != client)][:2]

    def answered(self, scope: dict[str, Any], status: int) -> None:
        """Remember whom a page was shown that is not for everybody, and forget who was let in no more."""
        client = client_of(scope)
        if client is None or scope["path"].startswith((*PUBLIC, "/static/")):
            return
        if status == 200:
            self.know(client)
        elif status == 401:
            self._known.pop(client, None)

    def know(self, client: bytes) -> None:
        """Somebody has been let in, and comes with this session or token from now on."""
        self._known[client] = None
        self._known.move_to_end(client)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


def client_of(scope: dict[str, Any]) -> bytes | None:
    """A mark of the session or the token that a request brings; nothing for strangers."""
    brought = header(scope, b"authorization") or session_of(scope)
    return mark_of(brought) if brought else None


def session_of(scope: dict[str, Any]) -> str:
    """The session that a request names, if any."""
    return parse_cookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
