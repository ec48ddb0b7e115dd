"""Everything that refers to a record, found by the models' own knowledge, and led over to another record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, InternalError, transaction
from django.db.models import ForeignKey, Model, QuerySet

from krug.kernel.columns import About
from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField
from krug.kernel.links import link_of
from krug.kernel.registry import entities
from krug.kernel.sight import seen_by

BOOKKEEPING = ("created_by", "updated_by")


@dataclass(frozen=True)
class Referring:
    """One column of one table that may lead to records of a type."""

    model: type[Model]
    column: str
    about: str = ""

    def rows(self, number: int) -> QuerySet[Any]:
        """The rows that lead to the record of that number."""
        found = self.model._base_manager.filter(**{self.column: number})
        return found.filter(about_entity=self.about) if self.about else found

    @property
    def may_be_empty(self) -> bool:
        """Whether a row can do without it."""
        return bool(self.model._meta.get_field(self.column).null)


def referring_to(model: type[Model]) -> Iterator[Referring]:
    """Every column that may lead to a record of that model; who wrote a row is not led elsewhere."""
    for other in apps.get_models(include_auto_created=True):
        if not other._meta.managed or other._meta.proxy:
            continue
        for field in other._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is model and field.name not in BOOKKEEPING:
                yield Referring(other, field.attname)
        if issubclass(other, About):
            yield Referring(other, "about_id", link_of(model, 0).entity)


def move_all(entity: Entity, loser: Model, keeper: Model) -> tuple[int, int]:
    """Lead everything from one record to the other; answers how many rows moved and how many had to stay."""
    moved = stayed = 0
    for place in referring_to(entity.model):
        rows = place.rows(loser.pk)
        if place.model is entity.model:
            own = rows.filter(pk=keeper.pk)
            if place.may_be_empty:
                own.update(**{place.column: None})
            rows = rows.exclude(pk__in=[keeper.pk, loser.pk])
        done, left = _move(place, rows, keeper.pk)
        moved, stayed = moved + done, stayed + left
    return moved + _move_attributes(entity, loser, keeper), stayed


def _move(place: Referring, rows: QuerySet[Any], to: int) -> tuple[int, int]:
    """All at once; where a rule of the table forbids that, row by row, and what is there already stays."""
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return 0, 0
    if _try(place, numbers, {place.column: to}):
        return len(numbers), 0
    moved = 0
    has_main = any(field.name == "is_main" for field in place.model._meta.concrete_fields)
    for number in numbers:
        # Of two main ones, that of the record which goes becomes one of several.
        ways = [{place.column: to}, *([{place.column: to, "is_main": False}] if has_main else [])]
        moved += any(_try(place, [number], way) for way in ways)
    return moved, len(numbers) - moved


def _try(place: Referring, numbers: list[int], values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            place.model._base_manager.filter(pk__in=numbers).update(**values)
    except (IntegrityError, InternalError):
        return False
    return True


@seen_by(None)
def _move_attributes(entity: Entity, loser: Model, keeper: Model) -> int:
    """References that the company has added itself stand among the attributes of a row."""
    moved = 0
    for other in entities():
        for field in other.fields.values():
            if not (field.is_attribute and isinstance(field, ReferenceField) and field.model is entity.model):
                continue
            for row in other.model._base_manager.filter(field.compare("eq", loser.pk)):
                row.save(update_fields=[field.put(row, keeper)])
                moved += 1
    return moved


def counted(entity: Entity, numbers: list[int], keeper: int, user: Any) -> dict[str, int]:
    """How many rows of each type would move, as far as the user may see them; the rest is named as such."""
    known = {other.model: other for other in entities()}
    found: dict[str, int] = {}
    hidden = 0
    for place in referring_to(entity.model):
        for number in numbers:
            rows = place.rows(number).exclude(pk=keeper) if place.model is entity.model else place.rows(number)
            total = rows.count()
            if not total:
                continue
            other = known.get(place.model)
            seen = other.rows_for(user).filter(pk__in=rows.values("pk")).count() if other else 0
            hidden += total - seen
            if other and seen:
                label = str(other.plural)
                found[label] = found.get(label, 0) + seen
    if hidden:
        found[""] = hidden
    return found
