"""Puts the API together: who is asking, every type's calls, search, changes, and problems as documents."""

# No postponed annotations here: the signatures below are read when the calls are made.
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import activate
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import BaseRenderer

from krug.kernel.api.attributes import with_attributes
from krug.kernel.api.changes import changes_after
from krug.kernel.api.documents import answer
from krug.kernel.api.resources import resource
from krug.kernel.api.undoing import undo_call
from krug.kernel.attributes.catalogue import declared_only
from krug.kernel.callers import client_address
from krug.kernel.errors import BadRequest, No, NotSignedIn
from krug.kernel.registry import entities
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.refusals import problem
from krug.kernel.search.finding import search
from krug.kernel.tokens import authenticate_token

LANGUAGES = ("ru", "en")


class Renderer(BaseRenderer):
    """Compact JSON in UTF-8."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


def caller(request: HttpRequest) -> Any:
    """The owner of the token; cookies open nothing here."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise NotSignedIn(_("Send a token: Authorization: Bearer …"), code="NO_TOKEN")
    user = authenticate_token(header, client_address(request))
    request.user = user
    asked = request.headers.get("Accept-Language", "")[:2].lower()
    activate(asked if asked in LANGUAGES else user.language)
    return user


def _add_types(api: NinjaAPI) -> None:
    for entity in entities():
        api.add_router(f"/{entity.plural_url}", resource(entity))


@cache
def service() -> NinjaAPI:
    """The API of this process, made from the declarations."""
    api = NinjaAPI(
        title="Krug",
        version="1",
        description="Every record and every act of Krug.",
        auth=caller,
        renderer=Renderer(),
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    with declared_only():
        _add_types(api)

    @api.get("/search", operation_id="search", summary="Search")
    def find(request: HttpRequest, q: str) -> HttpResponse:
        found = search(q, asker(request))
        hits = [
            {"entity": hit.entity, "id": hit.id, "name": hit.title, "note": hit.note, "url": hit.url}
            for hit in found.hits
        ]
        return answer({"results": hits, "reading": found.reading, "text": found.text})

    @api.get("/changes", operation_id="changes", summary="Changes")
    def feed(request: HttpRequest, after: str = "", limit: int = 100) -> HttpResponse:
        return answer(changes_after(reading_of(request), after, limit))

    undo_call(api)

    @api.get("/schema", include_in_schema=False)
    def schema(request: HttpRequest) -> HttpResponse:
        return answer(with_attributes(api.get_openapi_schema()))

    @api.exception_handler(No)
    def refused(request: HttpRequest, no: No) -> HttpResponse:
        return problem(request, no)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        place = error.errors[0].get("loc", ("",))[-1] if error.errors else ""
        return problem(
            request,
            BadRequest(
                _("“%(name)s” is missing or can not be read.") % {"name": place}, field=str(place), code="PARAMETER"
            ),
        )

    return api
