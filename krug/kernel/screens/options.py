"""Choices for a reference while somebody types: only records that the asker may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from krug.access.models import User
from krug.kernel.fields import title_from, title_names
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker
from krug.kernel.search.finding import search
from krug.kernel.ui.pages import render
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

MOST, WIDE = 20, 60


@require_GET
def options(request: HttpRequest, entity: Entity) -> HttpResponse:
    """The visible records whose title holds the words; when there are none, those that the search box would find."""
    rows = entity.rows_for(asker(request))
    if "is_archived" in entity.fields:
        rows = rows.filter(is_archived=False)
    return _answer(request, rows, entity.model, entity.code)


@require_GET
def people_options(request: HttpRequest) -> HttpResponse:
    """Our people whose name or address holds the words."""
    return _answer(request, people(asker(request)), User)


def people(user: User) -> Any:
    """Those of our people who may be chosen: visible, active, and not the actors of the system."""
    return get_entity("user").rows_for(user).filter(is_active=True, is_system=False)


def _answer(request: HttpRequest, rows: Any, model: Any, code: str = "user") -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    found = found_by(rows, model, words)
    if words and not found:
        hits = search(words, asker(request), limit=WIDE, only=code).hits
        found = found_by(rows.filter(pk__in=[hit.id for hit in hits]), model, "")
    return render(request, "kernel/_options.html", {"items": found})


def found_by(rows: Any, model: Any, words: str, *, limit: int = MOST) -> list[tuple[int, str]]:
    """Number and title of the rows in whose title every word stands."""
    names = title_names(model)
    condition = Q()
    for word in words.split()[:6]:
        one = Q()
        for name in names:
            one |= Q(**{name if name == "id" and word.isdigit() else f"{name}__icontains": word})
        condition &= one
    language = speech()
    found = rows.filter(condition).order_by(*(names if words else ("-pk",))).values_list("pk", *names)[:limit]
    return [(pk, title_from(model, tuple(rest), language)) for pk, *rest in found]
