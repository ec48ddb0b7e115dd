"""Asks for each screen often, in this process, and asks a bare connection for the same SQL beside it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from krug.access.models import User
from krug.config.bench.cases import CASES, Case, Request
from krug.config.bench.people import readers

WARM = 5
BARE_EVERY = 2
Statement = tuple[str, Any]


class Broken(Exception):
    """A screen did not answer as it should."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one screen for one reader; times in milliseconds."""

    name: str
    reader: str
    p50: float
    p95: float
    python: float
    queries: int
    bytes: int
    packed: int
    bare: float
    ratio: float


@dataclass
class Captured:
    """The statements of one request that were answered; one that was called off has nothing to compare."""

    statements: list[Statement] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], query: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(query, params, many, context)
        self.statements.append((query, params))
        return answer


def measure(
    wanted: Sequence[str], *, repeat: int, parties: int, say: Callable[[str], None] = lambda text: None
) -> list[Figures]:
    """Every case for every reader."""
    found = []
    cases = [case for case in CASES if not wanted or any(case.name.startswith(name) for name in wanted)]
    with psycopg.connect(_address(), autocommit=True) as bare:
        for reader, user in readers().items():
            client = Client(SERVER_NAME="127.0.0.1", HTTP_ACCEPT_LANGUAGE="ru", raise_request_exception=False)
            client.force_login(user)
            for case in cases:
                try:
                    figures = _measure_case(case, reader, user, client, bare=bare, repeat=repeat)
                except Broken as broken:
                    say(str(broken))
                    continue
                found.append(figures)
                say(
                    f"{case.name}, {reader}: p50 {figures.p50:.1f}, p95 {figures.p95:.1f}, Python {figures.python:.1f},"
                    f" {figures.queries} queries, bare {figures.bare:.1f}"
                )
    return found


def _measure_case(
    case: Case, reader: str, user: User, client: Client, *, bare: psycopg.Connection, repeat: int
) -> Figures:
    requests = case.requests(user, client)
    pages, python, page_beside, bare_beside = [], [], [], []
    queries, size, packed = 0, 0, 0
    warm = min(WARM, repeat)
    for turn in range(warm + repeat):
        request = next(requests)
        if turn < warm or turn % BARE_EVERY == 0:
            captured, inside, alone = _beside_bare(case, request, client, bare)
            if turn >= warm:
                page_beside.append(inside)
                bare_beside.append(alone)
                queries = max(queries, len(captured.statements))
            if case.writes:
                request = next(requests)
        began, worked = time.perf_counter(), time.process_time()
        response = _send(client, request)
        took, work = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
        _must_be_well(case, request, response)
        if turn >= warm:
            pages.append(took)
            python.append(work)
            size = max(size, len(response.content))
            packed = max(packed, len(gzip.compress(response.content, 6)))
    lone = median(bare_beside)
    return Figures(
        name=case.name, reader=reader, p50=median(pages), p95=quantiles(pages, n=20)[-1], python=median(python),
        queries=queries, bytes=size, packed=packed, bare=lone, ratio=median(page_beside) / lone if lone else 0.0,
    )  # fmt: skip


def _beside_bare(
    case: Case, request: Request, client: Client, bare: psycopg.Connection
) -> tuple[Captured, float, float]:
    """One request and then its own statements by bare psycopg; what they write is taken back."""
    captured = Captured()
    with transaction.atomic():
        began = time.perf_counter()
        with connection.execute_wrapper(captured):
            response = _send(client, request)
        inside = (time.perf_counter() - began) * 1000
        _must_be_well(case, request, response)
        transaction.set_rollback(True)
    began = time.perf_counter()
    _replay(captured.statements, bare)
    return captured, inside, (time.perf_counter() - began) * 1000


def _replay(statements: Sequence[Statement], bare: psycopg.Connection) -> None:
    with bare.transaction(force_rollback=True), bare.cursor() as cursor:
        for query, params in statements:
            cursor.execute(query, params or None)
            if cursor.description:
                cursor.fetchall()


def _send(client: Client, request: Request) -> HttpResponse:
    with translation.override("ru"):
        answer = client.get(request.url) if request.sent is None else client.post(request.url, request.sent)
    return cast(HttpResponse, answer)


def _must_be_well(case: Case, request: Request, response: HttpResponse) -> None:
    good = (200, 204, 302, 303) if case.writes else (200,)
    if response.status_code not in good:
        said = response.content.decode(errors="replace")[-300:]
        raise Broken(f"{case.name}: {request.url} answered {response.status_code}\n{request.sent}\n{said}")


def _address() -> str:
    given = settings.DATABASES["default"]
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port", "NAME": "dbname"}
    parts = {key: str(given[name]) for name, key in names.items() if given.get(name)}
    return psycopg.conninfo.make_conninfo(**parts, options=given["OPTIONS"].get("options", ""))
