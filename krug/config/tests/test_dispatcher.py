"""The front door: what is too much is refused at once, and open pages hear what has changed."""

import asyncio
import json
import threading
from datetime import timedelta
from typing import Any

import psycopg
from django.core import signing
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext

from krug.access.models import Session
from krug.config.serving.dispatcher import Dispatcher
from krug.config.serving.events import LONGEST_QUEUE, EventStream, _parameters
from krug.config.serving.headers import LET_IN, mark_of
from krug.config.serving.lanes import Lanes
from krug.config.settings.database import database_from
from krug.kernel.live import ticket
from krug.kernel.testing.looping import run_apart

MEGABYTE = 1024 * 1024


class Exchange:
    """One request and what came back."""

    def __init__(
        self,
        path: str = "/",
        query: str = "",
        body: bytes = b"",
        kind: str = "",
        *,
        declared: bool = True,
        session: str = "",
    ):
        headers = [(b"content-type", kind.encode())] if kind else []
        if declared and body:
            headers.append((b"content-length", str(len(body)).encode()))
        if session:
            headers.append((b"cookie", f"theme=dark; session={session}".encode()))
        self.scope = {
            "type": "http",
            "method": "POST" if body else "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "http_version": "1.1",
        }
        self._parts = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]
        self.gone = asyncio.Event()
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.came = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(0), "more_body": bool(self._parts)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message.get("body", b"")
            self.came.set()

    async def until(self, text: bytes) -> None:
        while text not in self.body:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), 5)

    async def through(self, app: Any) -> "Exchange":
        await app(self.scope, self.receive, self.send)
        return self


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    length = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(length).encode()]


def test_a_page_gets_its_whole_body():
    answer = run_apart(Exchange(body=b"x" * 300_000).through(Dispatcher(echo)))
    assert (answer.status, answer.body) == (200, b"300000")


def test_more_than_a_megabyte_of_words_is_refused():
    for declared in (True, False):
        answer = run_apart(Exchange(body=b"x" * (MEGABYTE + 1), declared=declared).through(Dispatcher(echo)))
        assert answer.status == 413
        assert b"1 MB" in answer.body


def test_a_program_is_refused_by_a_document():
    answer = run_apart(Exchange(path="/api/v1/deals/", body=b"x" * (MEGABYTE + 1)).through(Dispatcher(echo)))
    assert (answer.status, answer.headers[b"content-type"]) == (413, b"application/problem+json")
    assert json.loads(answer.body)["code"] == "TOO_LARGE"


def test_a_refusal_speaks_the_language_of_the_asker():
    for name, value in ((b"cookie", b"language=ru"), (b"accept-language", b"ru-RU,ru;q=0.9")):
        exchange = Exchange(body=b"x" * (MEGABYTE + 1))
        exchange.scope["headers"].append((name, value))
        with translation.override("en"):
            said = run_apart(exchange.through(Dispatcher(echo))).body.decode()
        with translation.override("ru"):
            assert said == gettext("This is too large: the limit is %(limit)s MB.") % {"limit": 1} + "\n"


def test_a_file_may_be_long_but_not_endless():
    form = "multipart/form-data; boundary=x"
    fits = run_apart(Exchange(body=b"x" * (5 * MEGABYTE), kind=form).through(Dispatcher(echo)))
    assert (fits.status, fits.body) == (200, str(5 * MEGABYTE).encode())
    over = run_apart(Exchange(body=b"x" * (30 * MEGABYTE + 1), kind=form).through(Dispatcher(echo)))
    assert over.status == 413


def held() -> tuple[Any, threading.Event, threading.Semaphore]:
    """An application that answers only when it is let go, and tells how many are inside."""
    release, inside = threading.Event(), threading.Semaphore(0)

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow/":
            inside.release()
            release.wait(10)
        return echo(environ, start_response)

    return slow, release, inside


async def entered(inside: threading.Semaphore) -> None:
    """Wait until a request is inside; one that was turned away fails here and is not waited for without end."""
    assert await asyncio.to_thread(inside.acquire, timeout=20), "no request came in"


async def timed(exchange: Exchange, app: Any) -> tuple[Exchange, float]:
    since = asyncio.get_running_loop().time()
    await exchange.through(app)
    return exchange, asyncio.get_running_loop().time() - since


def test_when_all_threads_and_places_are_taken_the_next_is_asked_to_come_back():
    slow, release, inside = held()

    async def story() -> tuple[Exchange, list[Exchange]]:
        app = Dispatcher(slow, Lanes(staff=1, strangers=1, waiting=1))
        patient = [asyncio.create_task(Exchange("/slow/").through(app)) for _number in range(2)]
        await entered(inside)
        await asyncio.sleep(0.05)
        refused = await Exchange("/slow/").through(app)
        release.set()
        return refused, list(await asyncio.gather(*patient))

    refused, served = run_apart(story())
    assert refused.status == 503
    assert refused.headers[b"retry-after"] == b"2"
    assert [answer.status for answer in served] == [200, 200]


def test_nobody_waits_longer_than_a_second_for_a_place():
    slow, release, inside = held()

    async def story() -> tuple[Exchange, float]:
        app = Dispatcher(slow, Lanes(strangers=1))
        first = asyncio.create_task(Exchange("/slow/").through(app))
        await entered(inside)
        answer = await timed(Exchange("/api/v1/deals/"), app)
        release.set()
        await first
        return answer

    refused, seconds = run_apart(story())
    assert (refused.status, json.loads(refused.body)["code"]) == (503, "BUSY")
    assert seconds < 1.0


def test_strangers_never_take_the_places_of_those_who_are_signed_in():
    slow, release, inside = held()

    async def story() -> tuple[Exchange, float]:
        app = Dispatcher(slow, Lanes(staff=1, strangers=1))
        assert (await Exchange(session="anna").through(app)).status == 200
        strangers = [asyncio.create_task(Exchange("/slow/", session=f"forged{n}").through(app)) for n in range(5)]
        strangers += [asyncio.create_task(Exchange("/slow/").through(app)) for _number in range(5)]
        await entered(inside)
        answer = await timed(Exchange("/deals/", session="anna"), app)
        release.set()
        await asyncio.gather(*strangers)
        return answer

    answer, seconds = run_apart(story())
    assert answer.status == 200
    assert seconds < 0.5


def test_the_sign_in_page_is_no_place_to_become_known():
    slow, release, inside = held()

    async def story() -> Exchange:
        app = Dispatcher(slow, Lanes(staff=1, strangers=1))
        assert (await Exchange("/sign-in/", session="forged").through(app)).status == 200
        first = asyncio.create_task(Exchange("/slow/").through(app))
        await entered(inside)
        answer = await Exchange("/deals/", session="forged").through(app)
        release.set()
        await first
        return answer

    assert run_apart(story()).status == 503


def test_whoever_has_just_signed_in_is_known_at_once_and_strangers_hold_him_up_no_more():
    slow, release, inside = held()

    def pages(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] != "/sign-in/":
            return slow(environ, start)
        start("303 See Other", [("location", "/"), (LET_IN, mark_of("anna").hex()), ("set-cookie", "session=anna")])
        return [b""]

    async def story() -> tuple[Exchange, Exchange]:
        app = Dispatcher(pages, Lanes(staff=1, strangers=1))
        signed_in = await Exchange("/sign-in/", body=b"right").through(app)
        first = asyncio.create_task(Exchange("/slow/").through(app))
        await entered(inside)
        answer = await Exchange("/deals/", session="anna").through(app)
        release.set()
        await first
        return signed_in, answer

    signed_in, answer = run_apart(story())
    assert (answer.status, signed_in.status) == (200, 303)
    assert LET_IN.lower().encode() not in signed_in.headers


def test_whoever_asks_for_much_at_once_waits_behind_himself_and_not_others_behind_him():
    slow, release, inside = held()

    async def story() -> tuple[list[Exchange], tuple[Exchange, float]]:
        app = Dispatcher(slow, Lanes(staff=4))
        for who in ("anna", "boris"):
            await Exchange(session=who).through(app)
        greedy = [asyncio.create_task(Exchange("/slow/", session="boris").through(app)) for _number in range(10)]
        for _number in range(2):
            await entered(inside)
        answer = await timed(Exchange("/deals/", session="anna"), app)
        await asyncio.sleep(0.9)
        release.set()
        return list(await asyncio.gather(*greedy)), answer

    greedy, (answer, seconds) = run_apart(story())
    assert (answer.status, seconds < 0.5) == (200, True)
    assert sorted(one.status for one in greedy) == [200] * 2 + [429] * 8
    assert {one.headers.get(b"retry-after") for one in greedy if one.status == 429} == {b"2"}


def test_files_of_the_pages_come_while_everything_else_is_busy():
    slow, release, inside = held()

    async def story() -> Exchange:
        app = Dispatcher(slow, Lanes(staff=1, strangers=1))
        first = asyncio.create_task(Exchange("/slow/").through(app))
        await entered(inside)
        answer = await Exchange("/static/app.css").through(app)
        release.set()
        await first
        return answer

    assert run_apart(story()).status == 200


def test_a_trace_is_not_answered():
    exchange = Exchange()
    exchange.scope["method"] = "TRACE"
    assert run_apart(exchange.through(Dispatcher(echo))).status == 405


def test_health_is_answered_without_a_thread():
    answer = run_apart(Exchange("/healthz").through(Dispatcher(echo, Lanes(waiting=-1))))
    assert (answer.status, answer.body) == (200, b"ok\n")


def test_an_open_page_hears_what_the_database_tells(transactional_db):
    given = connection.settings_dict
    address = psycopg.conninfo.make_conninfo(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname=given["NAME"]
    )

    async def story() -> Exchange:
        stream = EventStream()
        stream.open()
        page = Exchange("/events/", f"ticket={ticket(['deals'])}")
        task = asyncio.create_task(page.through(stream))
        await page.until(b"retry")
        for number in range(50):
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as sender:
                await sender.execute("SELECT pg_notify('krug_events', 'parties:5')")
                await sender.execute("SELECT pg_notify('krug_events', 'deals:17')")
            if page.body.count(b"data:") or number == 49:
                break
            await asyncio.sleep(0.1)
        await page.until(b"event: deals\ndata: 17\n\n")
        page.gone.set()
        await task
        await stream.close()
        return page

    page = run_apart(story())
    assert page.status == 200
    assert page.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert b"parties" not in page.body


def test_a_page_without_a_valid_ticket_hears_nothing():
    for given in ("", "nonsense", signing.dumps(["deals"], salt="another purpose")):
        answer = run_apart(Exchange("/events/", f"ticket={given}").through(EventStream()))
        assert answer.status == 403


def test_a_page_whose_session_was_ended_hears_nothing_more_and_is_not_let_in_again(transactional_db):
    for key in ("stays", "leaves"):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(hours=1))

    async def story() -> tuple[bytes, bytes, int]:
        stream = EventStream()
        pages = [Exchange("/events/", f"ticket={ticket(['deals'])}", session=key) for key in ("stays", "leaves")]
        tasks = [asyncio.create_task(page.through(stream)) for page in pages]
        for page in pages:
            await page.until(b"retry")
        await stream.end_those_signed_out()
        stream.deliver("deals:17")
        for page in pages:
            await page.until(b"data: 17")
        async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as other:
            await other.execute("DELETE FROM user_session WHERE session_key = 'leaves'")
        await stream.end_those_signed_out()
        stream.deliver("deals:18")
        await pages[0].until(b"data: 18")
        await asyncio.wait_for(tasks[1], 5)
        again = await Exchange("/events/", f"ticket={ticket(['deals'])}", session="leaves").through(stream)
        pages[0].gone.set()
        await tasks[0]
        return pages[0].body, pages[1].body, again.status

    stays, leaves, again = run_apart(story())
    assert b"data: 18" in stays and b"data: 18" not in leaves
    assert again == 403


def test_live_events_keep_the_promises_of_the_database_address(settings, monkeypatch):
    address = "postgresql://a:b@db.example/krug?sslmode=verify-full"
    monkeypatch.setitem(settings.DATABASES, "default", database_from(address, "web"))
    assert _parameters()["sslmode"] == "verify-full"


def test_a_page_that_does_not_keep_up_is_let_go():
    async def story() -> tuple[EventStream, "asyncio.Queue[str | None]"]:
        stream = EventStream()
        queue: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)
        stream._clients[queue] = frozenset({"deals"})
        for number in range(LONGEST_QUEUE + 1):
            stream.deliver(f"deals:{number}")
        return stream, queue

    stream, queue = run_apart(story())
    assert not stream._clients
    assert queue.full()


def upload(size: int, path: str, session: str) -> Exchange:
    return Exchange(path, body=b"x" * size, kind="multipart/form-data; boundary=b", session=session)


def test_tables_for_an_import_may_be_longer_than_other_files_for_whoever_has_a_session(settings):
    settings.SESSION_COOKIE_NAME, settings.KRUG_IMPORT_MB = "session", 32
    taken = run_apart(upload(31 * MEGABYTE, "/import/", "any").through(Dispatcher(echo)))
    elsewhere = run_apart(upload(31 * MEGABYTE, "/parties/new/", "any").through(Dispatcher(echo)))
    stranger = run_apart(upload(31 * MEGABYTE, "/import/", "").through(Dispatcher(echo)))
    over = run_apart(upload(32 * MEGABYTE + 1, "/import/", "any").through(Dispatcher(echo)))
    assert [one.status for one in (taken, elsewhere, stranger, over)] == [200, 413, 413, 413]
    assert "32" in over.body.decode()


def test_a_third_very_long_upload_waits_for_its_turn(settings):
    settings.SESSION_COOKIE_NAME = "session"
    front = Dispatcher(echo)
    front._long = 2
    third = run_apart(upload(31 * MEGABYTE, "/import/", "any").through(front))
    short = run_apart(upload(100, "/import/", "any").through(front))
    assert (third.status, third.headers[b"retry-after"], short.status) == (503, b"30", 200)
