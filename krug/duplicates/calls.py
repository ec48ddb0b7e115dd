"""Merging, splitting and the queue of pairs by the API: what is sent, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.duplicates.matching.keeping import searched
from krug.duplicates.matching.queue import call_distinct, waiting_for
from krug.duplicates.matching.records import in_words, is_told_whole
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import MOST, merge_at_door, mergeable
from krug.kernel.api import schemas
from krug.kernel.api.documents import number_in
from krug.kernel.errors import BadRequest
from krug.kernel.screens.offers import Asked, Call, Operation

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

MOST_NAMED = 200
NUMBER = {"type": "integer", "minimum": 1}
MERGED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "with": {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": MOST - 1},
        "values": {"type": "object", "additionalProperties": NUMBER},
    },
    "required": ["with"],
    "additionalProperties": False,
}
SPLIT_OFF: dict[str, Any] = {
    "type": "object",
    "properties": {"also": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_NAMED}},
    "additionalProperties": False,
}


def merge_record(entity: Entity, pk: int, sent: dict[str, Any], *, by: User) -> None:
    """`with` names the records that go, `values` by field whose value is kept."""
    _only(sent, MERGED)
    losers, values = sent.get("with"), sent.get("values", {})
    if not isinstance(losers, list) or not _are_numbers(losers):
        raise BadRequest(_("Give the numbers of the records to be merged."), field="with")
    if not isinstance(values, dict) or not _are_numbers(list(values.values())):
        raise BadRequest(_("Give for each field the number of a record."), field="values")
    merge_at_door(entity, pk, losers, choices=values, by=by)


def split_record(entity: Entity, pk: int, sent: dict[str, Any], *, by: User) -> None:
    """`also` names what came later and goes along."""
    _only(sent, SPLIT_OFF)
    also = sent.get("also", [])
    if not isinstance(also, list) or len(also) > MOST_NAMED or not all(isinstance(one, str) for one in also):
        raise BadRequest(_("Name records like “%(example)s”.") % {"example": "deal:17"}, field="also")
    split_at_door(entity, pk, also=also, by=by)


MERGE = Call("merge", gettext_lazy("Merge"), MERGED, merge_record, fits=mergeable)
SPLIT = Call("split", gettext_lazy("Split off"), SPLIT_OFF, split_record, fits=mergeable)


PAIR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": NUMBER,
        "records": {"type": "array", "items": NUMBER},
        "score": {
            "type": ["number", "null"],
            "description": gettext_lazy("Nothing when a part of it is closed to you."),
        },
        "reasons": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id", "records", "score", "reasons"],
}
NOTHING: dict[str, Any] = {"type": "object", "additionalProperties": False}


def pairs_waiting(asked: Asked) -> dict[str, Any]:
    """The pairs that wait for a decision, the surest first, of which the caller sees both records."""
    entity = _type(asked)
    waiting = waiting_for(entity, asked.reading.user)
    limit = number_in(asked.parameters.get("limit", ""), "limit", most=MOST_NAMED, usual=50)
    told = [
        {
            "id": pair.pk,
            "records": [pair.one_id, pair.two_id],
            "score": pair.score if is_told_whole(entity, pair.reasons) else None,
            "reasons": in_words(entity, pair.reasons),
        }
        for pair in waiting[:limit]
    ]
    return {"results": told, "count": waiting.count()}


def told_distinct(asked: Asked) -> dict[str, Any]:
    """Two records that look alike are two; the pair is not shown again."""
    _only(asked.sent, NOTHING)
    call_distinct(_type(asked), asked.number, by=asked.reading.user)
    return {"id": asked.number}


QUEUE = (
    Operation(
        "duplicates/",
        gettext_lazy("Pairs that may be duplicates"),
        pairs_waiting,
        schemas.results(PAIR, count={"type": "integer"}),
        parameters={"limit": {"type": "integer", "minimum": 1, "maximum": MOST_NAMED, "default": 50}},
        fits=searched,
        code="list_duplicates",
    ),
    Operation(
        "duplicates/{number}/distinct/",
        gettext_lazy("Say that two records are two"),
        told_distinct,
        {"type": "object", "properties": {"id": NUMBER}, "required": ["id"]},
        method="POST",
        body=lambda _entity: NOTHING,
        fits=searched,
        code="call_distinct",
    ),
)


def _type(asked: Asked) -> Entity:
    assert asked.entity is not None
    return asked.entity


def _only(sent: dict[str, Any], schema: dict[str, Any]) -> None:
    for name in sent:
        if name not in schema.get("properties", {}):
            raise BadRequest(_("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80])


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)
