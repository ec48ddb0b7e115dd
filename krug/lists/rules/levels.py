"""One level of a tree: the field that it is made by, and how a value of it is told as conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext as _

from krug.kernel.attributes.listed import ChoiceAttribute
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Field, LongTextField, MoneyField, ReferenceField, YesNoField
from krug.kernel.journal.differences import sentence
from krug.kernel.listing.filters import Condition, field_seen_through
from krug.kernel.listing.state import column_at

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

MOST_LEVELS = 6
YEAR, MONTH = "year", "month"
NOTHING = "nothing"


@dataclass(frozen=True)
class Level:
    """A field, by years or months where it is a day; `guard` keeps out what the reader may not see on the way."""

    text: str
    name: str
    grain: str
    field: Field
    guard: Q
    is_array: bool = False

    @property
    def label(self) -> str:
        """What the level is called."""
        words: dict[str, Callable[[], str]] = {
            YEAR: lambda: _("%(field)s, by year"),
            MONTH: lambda: _("%(field)s, by month"),
        }
        named = sentence(self.field.label)
        return words[self.grain]() % {"field": named} if self.grain else named

    @property
    def is_classifier(self) -> bool:
        """Whether its values stand under one another."""
        return isinstance(self.field, ChoiceAttribute) and bool(self.field.under)

    @property
    def is_several(self) -> bool:
        """Whether one record may stand under several values at once."""
        return self.is_array or self.field.kind == "choices"

    def below(self, value: Any) -> list[int]:
        """The values that stand right under this one, or the topmost ones; only where values stand so."""
        field = self.field
        if not isinstance(field, ChoiceAttribute):
            return []
        inside = field.named if value is None else field.under.get(value, ())
        deeper = {low for each in inside for low in field.under.get(each, ())}
        return [each for each in inside if each not in deeper and each in field.named]

    def way_to(self, value: Any) -> list[int]:
        """The values above this one, the topmost first, and the value itself."""
        field = self.field
        above = (
            [high for high, low in field.under.items() if value in low] if isinstance(field, ChoiceAttribute) else []
        )
        return [*sorted(above, key=lambda high: -len(field.under[high])), value]  # type: ignore[attr-defined]  # checked above

    def conditions(self, value: Any) -> tuple[Condition, ...]:
        """What the records under this value have in common."""
        if value is None:
            return (Condition(self.name, "empty"),)
        if self.grain:
            return (
                Condition(self.name, "gte", value.isoformat()),
                Condition(self.name, "lt", next_of(value, self.grain).isoformat()),
            )
        return (Condition(self.name, "eq", self.field.json(value)),)

    def itself(self, value: int) -> tuple[Condition, ...]:
        """Only what stands under this value and under none below it."""
        return (*self.conditions(value), Condition(self.name, "not_in", self.below(value)))


def next_of(first: date, grain: str) -> date:
    """The first day of the next year or month."""
    if grain == YEAR or first.month == 12:
        return date(first.year + 1, 1, 1)
    return date(first.year, first.month + 1, 1)


def read_level(entity: Entity, text: str, user: User) -> Level:
    """The level that a text such as `city` or `expected_on:month` names, as far as the reader may ask for it."""
    name, _colon, grain = text.partition(":")
    field, guard = field_seen_through(entity, name, user)
    is_moment = field.kind in ("date", "datetime")
    if not may_stand(entity, field) or (grain not in (YEAR, MONTH) if is_moment else bool(grain)):
        raise BadRequest(
            _("“%(field)s” can not be a level of a tree.") % {"field": field.label}, field="levels", code="NOT_A_LEVEL"
        )
    is_array = not field.is_attribute and isinstance(column_at(entity.model, field.at), ArrayField)
    return Level(text, name, grain, field, guard, is_array)


def may_stand(entity: Entity, field: Field) -> bool:
    """Whether records can be put under the values of this field."""
    if isinstance(field, (LongTextField, MoneyField)) or field.name == "id" or not field.operators:
        return False
    if field.is_attribute:
        return True
    return field.is_column and column_at(entity.model, field.at) is not None


def level_choices(entity: Entity, user: User) -> list[tuple[str, str]]:
    """What a level may be made by: the type's own fields, then those of the records it leads to."""
    own = [name for name in entity.fields if name not in ("id", "version")]
    links = [
        name
        for name, field in entity.fields.items()
        if isinstance(field, ReferenceField) and not field.is_person and not field.is_attribute
    ]
    further = [f"{name}__{inner}" for name in links for inner in _told_of(entity.fields[name])]
    found = []
    for name in dict.fromkeys((*entity.filters, *own, *further)):
        for grain in ("", f":{YEAR}", f":{MONTH}"):
            try:
                found.append((f"{name}{grain}", read_level(entity, f"{name}{grain}", user).label))
            except BadRequest:
                continue
    return found


def _told_of(link: Any) -> list[str]:
    from krug.kernel.registry import entity_of

    target = entity_of(link.model)
    if target is None:
        return []
    plain = [name for name in (*target.filters, *target.columns) if "__" not in name]
    return [*plain, *(name for name, field in target.fields.items() if field.is_attribute)]


def is_yes_no(level: Level) -> bool:
    """Whether the level knows only yes and no; where a link on the way is empty no filter says so."""
    return isinstance(level.field, YesNoField)
