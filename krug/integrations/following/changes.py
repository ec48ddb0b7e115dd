"""The feed of changes for programs that keep a copy: what became of each record, and how it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.integrations.following.feed import NOW, Change, changes_from, place_at
from krug.kernel.api import schemas
from krug.kernel.api.documents import number_in
from krug.kernel.api.records import ALWAYS, record_json
from krug.kernel.entity import Entity
from krug.kernel.fields import Field, Reading
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.state import column_at
from krug.kernel.models import RecordMerge
from krug.kernel.screens.offers import Asked, Operation

MOST = 200
CHANGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "entity": {"type": "string"},
        "id": {"type": "integer"},
        "kind": {"type": "string", "enum": ["created", "changed", "gone"]},
        "at": {"type": "string", "format": "date-time"},
        "actor": {"type": ["integer", "null"]},
        "act": {"type": "string"},
        "record": {"type": ["object", "null"], "description": _("The record as it stands; nothing when it is gone.")},
        "merged_into": {
            "type": ["integer", "null"],
            "description": _("The record that this one became part of, if that one is open to you."),
        },
    },
    "required": ["entity", "id", "kind", "at", "actor", "act", "record", "merged_into"],
}


def changes_after(asked: Asked) -> dict[str, Any]:
    """The changes after the cursor that concern the caller, in an order that stays, each with its record."""
    cursor, reading = asked.parameters.get("after", ""), asked.reading
    limit = number_in(asked.parameters.get("limit", ""), "limit", most=MOST, usual=MOST)
    place = place_at(cursor, reading.user)
    if cursor == NOW:
        return {"results": [], "next": place.written(), "more": False}
    changes, place, more = changes_from(place, reading.user, limit)
    records = {code: _records(entity, changes, reading) for code, entity in _types(changes).items()}
    merged = {code: _merged(entity, changes, reading) for code, entity in _types(changes).items()}
    told = [
        _told(change, records[change.entity.code].get(change.record), merged[change.entity.code].get(change.record))
        for change in changes
    ]
    return {"results": told, "next": place.written(), "more": more}


CHANGES = Operation(
    "changes",
    _("What has changed, in an order that stays"),
    changes_after,
    schemas.results(CHANGE, next={"type": "string"}, more={"type": "boolean"}),
    parameters={
        "after": {
            "type": "string",
            "description": _("A cursor out of “next”; “now” for a place to start from; nothing for the beginning."),
            "example": "now",
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": MOST},
    },
)


def stored_fields(entity: Entity) -> list[Field]:
    """The fields that stand in the record itself; what is worked out changes without a change of the record."""
    return [
        field
        for name, field in entity.fields.items()
        if name != "id" and field.is_column and (field.is_attribute or column_at(entity.model, field.at))
    ]


def stored_json(entity: Entity, row: dict[str, Any], fields: Iterable[Field], language: str) -> dict[str, Any]:
    """A record with the numbers of what it points to: their names are other records' and change without it."""
    said = record_json(entity, row, fields, language)
    for name, value in said.items():
        if isinstance(value, dict) and set(value) == {"id", "name"}:
            said[name] = {"id": value["id"]}
    return said


def _types(changes: list[Change]) -> dict[str, Entity]:
    return {change.entity.code: change.entity for change in changes}


def _records(entity: Entity, changes: list[Change], reading: Reading) -> dict[int, dict[str, Any]]:
    ids = [change.record for change in changes if change.entity is entity and change.kind != "gone"]
    fields = stored_fields(entity)
    rows = rows_told(entity.rows_for(reading.user).filter(pk__in=ids), entity, fields, reading.user, also=ALWAYS)
    return {row["id"]: stored_json(entity, row, fields, reading.language) for row in rows}


def _merged(entity: Entity, changes: list[Change], reading: Reading) -> dict[int, int]:
    """By record the one that it is a part of now, as far as the reader sees that one."""
    ids = [change.record for change in changes if change.entity is entity and change.kind != "gone"]
    found = dict(RecordMerge.objects.filter(entity=entity.code, loser_id__in=ids).values_list("loser_id", "keeper_id"))
    seen = set(entity.rows_for(reading.user).filter(pk__in=found.values()).values_list("pk", flat=True))
    return {loser: keeper for loser, keeper in found.items() if keeper in seen}


def _told(change: Change, record: dict[str, Any] | None, merged_into: int | None) -> dict[str, Any]:
    return {
        "entity": change.entity.code,
        "id": change.record,
        "kind": change.kind if record else "gone",
        "at": change.at.isoformat().replace("+00:00", "Z"),
        "actor": change.actor,
        "act": change.act,
        "record": record,
        "merged_into": merged_into,
    }
