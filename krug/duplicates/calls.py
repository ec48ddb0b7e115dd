"""Merging and splitting by the API: what is sent, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import MOST, merge_at_door, mergeable
from krug.kernel.errors import BadRequest
from krug.kernel.screens.offers import Call

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


def _only(sent: dict[str, Any], schema: dict[str, Any]) -> None:
    for name in sent:
        if name not in schema["properties"]:
            raise BadRequest(_("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80])


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)
