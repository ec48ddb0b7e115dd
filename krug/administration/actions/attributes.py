"""Fields that the company adds to its types of records: added, renamed, moved, put away."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.administration.actions.attribute_details import read_details
from krug.kernel import writing
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.models import Attribute
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.registry import entities, entity_of
from krug.language.readings import normalise

MOST_ATTRIBUTES = 300
ALIKE = 0.8
STEP = 10
NOT_YET = 10**15 - 1


@transaction.atomic
def add_attribute(*, by: User, details: Mapping[str, Any] | None = None, **values: Any) -> Attribute:
    """A new field stands at once on every form, list and call of its type."""
    target = extensible_of(values.get("entity", ""))
    kind = values.get("kind") or Attribute.Kind.TEXT
    _named(target, values.get("name_ru", ""), values.get("name_en", ""))
    own = Attribute.objects.select_for_update().filter(entity=target.code)
    if own.filter(is_archived=False).count() >= MOST_ATTRIBUTES:
        raise Refusal(_("A type of records holds at most %(count)s added fields.") % {"count": MOST_ATTRIBUTES})
    settings = read_details(target, kind, details or {})
    last = own.order_by("-position").values_list("position", flat=True).first() or 0
    values = {**values, "position": values.get("position") or last + STEP, "settings": settings}
    if kind in Attribute.WORKED_OUT:
        values["is_required"] = False
    made: Attribute = writing.create(_type(), values, by=by)
    look_again()
    return made


def drafted(entity: Entity, kind: str, details: Mapping[str, Any], **values: Any) -> Attribute:
    """A field as it would be, for looking at; nothing is kept."""
    return Attribute(pk=NOT_YET, entity=entity.code, kind=kind, settings=read_details(entity, kind, details), **values)


@transaction.atomic
def change_attribute(attribute: Attribute, values: dict[str, Any], *, by: User) -> Attribute:
    """A field may be renamed, moved and made required; its kind and its type stay, for values stand under it."""
    for name in ("entity", "kind"):
        if name in values and values[name] != getattr(attribute, name):
            raise Refusal(_("This stays as it is: values stand under the field. Add another field."), field=name)
    names = {name: values.get(name, getattr(attribute, name)) for name in ("name_ru", "name_en")}
    if names != {name: getattr(attribute, name) for name in names}:
        _named(extensible_of(attribute.entity), **names, but=attribute.key)
    changed: Attribute = writing.change(_type(), attribute, values, by=by)
    look_again()
    return changed


@transaction.atomic
def change_details(attribute: Attribute, details: Mapping[str, Any], *, by: User) -> Attribute:
    """A unit, a currency, a formula or the mark of personal data may be changed; what a field leads to stays.

    What is not spoken of stays too, as far as the mark goes: nobody opens personal data by saying nothing.
    """
    details = {"personal": attribute.settings.get("personal"), "target": attribute.settings.get("target"), **details}
    settings = read_details(extensible_of(attribute.entity), attribute.kind, details)
    if settings.get("target") != attribute.settings.get("target"):
        raise Refusal(_("This stays as it is: values stand under the field. Add another field."), field="target")
    if settings.get("places", 0) < attribute.settings.get("places", 0) and attribute.kind == Attribute.Kind.NUMBER:
        raise Refusal(_("Fewer decimals would cut numbers that are written already."), field="places")
    changed: Attribute = writing.change(_type(), attribute, {"settings": settings}, by=by)
    look_again()
    return changed


def archive_attribute(attribute: Attribute, *, by: User) -> Attribute:
    """A field put away leaves all forms and lists; its values stay and come back with it."""
    put_away: Attribute = writing.archive(_type(), attribute, by=by)
    look_again()
    return put_away


@transaction.atomic
def move_attribute(attribute: Attribute, *, by: User, up: bool) -> None:
    """A field changes places with its neighbour on the form."""
    own = list(Attribute.objects.select_for_update().filter(entity=attribute.entity, is_archived=False))
    own.sort(key=lambda each: (each.position, each.pk))
    place = next((at for at, each in enumerate(own) if each.pk == attribute.pk), 0)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(own):
        return
    own[place], own[other] = own[other], own[place]
    for at, each in enumerate(own, start=1):
        writing.change(_type(), each, {"position": at * STEP}, by=by)
    look_again()


def extensible_of(code: str) -> Entity:
    """The type of that code, if the company may add fields to it."""
    found = next((entity for entity in entities() if entity.code == code and is_extensible(entity)), None)
    if found is None:
        raise Refusal(_("Fields can not be added to these records."), field="entity", code="NOT_EXTENSIBLE")
    return found


def names_of_fields(entity: Entity, but: str = "") -> dict[str, set[str]]:
    """What the fields of a type are called, in both languages."""
    found: dict[str, set[str]] = {}
    for language in ("ru", "en"):
        with override(language):
            for name, field in entity.fields.items():
                if name != but:
                    found.setdefault(name, set()).add(normalise(str(field.label)))
    return found


def look_alikes(entity: Entity, *names: str) -> list[str]:
    """The fields of a type whose names are so near to these that they may mean the same."""
    wanted = [normalise(name) for name in names if name.strip()]
    return [
        str(entity.fields[field].label)
        for field, known in names_of_fields(entity).items()
        if any(_alike(one, other) for one in wanted for other in known)
    ]


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    begins = len(shorter) >= 4 and longer.startswith(shorter)
    return bool(one and other) and (begins or SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _named(entity: Entity, name_ru: str, name_en: str, but: str = "") -> None:
    if not name_ru.strip() and not name_en.strip():
        raise Refusal(_("Give the field a name."), field="name_ru", code="REQUIRED")
    taken = {known for names in names_of_fields(entity, but).values() for known in names}
    for field, name in (("name_ru", name_ru), ("name_en", name_en)):
        if name.strip() and normalise(name) in taken:
            raise Refusal(
                _("There is already a field “%(name)s”. Choose another name.") % {"name": name.strip()},
                field=field,
                code="NAME_TAKEN",
            )


def _type() -> Entity:
    found = entity_of(Attribute)
    assert found is not None
    return found
