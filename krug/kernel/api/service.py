"""Puts the API together: who is asking, every type's calls, search, changes, and problems as documents."""

# No postponed annotations here: the signatures below are read when the calls are made.
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import activate, gettext_lazy
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import BaseRenderer

from krug.kernel.api import schemas
from krug.kernel.api.attributes import with_attributes
from krug.kernel.api.documents import answer, only
from krug.kernel.api.limits import count_call
from krug.kernel.api.meanings import with_meanings
from krug.kernel.api.operations import mount_offered
from krug.kernel.api.resources import resource
from krug.kernel.api.undoing import undo_call
from krug.kernel.attributes.catalogue import declared_only
from krug.kernel.callers import client_address
from krug.kernel.errors import BadRequest, No, NotSignedIn
from krug.kernel.registry import entities
from krug.kernel.screens.door import asker
from krug.kernel.screens.refusals import problem
from krug.kernel.search.finding import search
from krug.kernel.sight import look_as
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
    address = client_address(request)
    user = authenticate_token(header, address)
    request.user = user
    count_call(request, user, address)
    look_as(user)
    asked = request.headers.get("Accept-Language", "")[:2].lower()
    activate(asked if asked in LANGUAGES else user.language)
    return user


def _add_types(api: NinjaAPI) -> None:
    for entity in entities():
        api.add_router(f"/{entity.plural_url}", resource(entity))


def _search_call(api: NinjaAPI) -> None:
    @api.get(
        "/search",
        operation_id="search",
        openapi_extra={
            "summary": gettext_lazy("Search"),
            **schemas.asked("q", required="q"),
            **schemas.answers(schemas.FOUND),
        },
    )
    def find(request: HttpRequest) -> HttpResponse:
        only(request, ("q",))
        if "q" not in request.GET:
            raise BadRequest(_("“%(name)s” is missing or can not be read.") % {"name": "q"}, field="q")
        found = search(request.GET["q"], asker(request))
        hits = [
            {"entity": hit.entity, "id": hit.id, "name": hit.title, "note": hit.note, "url": hit.url}
            for hit in found.hits
        ]
        return answer({"results": hits, "reading": found.reading, "text": found.text})


@cache
def declared() -> dict[str, Any]:
    """The published document as the program itself declares it."""
    with declared_only():
        document = {**service().get_openapi_schema()}
    document["components"] = {
        "schemas": {"Problem": schemas.PROBLEM_DETAILS},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A personal token"}},
    }
    document["security"] = [{"token": []}]
    for call in (call for path in document["paths"].values() for call in path.values()):
        call["responses"] = {code: told for code, told in call["responses"].items() if isinstance(code, str)}
    return with_meanings(document)


def published() -> dict[str, Any]:
    """The document with what the company has added."""
    return with_attributes(declared())


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

    _search_call(api)
    undo_call(api)
    mount_offered(api)

    @api.get("/schema", include_in_schema=False)
    def schema(request: HttpRequest) -> HttpResponse:
        return answer(published())

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
