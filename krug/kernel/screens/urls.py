"""The ready-made routes of an entity type; a domain may put its own record or list page in their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from krug.kernel.screens.as_of import at_any_moment
from krug.kernel.screens.bulk import bulk_page
from krug.kernel.screens.door import door
from krug.kernel.screens.edit import edit, new
from krug.kernel.screens.history import history
from krug.kernel.screens.inline import inline
from krug.kernel.screens.list import count_page, list_page
from krug.kernel.screens.merged import led_on
from krug.kernel.screens.offers import screens_for
from krug.kernel.screens.options import options
from krug.kernel.screens.record import archive, restore
from krug.kernel.screens.record import record as usual_page
from krug.kernel.screens.verb import verb

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

Screen = Callable[..., HttpResponse]


def entity_urls(entity: Entity, *, record: Screen | None = None) -> list[URLPattern]:
    """Every route of one entity type, each with its door: list, forms, page, verbs, history, choices, export."""
    plural, one = entity.plural_url, f"{entity.plural_url}/<int:pk>"
    return [
        _route(entity, f"{plural}/", at_any_moment(list_page), "view", "list"),
        _route(entity, f"{plural}/count/", count_page, "view", "count"),
        *_offered(entity, plural, of_record=False),
        _route(entity, f"{plural}/bulk/", bulk_page, "view", "bulk"),
        _route(entity, f"{plural}/new/", new, "create", "new"),
        _route(entity, f"{plural}/options/", options, "view", "options"),
        _route(entity, f"{one}/", at_any_moment(led_on(record or usual_page)), "view", "page"),
        _route(entity, f"{one}/edit/", edit, "change", "edit"),
        _route(entity, f"{one}/field/<slug:name>/", inline, "change", "field"),
        _route(entity, f"{one}/history/", history, "view", "history"),
        _route(entity, f"{one}/archive/", archive, "archive", "archive"),
        _route(entity, f"{one}/restore/", restore, "archive", "restore"),
        *_offered(entity, one, of_record=True),
        *(
            _route(entity, f"{one}/{known.name}/", verb, known.name, known.name, name=known.name)
            for known in entity.verbs
        ),
    ]


def _offered(entity: Entity, base: str, *, of_record: bool) -> list[URLPattern]:
    given = screens_for(entity, of_record=of_record)
    named = re.compile(r"<\w+:(\w+)>")
    return [
        _route(entity, f"{base}/{each.word}/", each.screen, each.right, named.sub(r"\1", each.word)) for each in given
    ]


def _route(entity: Entity, address: str, screen: Screen, right: str, what: str, **given: Any) -> URLPattern:
    opened = update_wrapper(partial(screen, entity=entity, **given), screen)
    return path(address, door(f"{entity.code}.{right}")(opened), name=f"{entity.code}-{what}")
