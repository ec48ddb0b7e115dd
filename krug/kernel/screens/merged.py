"""The address of a record that became part of another leads to that one; with `own` it stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from krug.kernel.doors import get_visible
from krug.kernel.errors import NotFound
from krug.kernel.journal.reading import now_within
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


def root_asked(request: HttpRequest, entity: Entity, pk: int) -> int:
    """The record in which the asked one now is, as far as both are open to whoever asks."""
    root = pk if "own" in request.GET else now_within(entity, pk)
    if root != pk:
        get_visible(entity, asker(request), pk)
        try:
            get_visible(entity, asker(request), root)
        except NotFound:
            return pk
    return root


def led_on(screen: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a record, or the way to the one that it became part of."""

    @wraps(screen)
    def page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
        root = root_asked(request, entity, pk)
        return screen(request, entity=entity, pk=pk) if root == pk else go_to(request, entity.url(root))

    return page
