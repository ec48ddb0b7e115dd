"""The attributes of all types as they are defined now; read again only when the stamp in the database changes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from krug.kernel.attributes.models import Attribute, AttributeValue

GOOD_FOR = 3.0


@dataclass
class Catalogue:
    """Definitions in use by type, with their values; what surfaces make of them is kept beside."""

    stamp: str = ""
    attributes: Mapping[str, list[Attribute]] = field(default_factory=dict)
    values: Mapping[int, list[AttributeValue]] = field(default_factory=dict)
    served: dict[str, Any] = field(default_factory=dict)


NOTHING = Catalogue()
_held: ContextVar[tuple[Catalogue, float] | None] = ContextVar("attributes", default=None)
_newest: list[Catalogue] = [NOTHING]
_has_table = [False]


def catalogue() -> Catalogue:
    """The definitions; within one request, and otherwise for some seconds, the same."""
    held = _held.get()
    if held is not None and time.monotonic() < held[1]:
        return held[0]
    found = _current()
    _held.set((found, time.monotonic() + GOOD_FOR))
    return found


def look_again() -> None:
    """Read the stamp at the next question, because definitions may have changed."""
    _held.set(None)


@contextmanager
def declared_only() -> Iterator[None]:
    """Leave attributes out, where only what is written in the program is asked for."""
    token = _held.set((NOTHING, float("inf")))
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def as_if(attribute: Attribute, values: list[AttributeValue]) -> Iterator[None]:
    """Serve a definition that nobody has saved, beside those that there are, so that one can see what it would make."""
    known = catalogue()
    own = [each for each in known.attributes.get(attribute.entity, ()) if each.pk != attribute.pk]
    attributes = {**known.attributes, attribute.entity: [*own, attribute]}
    token = _held.set((Catalogue(known.stamp, attributes, {**known.values, attribute.pk: values}), float("inf")))
    try:
        yield
    finally:
        _held.reset(token)


def attributes_afresh(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Each request sees the attributes as they are when it begins, whichever process changed them."""

    def answer(request: HttpRequest) -> HttpResponse:
        look_again()
        return get_response(request)

    return answer


def _current() -> Catalogue:
    with connection.cursor() as cursor:
        if not _has_table[0]:
            cursor.execute("SELECT to_regclass('attribute_stamp') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return NOTHING
            _has_table[0] = True
        cursor.execute("SELECT stamp::text FROM attribute_stamp")
        stamp = str((cursor.fetchone() or [""])[0])
    if _newest[0].stamp != stamp:
        _newest[0] = _read(stamp)
    return _newest[0]


def _read(stamp: str) -> Catalogue:
    from krug.kernel.attributes.models import Attribute, AttributeValue

    attributes: dict[str, list[Attribute]] = defaultdict(list)
    values: dict[int, list[AttributeValue]] = defaultdict(list)
    for attribute in Attribute.objects.filter(is_archived=False).order_by("position", "id"):
        attributes[attribute.entity].append(attribute)
    for value in AttributeValue.objects.order_by("position", "id"):
        values[value.attribute_id].append(value)
    return Catalogue(stamp, dict(attributes), dict(values))
