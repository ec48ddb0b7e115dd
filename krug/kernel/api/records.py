"""Records as programs see them: every declared field, references with names, money with its currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, MoneyField, Reading, ReferenceField
from krug.kernel.fields.reference import CONCEALED
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import field_seen_through
from krug.kernel.registry import entity_of

ALWAYS = ("id", "version")


def fields_shown(entity: Entity, wanted: str) -> list[Field]:
    """The fields of an answer: all of them, or those named in `fields`."""
    if not wanted:
        return [field for name, field in entity.fields.items() if name != "id"]
    names = [name.strip() for name in wanted.split(",") if name.strip()][:100]
    return [entity.field(name) for name in names if name not in ALWAYS]


def paths_for(fields: Iterable[Field]) -> tuple[str, ...]:
    """The columns to read for these fields."""
    return tuple(dict.fromkeys([*ALWAYS, *(path for field in fields for path in field.paths())]))


def record_json(entity: Entity, row: dict[str, Any], fields: Iterable[Field], language: str) -> dict[str, Any]:
    """One row as an answer."""
    said: dict[str, Any] = {"id": row["id"], "version": row.get("version")}
    for field in fields:
        said[field.name] = _value(field, row, language)
        if isinstance(field, MoneyField):
            said[field.currency_at.replace("__", "_") if "__" in field.name else field.currency_at] = row.get(
                field.currency_at
            )
    return said


def _value(field: Field, row: dict[str, Any], language: str) -> Any:
    if not isinstance(field, ReferenceField):
        return field.json(row.get(field.at))
    pk = row.get(field.id_at)
    if pk is None:
        return None
    if row.get(f"{field.at}{CONCEALED}"):
        return {"id": pk, "name": None}
    return {"id": pk, "name": field.title_in(row, language)}


def expanded(entity: Entity, rows: list[dict[str, Any]], names: str, reading: Reading) -> None:
    """Put whole records in the place of references named in `expand`, as far as the caller may see them."""
    for name in [name.strip() for name in names.split(",") if name.strip()][:5]:
        field = entity.field(name)
        target = entity_of(field.model) if isinstance(field, ReferenceField) else None
        if target is None or "__" in name:
            raise BadRequest(_("“%(name)s” can not be expanded.") % {"name": name[:60]}, field="expand", code="EXPAND")
        field_seen_through(entity, f"{name}__id", reading.user)
        ids = {row[name]["id"] for row in rows if row.get(name)}
        inner = fields_shown(target, "")
        found = {
            row["id"]: record_json(target, row, inner, reading.language)
            for row in rows_told(
                target.rows_for(reading.user).filter(pk__in=ids), target, inner, reading.user, also=ALWAYS
            )
        }
        for row in rows:
            if row.get(name):
                row[name] = found.get(row[name]["id"], {**row[name], "closed": _("This record is not open to you.")})
