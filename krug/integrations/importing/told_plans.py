"""A plan as another program tells it: read strictly, laid over the one that was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import User
from krug.exchange.importing.encodings import ENCODINGS
from krug.exchange.importing.guessing import guess_table, importable
from krug.exchange.importing.intake import keys_of, keys_of_model, targets_of
from krug.exchange.importing.plans import ColumnPlan, Days, Missing, OnMatch, Plan, TablePlan
from krug.exchange.importing.tables import LOOKED_AT, SEPARATORS, Table
from krug.kernel.errors import BadRequest
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.registry import get_entity

TEXT: dict[str, Any] = {"type": "string", "maxLength": 500}
ENCODING: dict[str, Any] = {
    "type": "string",
    "description": gettext_lazy("The encoding of a text file; empty as it was recognised."),
}
SEPARATOR: dict[str, Any] = {
    "type": "string",
    "description": gettext_lazy("The sign between two cells of a text file; empty as it was recognised."),
}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
COLUMN: dict[str, dict[str, Any]] = {
    "column": TEXT,
    "target": TEXT,
    "constant": TEXT,
    "by": TEXT,
    "missing": {"type": "string", "enum": list(Missing.values)},
    "splitter": {"type": "string", "maxLength": 3},
    "words": {"type": "object", "additionalProperties": TEXT},
}
TABLE: dict[str, dict[str, Any]] = {
    "table": TEXT,
    "entity": TEXT,
    "columns": {
        "type": "array",
        "maxItems": 1_000,
        "items": {"type": "object", "properties": COLUMN, "required": ["column"], "additionalProperties": False},
    },
    "keys": TEXTS,
    "on_match": {"type": "string", "enum": list(OnMatch.values)},
    "system": {"type": "string", "minLength": 1, "maxLength": 60},
    "days": {"type": "string", "enum": list(Days.values)},
    "decimal": {"type": "string", "enum": ["", ".", ","]},
    "fillers": TEXTS,
    "leave": {"type": "object", "additionalProperties": TEXTS},
    "note": TEXT,
    "encoding": ENCODING | {"enum": ["", *ENCODINGS]},
    "separator": SEPARATOR | {"enum": ["", *SEPARATORS]},
    "head": {"type": ["integer", "null"], "minimum": 0, "maximum": LOOKED_AT},
}
PLAN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "tables": {
            "type": "array",
            "maxItems": 500,
            "items": {"type": "object", "properties": TABLE, "required": ["table"], "additionalProperties": False},
        },
        "preset": {"type": "string", "maxLength": 60},
    },
    "required": ["tables"],
    "additionalProperties": False,
}


def plan_told(sent: Any, guessed: Plan, tables: Sequence[Table], user: User) -> Plan:
    """The guessed plan with what was told of its tables; a table that is not named stays as it was guessed."""
    _must_fit(sent, PLAN, "plan")
    by_name = {table.name: table for table in tables}
    told = {table["table"]: table for table in sent["tables"]}
    for name in told:
        if name not in by_name:
            raise BadRequest(_("There is no table “%(name)s” in these files.") % {"name": name[:80]}, field="tables")
    now = {each.table: (each.encoding, each.separator) for each in guessed.tables}
    for name, table in told.items():
        if (table.get("encoding", now[name][0]), table.get("separator", now[name][1])) != now[name]:
            words = _("Have “%(name)s” read another way first: its columns are told then.")
            raise BadRequest(words % {"name": name[:80]}, field="tables", code="READ_FIRST")
    return replace(
        guessed,
        tables=tuple(
            _table(told[each.table], each, by_name[each.table], user) if each.table in told else each
            for each in guessed.tables
        ),
    )


def _table(told: dict[str, Any], guessed: TablePlan, table: Table, user: User) -> TablePlan:
    code = told.get("entity", guessed.entity)
    head = told.get("head", guessed.head)
    read: dict[str, Any] = {"encoding": guessed.encoding, "separator": guessed.separator}
    if head is not None and head != table.head:
        table = table.headed(head)
        guessed = guess_table(table, user, code)
    guessed = replace(guessed, head=head, **read)
    if not code:
        return replace(guessed, entity="")
    if code not in {entity.code for entity in importable(user)}:
        raise BadRequest(_("Choose what the rows are."), field="entity", code="ENTITY")
    base = guessed if code == guessed.entity else replace(guess_table(table, user, code), head=head, **read)
    columns = tuple(_column(each, code, table) for each in told["columns"]) if "columns" in told else base.columns
    keys = told.get("keys", base.keys)
    if not set(keys) <= keys_of(get_entity(code)).keys():
        raise BadRequest(_("Choose how known records are recognised."), field="keys", code="KEYS")
    plain = {name: told[name] for name in ("on_match", "system", "days", "decimal", "leave", "note") if name in told}
    return replace(base, columns=columns, keys=tuple(keys), fillers=tuple(told.get("fillers", base.fillers)), **plain)


def _column(told: dict[str, Any], code: str, table: Table) -> ColumnPlan:
    column = ColumnPlan(**told)
    if column.column and column.column not in table.columns:
        raise BadRequest(
            _("There is no column “%(name)s” in %(table)s.") % {"name": column.column[:80], "table": table.name},
            field="columns",
            code="COLUMN",
        )
    target = targets_of(get_entity(code)).get(column.target) if column.target else None
    if column.target and target is None:
        raise BadRequest(
            _("There is no field “%(name)s” here.") % {"name": column.target[:80]}, field="columns", code="TARGET"
        )
    field = target.field if target is not None else None
    if column.by and not (isinstance(field, ReferenceField) and column.by in keys_of_model(field.model)):
        raise BadRequest(_("Choose how known records are recognised."), field="columns", code="BY")
    return column


def _must_fit(value: Any, shape: dict[str, Any], place: str) -> None:
    """Refuse what has another shape than the published one; `place` says where."""
    if "integer" in shape["type"]:
        return _must_be_number(value, shape, place)
    kind = {"string": str, "array": list, "object": dict}[shape["type"]]
    fits = isinstance(value, kind) and (not isinstance(value, str) or _is_text(value, shape))
    if fits and isinstance(value, list):
        fits = len(value) <= shape.get("maxItems", 1_000)
    if not fits:
        raise _unreadable(place)
    for number, each in enumerate(value if isinstance(value, list) else ()):
        _must_fit(each, shape["items"], f"{place}[{number}]")
    if isinstance(value, dict):
        _must_fit_object(value, shape, place)


def _must_be_number(value: Any, shape: dict[str, Any], place: str) -> None:
    fits = isinstance(value, int) and not isinstance(value, bool) and shape["minimum"] <= value <= shape["maximum"]
    if value is not None and not fits:
        raise _unreadable(place)


def _unreadable(place: str) -> BadRequest:
    words = _("“%(name)s” is missing or can not be read.") % {"name": place[:80]}
    return BadRequest(words, field=place[:80], code="PLAN")


def _must_fit_object(value: dict[str, Any], shape: dict[str, Any], place: str) -> None:
    known, rest = shape.get("properties", {}), shape.get("additionalProperties") or None
    for name in shape.get("required", ()):
        if name not in value:
            _must_fit(None, {"type": "string"}, f"{place}.{name}")
    for name, each in value.items():
        inner = known.get(name, rest)
        if inner is None:
            raise BadRequest(
                _("There is no field “%(name)s” here.") % {"name": name[:80]}, field=place[:80], code="UNKNOWN_FIELD"
            )
        _must_fit(each, inner, f"{place}.{name}")


def _is_text(value: str, shape: dict[str, Any]) -> bool:
    if "enum" in shape:
        return value in list(shape["enum"])
    return int(shape.get("minLength", 0)) <= len(value) <= int(shape.get("maxLength", 500))
