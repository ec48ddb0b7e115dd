"""Writes down what concerns safety: sign-ins, refusals, exports, changes of rights (LOG-01)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Q

from krug.access.models import User
from krug.kernel.journal.models import AuditRecord

SECRET_WORDS = ("password", "token", "secret", "cookie", "session")
LONGEST = 300
log = logging.getLogger("krug.security")

_address: ContextVar[str | None] = ContextVar("address", default=None)


@contextmanager
def calling_from(address: str | None) -> Iterator[None]:
    """What is audited within this block was asked for from that address."""
    before = _address.set(address)
    try:
        yield
    finally:
        _address.reset(before)


def audit(
    kind: str,
    *,
    actor: User | None = None,
    address: str | None = None,
    object: str = "",
    refused: bool = False,
    data: dict[str, Any] | None = None,
) -> AuditRecord:
    """Add one line to the audit record and to the log; secrets have no place in either (LOG-04)."""
    told = {name: _short(value) for name, value in (data or {}).items()}
    leaks = [name for name in told if any(word in name.casefold() for word in SECRET_WORDS)]
    if leaks:
        raise ValueError(f"The audit record keeps no secrets: {', '.join(leaks)}.")
    line = AuditRecord.objects.create(
        kind=kind,
        actor=actor if actor is not None and actor.pk else None,
        address=address or _address.get(),
        object=object[:120],
        is_refused=refused,
        data=told,
    )
    told_to_log = {
        "kind": kind,
        "actor": line.actor_id,
        "address": line.address,
        "object": line.object,
        "refused": refused,
    }
    log.info("%s", json.dumps(told_to_log | {"data": told}, ensure_ascii=False, default=str))
    return line


def _short(value: Any) -> Any:
    if isinstance(value, (int, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_short(item) for item in value[:50]]
    return str(value)[:LONGEST].replace("\0", "")


def audited(*, kind: str = "", before: int | None = None, limit: int, only: Q | None = None) -> list[AuditRecord]:
    """The latest lines of the record, of one kind or all, older than a given one."""
    rows = AuditRecord.objects.select_related("actor").filter(only or Q()).order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows[:limit])
