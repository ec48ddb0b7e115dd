"""Fields of the company defined by the API with all that their kind needs: unit, currency, target, formula, summary."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.kernel import writing
from krug.kernel.api import schemas
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest
from krug.kernel.journal.recording import begin_act
from krug.kernel.registry import get_entity
from krug.kernel.screens.offers import Asked, Operation
from krug.kernel.visibility import demand

KNOWN = ("unit", "places", "currency", "target", "formula", "roll_up", "personal")
MARK = "personal"
DETAILS: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "boolean" if name == MARK else ["string", "integer"]} for name in KNOWN},
    "description": gettext_lazy(
        "What the kind needs: a unit, a currency, a type led to, a formula, a summary; and the mark of personal data."
    ),
}
DEFINITION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "key": {"type": "string", "description": gettext_lazy("The name of the field in records and filters.")},
        "entity": {"type": "string"},
        "kind": {"type": "string"},
        "details": {"type": "object"},
        "values": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["id", "key", "entity", "kind", "details", "values"],
}


def define(asked: Asked) -> dict[str, Any]:
    """A new field with its details and the values of its list, at once."""
    from krug.administration.actions.attribute_values import add_values
    from krug.administration.actions.attributes import add_attribute

    user, sent = asked.reading.user, dict(asked.sent)
    details, values = _details(sent.pop("details", {})), sent.pop("values", [])
    if not isinstance(values, list) or len(values) > 500 or not all(isinstance(each, str) for each in values):
        raise BadRequest(_("Give the names of the values."), field="values", code="VALUES")
    demand(user, "attribute", "create")
    read = writing.read_values(_type(), sent, asked.reading, whole=True)
    with transaction.atomic():
        begin_act(user, "attribute.create")
        made = add_attribute(by=user, details=details, **read)
        if values:
            demand(user, "attribute-value", "create")
            add_values(made, values, by=user, language=asked.reading.language)
    return _told(made)


def read_definition(asked: Asked) -> dict[str, Any]:
    """How a field is defined."""
    return _told(get_visible(_type(), asked.reading.user, asked.number))


def change_definition(asked: Asked) -> dict[str, Any]:
    """A unit, a currency, a formula or a summary is changed; what a field leads to stays."""
    from krug.administration.actions.attributes import change_details

    user = asked.reading.user
    details = _details(asked.sent.get("details"))
    if set(asked.sent) - {"details"}:
        raise BadRequest(_("Send “details” only."), field=min(set(asked.sent) - {"details"})[:80], code="UNKNOWN_FIELD")
    get_visible(_type(), user, asked.number)
    demand(user, "attribute", "change")
    with transaction.atomic():
        begin_act(user, "attribute.change")
        return _told(change_details(get_visible(_type(), user, asked.number, lock=True), details, by=user))


def _details(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not set(given) <= set(KNOWN):
        raise BadRequest(
            _("“details” holds %(names)s.") % {"names": ", ".join(KNOWN)}, field="details", code="UNKNOWN_FIELD"
        )
    if not all(
        isinstance(each, (str, int)) and isinstance(each, bool) == (name == MARK) for name, each in given.items()
    ):
        raise BadRequest(_("“details” holds texts and numbers."), field="details", code="DETAILS")
    return given


def _told(attribute: Any) -> dict[str, Any]:
    values = attribute.values.filter(is_archived=False).order_by("position", "id")
    shown = [
        {"id": each.pk, "name_ru": each.name_ru, "name_en": each.name_en, "parent": each.parent_id} for each in values
    ]
    return {
        "id": attribute.pk,
        "key": attribute.key,
        "entity": attribute.entity,
        "kind": attribute.kind,
        "details": attribute.settings,
        "values": shown,
    }


def _type() -> Entity:
    return get_entity("attribute")


def _defining(entity: Entity | None) -> dict[str, Any]:
    shape = schemas.input_schema(_type(), whole=True)
    more = {"details": DETAILS, "values": {"type": "array", "items": {"type": "string"}, "maxItems": 500}}
    return {**shape, "properties": {**shape["properties"], **more}}


def _changing(entity: Entity | None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"details": DETAILS},
        "required": ["details"],
        "additionalProperties": False,
    }


PLACE = "attributes/{number}/details/"
CALLS = (
    Operation(
        "attributes/define/",
        gettext_lazy("Define a field with its details"),
        define,
        DEFINITION,
        method="POST",
        body=_defining,
        status=201,
        code="define_attribute",
    ),
    Operation(PLACE, gettext_lazy("How a field is defined"), read_definition, DEFINITION, code="read_definition"),
    Operation(
        PLACE,
        gettext_lazy("Change the details of a field"),
        change_definition,
        DEFINITION,
        method="POST",
        body=_changing,
        code="change_definition",
    ),
)
