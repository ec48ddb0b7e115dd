"""Declared fields and attributes of a type together, as every surface knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from krug.kernel.attributes.catalogue import Catalogue, catalogue
from krug.kernel.entity import Entity, Section
from krug.language.bilingual import in_language

if TYPE_CHECKING:
    from django.db.models import Model

    from krug.kernel.attributes.models import Attribute, AttributeValue
    from krug.kernel.fields import Field

MORE = _("More about it")
ARROW = " › "
MOST_LEVELS = 10
named = lazy(in_language, str)


@dataclass(frozen=True)
class Served:
    """What one type offers to its surfaces now; `may_grow` tells whether attributes can come along."""

    fields: Mapping[str, Field]
    sections: tuple[Section, ...]
    editable: tuple[str, ...]
    may_grow: bool = True
    personal: frozenset[str] = frozenset()

    @cached_property
    def groups(self) -> dict[str, str]:
        """The group of the rights matrix in which each field stands; what only the program sets stands in none."""
        return {name: section.key for section in self.sections for name in section.fields}

    def masked(self, name: str) -> Field:
        """The field of that name, covered."""
        from krug.kernel.fields.masked import covered

        return covered(self.fields[name])


def has_room(model: type[Model]) -> bool:
    """Whether the rows of a table have room for attributes."""
    return any(column.name == "custom" for column in model._meta.concrete_fields)


def is_extensible(entity: Entity) -> bool:
    """Whether the company may add fields to this type; the definitions of fields alone say why not."""
    return has_room(entity.model)


def served(entity: Entity) -> Served:
    """The fields of a type, the declared ones first, with the sections of its form."""
    if not entity.as_declared.may_grow:
        return entity.as_declared
    known = catalogue()
    attributes = known.attributes.get(entity.code)
    if not attributes:
        return entity.as_declared
    if entity.code not in known.served:
        known.served[entity.code] = _together(entity, attributes, known)
    found: Served = known.served[entity.code]
    return found


def only_declared(entity: Entity) -> Served:
    """The fields of a type as the program itself gives them."""
    plain = tuple(name for section in entity.form for name in section.fields if name not in entity.protected)
    return Served(entity.declared, entity.form, plain, is_extensible(entity), frozenset(entity.personal))


def _together(entity: Entity, attributes: list[Attribute], known: Catalogue) -> Served:
    fields = dict(entity.declared)
    for attribute in sorted(attributes, key=lambda each: each.kind in each.WORKED_OUT):
        made = field_of(attribute, known.values.get(attribute.pk, []), fields, entity)
        if made is not None:
            fields[made.name] = made
    typed = {each.key: each for each in attributes if each.kind not in each.WORKED_OUT and each.key in fields}
    shown = {each.key: each for each in attributes if each.key in fields}
    sections = _sections(entity, shown)
    declared = entity.as_declared.editable
    editable = tuple(name for section in sections for name in section.fields if name in declared or name in typed)
    personal = {*entity.personal, *(name for name, each in typed.items() if each.settings.get("personal"))}
    return Served(fields, sections, editable, personal=frozenset(personal))


def _sections(entity: Entity, attributes: Mapping[str, Attribute]) -> tuple[Section, ...]:
    """The declared groups of fields with what was added to them, then the groups that the company made."""
    groups: dict[str, tuple[Any, list[str]]] = {
        section.key: (section.title, list(section.fields)) for section in entity.form
    }
    for name, attribute in attributes.items():
        title = attribute.section or MORE
        groups.setdefault(Section(title).key, (title, []))[1].append(name)
    return tuple(Section(title, *names) for title, names in groups.values())


def field_of(
    attribute: Attribute, values: list[AttributeValue], fields: Mapping[str, Field], entity: Entity
) -> Field | None:
    """The field that a definition makes; nothing when what it leads to is gone."""
    from krug.kernel.attributes import kinds, listed

    told = attribute.settings
    common: dict[str, Any] = {"name": attribute.key, "label": named(attribute.name_ru, attribute.name_en)}
    common |= {"path": f"custom__{attribute.key}", "number": attribute.pk, "required": attribute.is_required}
    match attribute.kind:
        case "number":
            return kinds.NumberAttribute(**common, places=told.get("places", 2), unit=told.get("unit", ""))
        case "money":
            return kinds.MoneyAttribute(**common, currency=told.get("currency", "RUB"))
        case "date":
            return kinds.DateAttribute(**common)
        case "yes_no":
            return kinds.YesNoAttribute(**common)
        case "choice" | "tree" | "choices":
            made = listed.ChoicesAttribute if attribute.kind == "choices" else listed.ChoiceAttribute
            return made(**common, **_listed(values))
        case "person" | "reference":
            return _link(told.get("target", "user"), common)
        case "text":
            return kinds.TextAttribute(**common)
        case _:
            made_beside = _beside.get(attribute.kind)
            return made_beside(Definition(attribute, fields, entity), common) if made_beside else None


@dataclass(frozen=True)
class Definition:
    """What is known when the field of a definition is made: the type and the fields that it has already."""

    attribute: Attribute
    fields: Mapping[str, Field]
    entity: Entity


Made = Callable[[Definition, dict[str, Any]], "Field | None"]
_beside: dict[str, Made] = {}


def serve_kind(kind: str, made: Made) -> None:
    """A domain serves a kind of attribute that the kernel can not know, such as files or formulas."""
    _beside[kind] = made


def _link(target: str, common: dict[str, Any]) -> Field | None:
    from krug.kernel.attributes.linked import ReferenceAttribute
    from krug.kernel.errors import NotFound
    from krug.kernel.registry import get_entity

    try:
        return ReferenceAttribute(**common, model=get_entity(target).model)
    except NotFound:
        return None


def _listed(values: list[AttributeValue]) -> dict[str, Any]:
    """The values of a list: those offered, the names of all, what was merged, and what stands under what."""
    by_number = {value.pk: value for value in values}
    ways = {value.pk: _way(value, by_number) for value in values}
    names = {
        pk: lazy(lambda way=way: ARROW.join(str(by_number[each]) for each in way), str)() for pk, way in ways.items()
    }
    merged = {value.pk: value.merged_into_id for value in values if value.merged_into_id}
    below: dict[int, list[int]] = {}
    for pk, way in ways.items():
        for above in way[:-1]:
            below.setdefault(above, []).append(pk)
    offered = [value for value in values if not value.is_archived and not value.merged_into_id]
    offered.sort(key=lambda value: [(by_number[pk].position, pk) for pk in ways[value.pk]])
    return {
        "choices": tuple((value.pk, names[value.pk]) for value in offered),
        "named": {pk: names[pk] for pk in names if pk not in merged},
        "merged": {old: _end(old, merged) for old in merged},
        "under": {above: tuple(each) for above, each in below.items()},
    }


def _way(value: AttributeValue, by_number: Mapping[int, AttributeValue]) -> list[int]:
    """The numbers from the topmost node down to this value."""
    way = [value.pk]
    while len(way) < MOST_LEVELS:
        above = by_number[way[0]].parent_id
        if above is None or above in way or above not in by_number:
            break
        way.insert(0, above)
    return way


def _end(old: int, merged: Mapping[int, int]) -> int:
    for _step in range(MOST_LEVELS):
        old = merged.get(old, old)
    return old
