"""Added fields that the database works out: formulas over the record, and summaries of the records related to it.

What a page shows is worked out as it is read, as far as its reader sees the parts. Filters, sorts and trees ask the
index that the database keeps of the same values (worked_out.sql), once it is whole and where it tells the reader no
more than he may know; until then, and for everybody else, they work the values out too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Aggregate, Avg, Count, Exists, Func, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from krug.administration.models.worked import AttributeDue, AttributeWork
from krug.administration.rules.formulas import RESULT, TODAY, compiled, names_in, recipe
from krug.kernel.attributes.models import Attribute, AttributeIndex
from krug.kernel.attributes.serving import Definition, serve_kind
from krug.kernel.attributes.stored import StoredField
from krug.kernel.dates import today_in, zone_called
from krug.kernel.entity import Entity
from krug.kernel.fields.base import Cell, Field, Reading
from krug.kernel.fields.moments import DateField
from krug.kernel.fields.number import DecimalField, MoneyField
from krug.kernel.listing.state import column_at
from krug.kernel.moment import looking_back

if TYPE_CHECKING:
    from krug.access.models import User

FUNCTIONS: dict[str, type[Aggregate]] = {"count": Count, "sum": Sum, "min": Min, "max": Max, "avg": Avg}
COMPARED = {"eq": Exact, "lt": LessThan, "lte": LessThanOrEqual, "gt": GreaterThan, "gte": GreaterThanOrEqual}
LOOKUPS = {"eq": "", "lt": "__lt", "lte": "__lte", "gt": "__gt", "gte": "__gte"}
HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "eq": lambda left, right: left == right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
}
OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "empty", "not_empty")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class WorkedOutField(StoredField, DecimalField):
    """A number that nobody types: read in each list and page, compared in filters, known to no form."""

    kind: ClassVar[str] = "decimal"
    operators: ClassVar[tuple[str, ...]] = OPERATORS
    indexed_as: ClassVar[str] = "number"
    is_column: ClassVar[bool] = False
    is_ordered: ClassVar[bool] = True

    work: Formula | Summary
    reads: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    currency: str = ""
    is_ready: bool = False
    day: date | None = None

    @property
    def before(self) -> str:
        return ""

    @property
    def is_zero_empty(self) -> bool:
        return isinstance(self.work, Summary) and self.work.function == "count"

    def is_indexed(self, user: User) -> bool:
        is_mine = self.day is None or self.day == _today(user)
        return self.is_ready and looking_back() is None and is_mine and self.work.is_same_for(user)

    def worked(self, user: User) -> Any:
        rounded = f"round((%(expressions)s)::numeric, {int(self.places)})"
        return Func(self.work.expression(user), template=rounded, output_field=RESULT)

    def worked_out(self, user: User) -> dict[str, Any]:
        return {self.name: self.worked(user)}

    def value_of(self, record: Any) -> Any:
        return getattr(record, self.name, None)

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.money import round_money
        from krug.kernel.ui import formats

        if value is None:
            return ""
        rounded = round_money(Decimal(value), Decimal(1).scaleb(-self.places))
        if self.currency:
            return formats.money(rounded, self.currency, language)
        said = formats.number(rounded, language)
        return f"{said}\u00a0{self.unit}" if self.unit else said

    def json(self, value: Any) -> Any:
        return None if value is None else format(Decimal(value).normalize(), "f")

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        value = row.get(self.name)
        return Cell(self.show(value, language), kind=self.kind, value=value)

    def condition(self, operator: str, value: Any, reading: Reading) -> Q:
        checked = super().condition(operator, value, reading)
        if isinstance(self.work, Summary):
            return self._summary_condition(operator, value, reading)
        if self.is_indexed(reading.user):
            return checked
        worked = self.worked(reading.user)
        if operator in ("empty", "not_empty"):
            return Q(IsNull(worked, operator == "empty"))
        found = Q(COMPARED[_same(operator)](worked, Value(self.filter_value(value, reading))))
        return ~(found & Q(IsNull(worked, False))) if operator == "ne" else found

    def _summary_condition(self, operator: str, value: Any, reading: Reading) -> Q:
        """The records that the index, or the records that lead to them, name; a count of nought is the rest."""
        asked, is_not = _same(operator), operator in ("ne", "empty")
        wanted = None if asked not in HOLDS else self.filter_value(value, reading)
        if self.is_zero_empty and (wanted is None or HOLDS[asked](Decimal(0), wanted)):
            every = Q(pk__isnull=False)
            rest = every if wanted is None else ~Q(pk__in=self._named(asked, wanted, reading.user, is_turned=True))
            return ~rest if is_not else rest
        found = Q(pk__in=self._named(asked, wanted, reading.user))
        return ~found if is_not else found

    def _named(self, asked: str, wanted: Any, user: User, *, is_turned: bool = False) -> QuerySet[Any]:
        """The numbers of the records whose summary compares so, or does not; none of those without a value."""

        def those(rows: QuerySet[Any], at: str) -> QuerySet[Any]:
            holds = {f"{at}__isnull": False} if wanted is None else {f"{at}{LOOKUPS[asked]}": wanted}
            return rows.exclude(**holds) if is_turned else rows.filter(**holds)

        assert isinstance(self.work, Summary)
        if not self.is_indexed(user):
            return those(self.work.grouped(user, self.places), "made").values(self.work.link)
        due = AttributeDue.objects.filter(attribute_id=self.number).values("record_id")
        is_due = Exists(due.filter(record_id=OuterRef("record_id")))
        kept = AttributeIndex.objects.filter(~is_due, attribute_id=self.number)
        fresh = those(self.work.grouped(user, self.places, due), "made").values(self.work.link)
        return those(kept, "number").values("record_id").union(fresh, all=True)


@dataclass(frozen=True)
class Formula:
    """What a formula gives, from the fields of its own record; days are numbers, so that they can be taken away."""

    text: str
    fields: Mapping[str, Field]

    def is_same_for(self, user: User) -> bool:
        """Whether all who see the field see the same value; it is closed to those who may not see its parts."""
        return True

    def expression(self, user: User | None) -> Any:
        """The value in the database's arithmetic."""
        return compiled(self.text, partial(self._value, user))

    def _value(self, user: User | None, name: str) -> Any:
        if name == TODAY:
            return Value(Decimal((_today(user) - EPOCH).days), output_field=RESULT)
        field = self.fields.get(name)
        if field is None:
            return Func(template="NULL::numeric", output_field=RESULT)
        days = " - DATE '1970-01-01'" if isinstance(field, DateField) else ""
        return Func(field.expression(), template=f"(%(expressions)s{days})::numeric", output_field=RESULT)

    def recipe(self, entity: Entity) -> tuple[str, dict[str, Any]] | None:
        """The table whose rows it reads, and how; nothing where a part stands in another table."""
        try:
            return entity.model._meta.db_table, {"k": "formula", "of": recipe(self.text, partial(self._leaf, entity))}
        except LookupError:
            return None

    def _leaf(self, entity: Entity, name: str) -> dict[str, Any]:
        field = self.fields.get(name)
        if name == TODAY or field is None:
            return {"k": "today" if name == TODAY else "nothing"}
        kind = "day" if isinstance(field, DateField) else "value"
        if isinstance(field, StoredField):
            return {"k": f"added_{kind}", "n": field.key}
        return {"k": kind, "n": _column(entity, field.at)}


@dataclass(frozen=True)
class Summary:
    """What the records of another type that lead to this one make together, as far as the reader sees them."""

    code: str
    link: str
    function: str
    of: str
    currency: str

    @property
    def other(self) -> Entity:
        """The type that is summed up."""
        from krug.kernel.registry import get_entity

        return get_entity(self.code)

    def is_same_for(self, user: User) -> bool:
        """Whether the reader sees all records that are summed up."""
        seen = self.other.rows_for(user).query
        return not (seen.where or seen.is_empty())

    def expression(self, user: User | None) -> Any:
        """The summary of one row."""
        told = self._rows(user).filter(**{self.link: OuterRef("pk")}).values(self.link)
        made = Subquery(told.values(made=self._made()))
        return Coalesce(made, 0) if self.function == "count" else made

    def grouped(self, user: User, places: int, among: Any = None) -> QuerySet[Any]:
        """One row for each record led to, with its summary as `made`."""
        rows = self._rows(user).filter(**{f"{self.link}__isnull": False})
        if among is not None:
            rows = rows.filter(**{f"{self.link}__in": among})
        made = Func(self._made(), template=f"round((%(expressions)s)::numeric, {int(places)})", output_field=RESULT)
        return rows.values(self.link).annotate(made=made)

    def _made(self) -> Any:
        field = self.other.declared.get(self.of)
        return FUNCTIONS[self.function](field.at if field is not None else "pk")

    def _rows(self, user: User | None) -> QuerySet[Any]:
        other = self.other
        rows: QuerySet[Any] = other.rows_for(user) if user is not None else other.model._default_manager.none()
        if _has_archive(other):
            rows = rows.filter(is_archived=False)
        if currency_at := self._currency_at():
            rows = rows.filter(**{currency_at: self.currency})
        return rows.order_by()

    def _currency_at(self) -> str:
        field = self.other.declared.get(self.of)
        return field.currency_at if isinstance(field, MoneyField) and self.currency else ""

    def recipe(self, entity: Entity) -> tuple[str, dict[str, Any]] | None:
        """The table that is summed up, and how; nothing where a part stands in another table."""
        other, currency_at = self.other, self._currency_at()
        field = other.declared.get(self.of)
        try:
            return other.model._meta.db_table, {
                "k": self.function,
                "link": _column(other, self.link),
                "n": _column(other, field.at) if field is not None else "id",
                "currency_at": _column(other, currency_at) if currency_at else "",
                "currency": self.currency,
                "has_archive": _has_archive(other),
            }
        except LookupError:
            return None


def _same(operator: str) -> str:
    return {"ne": "eq", "not_empty": "some", "empty": "some"}.get(operator, operator)


def _today(user: User | None) -> date:
    return today_in(zone_called(user.timezone if user else "UTC"))


def _has_archive(entity: Entity) -> bool:
    return any(column.name == "is_archived" for column in entity.model._meta.concrete_fields)


def _column(entity: Entity, path: str) -> str:
    column = column_at(entity.model, path) if "__" not in path else None
    if column is None or not column.column:
        raise LookupError(path)
    return str(column.column)


def whole_recipe(definition: Definition, work: Formula | Summary) -> tuple[str, dict[str, Any]] | None:
    """What the database must know to keep the values: the table that is read, and how they are made."""
    found = work.recipe(definition.entity)
    places = int(definition.attribute.settings.get("places", 2))
    return (found[0], {**found[1], "places": places}) if found else None


def work_of(definition: Definition) -> Formula | Summary:
    """How the value of a field is made."""
    told = definition.attribute.settings
    if definition.attribute.kind == Attribute.Kind.FORMULA:
        return Formula(told.get("formula", "0"), definition.fields)
    return Summary(*(told.get(name, "") for name in ("entity_code", "link", "function", "of", "currency")))


def _served(definition: Definition, common: dict[str, Any]) -> WorkedOutField:
    attribute, work = definition.attribute, work_of(definition)
    told, wanted = attribute.settings, whole_recipe(definition, work)
    kept = AttributeWork.objects.filter(pk=attribute.pk).first()
    return WorkedOutField(
        name=common["name"],
        label=common["label"],
        number=attribute.pk,
        editable=False,
        places=told.get("places", 2),
        unit=told.get("unit", ""),
        currency=told.get("currency", ""),
        work=work,
        reads=_read_by(attribute),
        is_ready=kept is not None and kept.is_ready and wanted == (kept.source, kept.recipe),
        day=kept.day if kept else None,
    )


def _read_by(attribute: Attribute) -> tuple[tuple[str, str], ...]:
    """What a worked out field is made of: names of its own record, and the link and field of another type."""
    told = attribute.settings
    if attribute.kind == Attribute.Kind.FORMULA:
        return tuple(("", name) for name in sorted(names_in(told.get("formula", "0"))))
    return tuple((told.get("entity_code", ""), told[name]) for name in ("link", "of") if told.get(name))


serve_kind(Attribute.Kind.FORMULA, _served)
serve_kind(Attribute.Kind.ROLL_UP, _served)
