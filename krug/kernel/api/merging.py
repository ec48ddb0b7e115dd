"""Merging and splitting by the API, and the way from an old number to the record it became part of."""

# No postponed annotations here: the signatures below are read when the calls are made.
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from krug.kernel import doors
from krug.kernel.api import schemas
from krug.kernel.api.documents import read_json
from krug.kernel.api.idempotency import once_for
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.merging.splitting import now_within, split_at_door
from krug.kernel.merging.uniting import MOST, merge_at_door
from krug.kernel.screens.door import asker

NUMBER = {"type": "integer", "minimum": 1}
MERGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "with": {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": MOST - 1},
        "values": {"type": "object", "additionalProperties": NUMBER},
    },
    "required": ["with"],
    "additionalProperties": False,
}
SPLIT: dict[str, Any] = {
    "type": "object",
    "properties": {"also": {"type": "array", "items": {"type": "string"}, "maxItems": 200}},
    "additionalProperties": False,
}


def merge_calls(router: Router, entity: Entity, told: Callable[..., HttpResponse]) -> None:
    """The two calls of one type: `with` names the records that go, `values` by field whose value is kept."""

    @router.post(
        "/{int:pk}/merge/",
        operation_id=f"merge_{entity.code}",
        summary="Merge",
        openapi_extra={**schemas.body(MERGE), **schemas.answers(schemas.output_schema(entity))},
    )
    def merge_record(request: HttpRequest, pk: int) -> HttpResponse:
        sent = _known(read_json(request), ("with", "values"))
        losers, values = sent.get("with"), sent.get("values", {})
        if not isinstance(losers, list) or not all(_is_number(one) for one in losers):
            raise BadRequest(_("Give the numbers of the records to be merged."), field="with")
        if not isinstance(values, dict) or not all(_is_number(one) for one in values.values()):
            raise BadRequest(_("Give for each field the number of a record."), field="values")

        def act() -> HttpResponse:
            merge_at_door(entity, pk, losers, choices=values, by=asker(request))
            return told(request, entity, pk)

        return once_for(request, f"POST {entity.plural_url}/{pk}/merge", act)

    @router.post(
        "/{int:pk}/split/",
        operation_id=f"split_{entity.code}",
        summary="Split off",
        openapi_extra={**schemas.body(SPLIT), **schemas.answers(schemas.output_schema(entity))},
    )
    def split_record(request: HttpRequest, pk: int) -> HttpResponse:
        also = _known(read_json(request), ("also",)).get("also", [])
        if not isinstance(also, list) or len(also) > 200 or not all(isinstance(one, str) for one in also):
            raise BadRequest(_("Name records like “%(example)s”.") % {"example": "deal:17"}, field="also")

        def act() -> HttpResponse:
            split_at_door(entity, pk, also=also, by=asker(request))
            return told(request, entity, pk)

        return once_for(request, f"POST {entity.plural_url}/{pk}/split", act)


def led_on(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse | None:
    """A record that became part of another is answered with the address of that one, as far as it is open."""
    root = pk if "own" in request.GET else now_within(entity, pk)
    if root == pk:
        return None
    doors.get_visible(entity, asker(request), pk)
    try:
        doors.get_visible(entity, asker(request), root)
    except NotFound:
        return None
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponse(status=301)
    answer["Location"] = request.path.replace(f"/{pk}/", f"/{root}/") + (f"?{query}" if query else "")
    answer["Cache-Control"] = "no-store"
    return answer


def _known(sent: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    for name in sent:
        if name not in names:
            raise BadRequest(_("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80])
    return sent


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
