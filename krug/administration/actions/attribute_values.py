"""The values of lists and classifiers: added, renamed, put away, and two of them made one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.events import AttributeValueMerged
from krug.kernel import writing
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.models import Attribute, AttributeIndex, AttributeValue
from krug.kernel.attributes.stored import StoredField
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import entity_of, get_entity
from krug.language.readings import normalise

MOST_VALUES, MOST_LINES = 5_000, 1_000
MOST_LEVELS = 6
STEP = 10
BATCH = 500


@transaction.atomic
def add_value(*, by: User, attribute: Attribute, **values: Any) -> AttributeValue:
    """A new value of a list can be chosen at once."""
    if not attribute.is_listed:
        raise Refusal(_("This field has no list of values."), field="attribute", code="NOT_A_LIST")
    own = AttributeValue.objects.select_for_update().filter(attribute=attribute)
    if own.count() >= MOST_VALUES:
        raise Refusal(_("A list holds at most %(count)s values.") % {"count": MOST_VALUES}, code="TOO_MANY")
    made = AttributeValue(attribute=attribute, **values)
    _check(made)
    last = own.order_by("-position").values_list("position", flat=True).first() or 0
    given = {**values, "attribute": attribute, "position": values.get("position") or last + STEP}
    added: AttributeValue = writing.create(_type(), given, by=by)
    look_again()
    return added


@transaction.atomic
def change_value(value: AttributeValue, values: dict[str, Any], *, by: User) -> AttributeValue:
    """A value renamed is renamed on every record that holds it."""
    if "attribute" in values and values["attribute"] != value.attribute:
        raise Refusal(_("A value stays in its list."), field="attribute")
    for name, given in values.items():
        setattr(value, name, given)
    _check(value)
    value.refresh_from_db()
    changed: AttributeValue = writing.change(_type(), value, values, by=by)
    look_again()
    return changed


def archive_value(value: AttributeValue, *, by: User) -> AttributeValue:
    """A value put away is no longer offered; records that hold it keep it."""
    put_away: AttributeValue = writing.archive(_type(), value, by=by)
    look_again()
    return put_away


@transaction.atomic
def move_value(value: AttributeValue, *, by: User, up: bool) -> None:
    """A value changes places with its neighbour under the same node."""
    siblings = AttributeValue.objects.select_for_update().filter(attribute=value.attribute, parent=value.parent)
    own = sorted(siblings.filter(is_archived=False), key=lambda each: (each.position, each.pk))
    place = next((at for at, each in enumerate(own) if each.pk == value.pk), 0)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(own):
        return
    own[place], own[other] = own[other], own[place]
    for at, each in enumerate(own, start=1):
        writing.change(_type(), each, {"position": at * STEP}, by=by)
    look_again()


@transaction.atomic
def add_values(attribute: Attribute, lines: Iterable[str], *, by: User, language: str) -> int:
    """Values typed line by line; in a classifier “>” leads from a node to what stands under it."""
    made, lines = 0, [line for line in lines if line.strip()]
    if len(lines) > MOST_LINES:
        said = _("At most %(count)s lines are added at once; here are %(given)s. Add the rest afterwards.")
        raise Refusal(said % {"count": MOST_LINES, "given": len(lines)}, field="values", code="TOO_MANY")
    for line in lines:
        parent: AttributeValue | None = None
        steps = line.split(">") if attribute.kind == Attribute.Kind.TREE else [line]
        for name in filter(None, (" ".join(step.split()) for step in steps)):
            known = _same(attribute, parent, name)
            parent = known or add_value(by=by, attribute=attribute, parent=parent, **{f"name_{language}": name})
            made += known is None
    return made


def records_with(value: AttributeValue) -> int:
    """How many records hold a value."""
    return AttributeIndex.objects.filter(attribute_id=value.attribute_id, number=value.pk).count()


@transaction.atomic
def merge_value(value: AttributeValue, *, into: AttributeValue, by: User) -> AttributeValue:
    """One value becomes another: at once in what is shown and filtered, and by a job in the records themselves."""
    if into.attribute_id != value.attribute_id or into.pk == value.pk:
        raise Refusal(_("Choose another value of the same list."), field="into")
    if value.merged_into_id or into.merged_into_id or into.is_archived:
        raise Refusal(_("This value is no longer in use: choose another."), field="into", code="WRONG_STATE")
    if value.pk in _above(into):
        raise Refusal(_("A node can not be merged into what stands under it."), field="into")
    for below in AttributeValue.objects.filter(parent=value):
        writing.change(_type(), below, {"parent": into}, by=by)
    count = records_with(value)
    value.merged_into, value.is_archived = into, True
    value.save(update_fields=["merged_into", "is_archived", "updated_at"])
    record(AttributeValueMerged(value=value, into=into, count=count, by=by))
    look_again()
    return value


def rewrite_records(value: AttributeValue, *, by: User) -> int:
    """Write the value that stays into the records that hold the merged one, some hundreds at a time."""
    attribute, done = value.attribute, 0
    entity = get_entity(attribute.entity)
    field = entity.fields.get(attribute.key)
    while isinstance(field, StoredField) and value.merged_into_id:
        held = AttributeIndex.objects.filter(attribute_id=attribute.pk, number=value.pk)
        numbers = sorted(held.values_list("record_id", flat=True)[:BATCH])
        with transaction.atomic():
            rows: Any = entity.model._default_manager.select_for_update().filter(pk__in=numbers).order_by("pk")
            for row in rows:
                kept = field.typed(row.custom.get(attribute.key))
                field.put(row, [_led(one, value) for one in kept] if isinstance(kept, list) else value.merged_into_id)
                row.updated_by = by
                row.save(update_fields=["custom", "updated_by", "updated_at"])
                done += 1
        if len(numbers) < BATCH:
            break
    return done


def _led(one: int, value: AttributeValue) -> int:
    return value.merged_into_id if one == value.pk and value.merged_into_id else one


def _same(attribute: Attribute, parent: AttributeValue | None, name: str) -> AttributeValue | None:
    siblings = AttributeValue.objects.filter(attribute=attribute, parent=parent, merged_into=None)
    return next(
        (each for each in siblings if normalise(name) in (normalise(each.name_ru), normalise(each.name_en))), None
    )


def _above(value: AttributeValue) -> list[int]:
    found: list[int] = []
    while value.parent is not None and value.parent.pk not in found:
        found.append(value.parent.pk)
        value = value.parent
    return found


def _check(value: AttributeValue) -> None:
    if not value.name_ru.strip() and not value.name_en.strip():
        raise Refusal(_("Give the value a name."), field="name_ru", code="REQUIRED")
    parent = value.parent
    if parent is not None and (
        parent.attribute_id != value.attribute_id or value.attribute.kind != Attribute.Kind.TREE
    ):
        raise Refusal(_("A value can stand only under a node of its own classifier."), field="parent")
    above = _above(value)
    if value.pk and value.pk in above:
        raise Refusal(_("A node can not stand under itself."), field="parent")
    if len(above) >= MOST_LEVELS:
        raise Refusal(_("A classifier has at most %(count)s levels.") % {"count": MOST_LEVELS}, field="parent")
    for name in filter(None, (value.name_ru, value.name_en)):
        known = _same(value.attribute, parent, name)
        if known is not None and known.pk != value.pk:
            raise Refusal(_("“%(name)s” is on the list already.") % {"name": name}, field="name_ru", code="NAME_TAKEN")


def _type() -> Entity:
    found = entity_of(AttributeValue)
    assert found is not None
    return found
