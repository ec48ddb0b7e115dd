"""What the kinds of fields need beside a name: a unit, a currency, a type led to, a formula, a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from krug.administration.rules.formula_words import NAMED, normalised
from krug.administration.rules.formulas import compiled, names_in
from krug.administration.worked_out import FUNCTIONS
from krug.kernel.attributes.models import Attribute
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.fields import DateField, DecimalField, Field, IntegerField, MoneyField
from krug.kernel.fields.codes import CURRENCIES
from krug.kernel.fields.related import pointing_at
from krug.kernel.registry import entities

MOST_PLACES = 6
LONGEST_UNIT = 20
USUAL_PLACES = 2
MARKED = (True, 1, "1", "true", "on")


def read_details(entity: Entity, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a field, checked; refused with words where something is missing or can not be."""
    is_personal = kind not in Attribute.WORKED_OUT and given.get("personal") in MARKED
    return {**_of_kind(entity, kind, given), **({"personal": True} if is_personal else {})}


def _of_kind(entity: Entity, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case Attribute.Kind.NUMBER:
            return _measure(given)
        case Attribute.Kind.MONEY:
            return {"currency": _currency(given)}
        case Attribute.Kind.REFERENCE:
            return {"target": _target(given)}
        case Attribute.Kind.PERSON:
            return {"target": "user"}
        case Attribute.Kind.FORMULA:
            return {"formula": _formula(entity, str(given.get("formula", ""))), **_measure(given)}
        case Attribute.Kind.ROLL_UP:
            return _roll_up(entity, str(given.get("roll_up", "")))
        case _:
            return {}


def targets() -> list[tuple[str, str]]:
    """The types that a field may lead to."""
    return sorted(
        ((each.code, str(each.label)) for each in entities() if each.code != "user"), key=lambda pair: pair[1]
    )


def counted_fields(entity: Entity) -> dict[str, Field]:
    """The numbers, sums and days of a type that a formula may read."""
    return {
        name: field
        for name, field in entity.fields.items()
        if isinstance(field, (DecimalField, IntegerField, DateField)) and field.is_column and name != "id"
    }


def summaries(entity: Entity) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every summary of related records that a type can show: its code, its words and its details."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    words = {"sum": _("sum"), "min": _("least"), "max": _("greatest"), "avg": _("average")}
    for other, link in pointing_at(entity):
        if link.is_attribute:
            continue
        base = {"entity_code": other.code, "link": link.name}
        title = f"{other.plural} ({link.label})"
        found[f"{other.code}.{link.name}.count."] = (
            f"{title}: {_('count')}",
            {**base, "function": "count", "of": "", "currency": "", "places": 0},
        )
        for name, field in other.declared.items():
            if not isinstance(field, (DecimalField, IntegerField)) or name == "id":
                continue
            for function in FUNCTIONS:
                if function in words:
                    details = {**base, "function": function, "of": name, "currency": _of(field), "places": USUAL_PLACES}
                    label = f"{title}: {words[function]}, {field.label}"
                    found[f"{other.code}.{link.name}.{function}.{name}"] = (label, details)
    return found


def summary_code(settings: Mapping[str, Any]) -> str:
    """The code of the summary that these details make."""
    return ".".join(str(settings.get(name, "")) for name in ("entity_code", "link", "function", "of"))


def _of(field: Field) -> str:
    return "RUB" if isinstance(field, MoneyField) else ""


def _measure(given: Mapping[str, Any]) -> dict[str, Any]:
    unit = str(given.get("unit", "")).strip()
    places = str(given.get("places", "") or USUAL_PLACES)
    if len(unit) > LONGEST_UNIT:
        raise Refusal(_("A unit may have at most %(count)s characters.") % {"count": LONGEST_UNIT}, field="unit")
    if not (places.isascii() and places.isdigit() and int(places[:3]) <= MOST_PLACES):
        raise Refusal(_("Give from 0 to %(most)s decimals.") % {"most": MOST_PLACES}, field="places")
    return {"unit": unit, "places": int(places)}


def _currency(given: Mapping[str, Any]) -> str:
    currency = str(given.get("currency", "") or "RUB").upper()
    if currency not in CURRENCIES:
        raise Refusal(_("This currency is not known."), field="currency")
    return currency


def _target(given: Mapping[str, Any]) -> str:
    target = str(given.get("target", ""))
    if target not in {code for code, _label in targets()}:
        raise Refusal(_("Choose the records that the field leads to."), field="target", code="REQUIRED")
    return target


def _formula(entity: Entity, text: str) -> str:
    if not text.strip():
        raise Refusal(_("Write the formula, for example [Amount] * 0.1"), field="formula", code="REQUIRED")
    fields = counted_fields(entity)
    worked_out = {str(field.label).casefold() for field in entity.fields.values() if not field.is_column}
    for label in NAMED.findall(text):
        if label.strip().casefold() in worked_out:
            raise Refusal(
                _("“%(name)s” is worked out itself; a formula reads only what somebody fills in.")
                % {"name": label.strip()},
                field="formula",
                code="FORMULA_OF_FORMULA",
            )
    formula = normalised(text, {str(field.label).casefold(): name for name, field in fields.items()})
    for name in sorted(names_in(formula)):
        if name not in fields:
            raise Refusal(
                _("There is no number, sum or date called “%(name)s” here.") % {"name": name}, field="formula"
            )
    compiled(formula, lambda name: fields[name].expression() if name in fields else Value(0))
    return formula


def _roll_up(entity: Entity, code: str) -> dict[str, Any]:
    known = summaries(entity).get(code)
    if known is None:
        raise Refusal(_("Choose what is to be summed up."), field="roll_up", code="REQUIRED")
    return known[1]
