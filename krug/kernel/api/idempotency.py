"""`Idempotency-Key`: the same key with the same request is answered with the first answer and has one effect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from krug.kernel.api.documents import answer
from krug.kernel.errors import BadRequest, Refusal, Repeated
from krug.kernel.models import OncePerformed
from krug.kernel.screens.door import asker

HOME = "/api/v1/"
LONGEST_KEY = 120
PATIENCE = "2s"


def once(call: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A call that writes: repeated with its key it has one effect."""

    @wraps(call)
    def asked(request: HttpRequest, **place: Any) -> HttpResponse:
        return once_for(request, lambda: call(request, **place))

    return asked


def once_for(request: HttpRequest, act: Callable[[], HttpResponse], sent: bytes | None = None) -> HttpResponse:
    """Run the call, keeping its answer under the key in the same transaction as its effect."""
    route = f"{request.method} {request.path.removeprefix(HOME).strip('/')}"
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return act()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadRequest(_("An idempotency key has at most 120 printable characters."), code="ONCE_KEY")
    digest = hashlib.sha256(route.encode() + (request.body if sent is None else sent)).hexdigest()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [PATIENCE])  # as long as the first request still runs
            kept = OncePerformed.objects.create(actor=asker(request), route=route[:120], key=key, digest=digest)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            response = act()
            kept.status, kept.answer = response.status_code, orjson.loads(response.content)
            kept.save(update_fields=["status", "answer"])
            return response
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Repeated(_("The first request with this key is still running."), code="ONCE_RUNNING") from error
    except IntegrityError as error:
        if "once_performed_once" not in str(error):
            raise
    return _again(request, route, key, digest)


def _again(request: HttpRequest, route: str, key: str, digest: str) -> HttpResponse:
    kept = OncePerformed.objects.get(actor=asker(request), route=route[:120], key=key)
    if kept.digest != digest:
        raise Refusal(_("This idempotency key was used for another request."), code="ONCE_KEY_REUSED")
    response = answer(kept.answer, status=kept.status or 200, version=(kept.answer or {}).get("version"))
    response["Idempotent-Replay"] = "true"
    return response
