"""Ask a running `bin/serve --demo` for too much and tell what others notice: python -m tools.overload --port N."""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import uvloop

PAGES = ("/", "/deals/?view=board", "/parties/", "/deals/?view=table", "/contacts/", "/tasks/")
HEAVY = ("/deals/?view=table&limit=200", "/parties/export/", "/deals/export/", "/reports/funnel/", "/deals/?view=board")
PUBLIC = ("/sign-in/", "/sign-in/?next=/deals/", "/readyz", "/join/x/")
GUESS = urlencode({"email": "nobody@example.org", "password": "not the password"}).encode()


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    seconds: float
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for known, value in self.headers if known == name]


@dataclass
class Asker:
    """Somebody with a browser: every request on a connection of its own, so that all web processes get their share."""

    port: int
    cookies: str = ""
    answers: list[Answer] = field(default_factory=list)

    async def ask(self, path: str, body: bytes = b"") -> Answer:
        """One request."""
        since = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"Cookie: {self.cookies}"] if self.cookies else []
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"] if body else []
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head, _gap, rest = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        first, *named = head.decode("latin1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _colon, value in (line.partition(":") for line in named)]
        answer = Answer(int(first.split()[1]), time.perf_counter() - since, headers, rest)
        self.answers.append(answer)
        return answer

    async def sign_in(self, email: str, password: str) -> None:
        """Come in as one of the demo company."""
        page = await self.ask("/sign-in/")
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert found, page.status
        sent = {"email": email, "password": password, "csrfmiddlewaretoken": found[1].decode()}
        self._take(page)
        answer = await self.ask("/sign-in/", urlencode(sent).encode())
        assert answer.status == 303, answer.status
        self._take(answer)
        for _round in range(2):
            for path in PAGES:
                await self.ask(path)
        self.answers.clear()

    def _take(self, answer: Answer) -> None:
        self.cookies = "; ".join(cookie.partition(";")[0] for cookie in answer.all("set-cookie"))

    async def work(self, times: int) -> list[float]:
        """Open one page after another, as one person does; the seconds of each."""
        answers = [await self.ask(PAGES[number % len(PAGES)]) for number in range(times)]
        assert {answer.status for answer in answers} == {200}, Counter(answer.status for answer in answers)
        return [answer.seconds for answer in answers]

    async def press(self, paths: Sequence[str], body: bytes = b"") -> None:
        """Ask again as soon as an answer came, for ever."""
        while True:
            for path in paths:
                await self.ask(path, body)


@asynccontextmanager
async def pressing(askers: list[Asker], paths: Sequence[str], body: bytes = b""):  # type: ignore[no-untyped-def]  # a block
    """All of them press for the time of this block."""
    tasks = [asyncio.create_task(asker.press(paths, body)) for asker in askers]
    await asyncio.sleep(1)
    since = time.perf_counter()
    for asker in askers:
        asker.answers.clear()
    yield
    seconds = time.perf_counter() - since
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    unique = {id(asker): asker for asker in askers}.values()
    _tell_pressed([answer for asker in unique for answer in asker.answers], seconds)


def _tell_pressed(answers: list[Answer], seconds: float) -> None:
    refused = [answer for answer in answers if answer.status in (429, 503)]
    served = len(answers) - len(refused)
    waits = sorted(answer.seconds for answer in refused) or [0.0]
    silent = sum(1 for answer in refused if not answer.all("retry-after"))
    print(
        f"    pressed: {served / seconds:.0f} a second served, {len(refused)} refused, refusals p95"
        f" {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms,"
        f" {silent} without Retry-After; {dict(Counter(answer.status for answer in answers))}"
    )


def tell(name: str, seconds: list[float]) -> None:
    """The middle and the slow end of what one person waited."""
    ordered = sorted(seconds)
    middle, slow = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"{name}: p50 {middle * 1000:.0f} ms, p95 {slow * 1000:.0f} ms of {len(ordered)} pages", flush=True)


async def measure(port: int, data: Path) -> None:
    """The four situations, one after another."""
    lines = (data / "demo-signins.txt").read_text(encoding="utf-8").splitlines()
    people = [Asker(port) for _line in lines]
    for person, line in zip(people, lines, strict=True):
        await person.sign_in(*line.split("  ")[:2])
    seller, greedy = people[3], people[0]
    tell("quiet", await seller.work(90))
    async with pressing([greedy] * 10, HEAVY):
        tell("ten hostile requests in flight", await seller.work(90))
    async with pressing([Asker(port) for _number in range(40)], PUBLIC), pressing([Asker(port)] * 10, PUBLIC, GUESS):
        tell("fifty strangers", await seller.work(90))
    async with pressing(people[4:8], PAGES):
        await asyncio.sleep(10)
    async with pressing(people * 8, PAGES):
        await asyncio.sleep(20)
    await asyncio.sleep(3)
    tell("three seconds later", await seller.work(60))


def main() -> None:
    """Read where it runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("var"))
    given = parser.parse_args()
    uvloop.run(measure(given.port, given.data))  # half the weight of the usual loop: the tool runs on the same cores


if __name__ == "__main__":
    main()
