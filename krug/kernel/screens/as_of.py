"""Lists and records as of a date: the same pages, read only, with the way back to today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.journal.as_of import has_past, looking_at, read_moment
from krug.kernel.moment import PARAMETER, looking_back
from krug.kernel.screens.controls import reading_of
from krug.kernel.ui import formats
from krug.kernel.ui.pages import wants_part

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.screens.door import View


def at_any_moment(screen: View) -> View:
    """The screen answers as of the moment that the address names."""

    @wraps(screen)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with as_asked(request, kwargs.get("entity")):
                return screen(request, *args, **kwargs)
        except BadRequest as no:
            if no.field != PARAMETER or request.method != "GET" or wants_part(request):
                raise
            return today_instead(request, no, lambda: screen(request, *args, **kwargs))

    return answer


def today_instead(request: HttpRequest, no: BadRequest, screen: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it stands today, saying what could not be read and keeping what was typed."""
    query = request.GET.copy()
    (text,) = query.pop(PARAMETER)[-1:]
    request.GET = query  # type: ignore[assignment]  # without the moment the page is that of today
    told = {"text": text, "words": str(no), "keep": list(query.items())}
    request.misread_moment = told  # type: ignore[attr-defined]  # read by the frame of the same answer
    response = screen()
    response.status_code = no.status
    return response


@contextmanager
def as_asked(request: HttpRequest, entity: Entity | None = None) -> Iterator[None]:
    """Within this block one looks as of the moment that the request names, if it names one.

    People, teams and roles are never laid over with their past, so their lists and pages say that they have none.
    """
    text = request.GET.get(PARAMETER, "")
    if not text:
        yield
        return
    if entity is not None and not has_past(entity.model):
        said = _("“%(objects)s” are shown only as they are today; what was changed stands in the history of each.")
        raise BadRequest(said % {"objects": entity.plural}, field=PARAMETER, code="NO_PAST")
    if request.method not in ("GET", "HEAD"):
        raise BadRequest(_("The past is not changed. Go back to today first."), field=PARAMETER, code="READ_ONLY")
    with looking_at(read_moment(text, reading_of(request)), text):
        yield


def moment_context(request: HttpRequest) -> dict[str, Any]:
    """The banner of a page that looks back: the moment in words and the same page today."""
    looking = looking_back()
    if looking is None:
        return {"as_of": None, "misread": getattr(request, "misread_moment", None)}
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    today = f"{request.path}?{query.urlencode()}" if query else request.path
    return {
        "misread": None,
        "as_of": {"words": formats.moment(timezone.localtime(looking.at)), "text": looking.text, "today_url": today},
    }
