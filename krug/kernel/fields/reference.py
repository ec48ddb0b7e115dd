"""A link to one record of another type, always looked up among what the user may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_
from typing import Any, ClassVar

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.fields.base import Cell, Field, FieldFault, Reading
from krug.kernel.links import record_number
from krug.kernel.moment import then
from krug.kernel.ui.names import open_name, short_name, whole_name

CONCEALED = "__concealed"
LIKE = "like:"
MOST_NAMESAKES = 1000


@cache
def title_names(model: type[Model]) -> tuple[str, ...]:
    """The columns that make the title of a record: one name, or its two languages, or a person's names."""
    if issubclass(model, User):
        return ("surname", "given_name", "patronymic", "email")
    linked, title = _titled_by(model)
    names = {field.name for field in model._meta.concrete_fields}
    if linked is not None:
        return (*(f"{title}__{name}" for name in title_names(linked)), *({"number"} & names))
    if title in names:
        return (title,)
    if f"{title}_ru" in names:
        return (f"{title}_ru", f"{title}_en")
    return ("id",)


def title_from(model: type[Model], values: tuple[Any, ...], language: str) -> str:
    """The title of a record from those columns, as whoever looks may know it."""
    linked, _title = _titled_by(model)
    if linked is not None:
        borrowed = len(title_names(linked))
        return " · ".join([title_from(linked, values[:borrowed], language), *map(str, values[borrowed:])])
    return open_name(model, _title_from(model, values, language))


def _title_from(model: type[Model], values: tuple[Any, ...], language: str) -> str:
    if issubclass(model, User):
        surname, given, patronymic, email = (value or "" for value in values)
        return short_name(surname, given, patronymic, language) or email
    if len(values) == 2:
        first, second = values if language == "ru" else reversed(values)
        return str(first or second or "")
    if isinstance(values[0], int):
        return _("No. %(number)s") % {"number": values[0]}
    text = "" if values[0] is None else str(values[0])
    return whole_name(text, language) if title_names(model) == ("full_name",) and hasattr(model, "surname") else text


@cache
def _titled_by(model: type[Model]) -> tuple[type[Model] | None, str]:
    """The type whose title a record borrows, such as a line its product's, beside a number of its own; the column."""
    from krug.kernel.registry import entity_of

    entity = entity_of(model)
    title = entity.title if entity and not issubclass(model, User) else "name"
    column = next((field for field in model._meta.concrete_fields if field.name == title), None)
    return (column.related_model if column is not None and column.is_relation else None), title


@dataclass(frozen=True, kw_only=True)
class ReferenceField(Field):
    """A link to one record."""

    kind: ClassVar[str] = "reference"
    model: type[Model]

    @property
    def is_person(self) -> bool:
        """Whether the link leads to one of our people."""
        return issubclass(self.model, User)

    @property
    def id_at(self) -> str:
        """Where a row holds the number of the linked record."""
        return f"{self.at}_id"

    def paths(self) -> tuple[str, ...]:
        return (self.id_at, *(f"{self.at}__{name}" for name in title_names(self.model)))

    def rows(self, user: User) -> Any:
        """The records that this user may choose from."""
        from krug.kernel.registry import entity_of

        entity = entity_of(self.model)
        return entity.rows_for(user) if entity else self.model._default_manager.all()

    def parse(self, raw: Any, reading: Reading) -> Any:
        if isinstance(raw, self.model):
            raw = raw.pk
        if raw == "me" and self.is_person:
            return reading.user
        if isinstance(raw, dict):
            raw = raw.get("id")
        number = record_number(raw)
        found = self.rows(reading.user).filter(pk=number).first() if number else None
        if found is None:
            raise FieldFault(_("There is no such record: choose one from the list."), code="NO_SUCH_RECORD")
        return found

    def filter_value(self, value: Any, reading: Reading) -> Any:
        return super().filter_value(value, reading).pk

    def filter_values(self, values: list[Any], reading: Reading) -> list[Any]:
        """The numbers meant; `like:45` means every record of the same title as 45, such as a stage in all editions."""
        like = [value for value in values if str(value).startswith(LIKE)]
        if like:
            namesakes = [pk for value in like for pk in self._namesakes(value.removeprefix(LIKE), reading)]
            return sorted({*namesakes, *self.filter_values([one for one in values if one not in like], reading)})
        plain = [number for value in values if (number := record_number(value))]
        if len(plain) != len(values):
            return super().filter_values(values, reading)
        found = set(self.rows(reading.user).filter(pk__in=plain).values_list("pk", flat=True))
        missing = [number for number in plain if number not in found]
        return [self.filter_value(missing[0], reading)] if missing else sorted(found)

    def _namesakes(self, number: str, reading: Reading) -> list[int]:
        one = self.filter_value(number, reading)
        names = title_names(self.model)
        rows = self.rows(reading.user)
        told = rows.filter(pk=one).values(*names).get()
        same = [Q(**{name: value}) for name, value in told.items() if value not in ("", None)]
        joined = reduce(or_ if len(names) == 2 else and_, same, Q()) if not self.is_person else Q(pk=one)
        return list(rows.filter(joined).order_by().values_list("pk", flat=True)[:MOST_NAMESAKES])

    def show(self, value: Any, language: str) -> str:
        if isinstance(value, Model):
            return title_from(self.model, tuple(_followed(value, name) for name in title_names(self.model)), language)
        return "" if value is None else str(value)

    def raw(self, value: Any) -> str:
        return "" if value is None else str(value.pk if isinstance(value, Model) else value)

    def json(self, value: Any) -> Any:
        if value is None:
            return None
        return {"id": value.pk, "name": self.show(value, "en")} if isinstance(value, Model) else value

    def title_in(self, row: dict[str, Any], language: str) -> str:
        """The title of the linked record in a row of a list."""
        return title_from(self.model, tuple(row.get(path) for path in self.paths()[1:]), language)

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        from krug.kernel.registry import entity_of

        pk = row.get(self.id_at)
        if pk is None:
            return Cell("", kind=self.kind)
        if row.get(f"{self.at}{CONCEALED}"):
            return Cell(_("(not open to you)"), kind=self.kind, value=pk)
        text = self.title_in(row, language)
        entity = entity_of(self.model)
        return Cell(text, url=then(entity.url(pk)) if entity and not self.is_person else "", kind=self.kind, value=pk)

    def compare(self, operator: str, value: Any) -> Q:
        found = Q(**{f"{self.at}_id" if "__" not in self.at else self.at: value})
        return ~found if operator == "ne" else found


def _followed(value: Any, path: str) -> Any:
    for name in path.split("__"):
        value = getattr(value, name, None)
    return value
