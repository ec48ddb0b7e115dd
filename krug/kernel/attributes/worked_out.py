"""Attributes that the database works out: formulas over the record, and summaries of the records related to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Aggregate, Avg, Count, Func, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from krug.kernel.attributes.formulas import RESULT, TODAY, compiled
from krug.kernel.dates import today_in, zone_called
from krug.kernel.fields.base import Cell, Field, Reading
from krug.kernel.fields.moments import DateField
from krug.kernel.fields.number import DecimalField, MoneyField

if TYPE_CHECKING:
    from krug.access.models import User

Work = Callable[["User | None"], Any]
FUNCTIONS: dict[str, type[Aggregate]] = {"count": Count, "sum": Sum, "min": Min, "max": Max, "avg": Avg}
COMPARED = {"eq": Exact, "lt": LessThan, "lte": LessThanOrEqual, "gt": GreaterThan, "gte": GreaterThanOrEqual}
OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "empty", "not_empty")


@dataclass(frozen=True, kw_only=True)
class WorkedOutField(DecimalField):
    """A number that nobody types: read in each list and page, compared in filters, known to no form."""

    kind: ClassVar[str] = "decimal"
    operators: ClassVar[tuple[str, ...]] = OPERATORS
    is_attribute: ClassVar[bool] = True
    is_column: ClassVar[bool] = False

    work: Work
    reads: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    currency: str = ""

    def worked_out(self, user: User) -> dict[str, Any]:
        return {self.name: self.work(user)}

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
        super().condition(operator, value, reading)
        worked = self.work(reading.user)
        if operator in ("empty", "not_empty"):
            return Q(IsNull(worked, operator == "empty"))
        found = Q(COMPARED[operator if operator != "ne" else "eq"](worked, Value(self.filter_value(value, reading))))
        return ~found if operator == "ne" else found


def formula_work(formula: str, fields: Mapping[str, Field]) -> Work:
    """What a formula gives, from the fields of its own record; days are numbers, so that they can be taken away."""

    def value(user: User | None, name: str) -> Any:
        if name == TODAY:
            day = today_in(zone_called(user.timezone if user else "UTC"))
            return Value(Decimal((day - date(1970, 1, 1)).days), output_field=RESULT)
        field = fields.get(name)
        if field is None:
            return Func(template="NULL::numeric", output_field=RESULT)
        days = " - DATE '1970-01-01'" if isinstance(field, DateField) else ""
        return Func(field.expression(), template=f"(%(expressions)s{days})::numeric", output_field=RESULT)

    return lambda user: compiled(formula, partial(value, user))


def roll_up_work(entity_code: str, link: str, function: str, of: str, currency: str) -> Work:
    """What the records of another type that lead to this one make together, as far as the reader sees them."""
    from krug.kernel.registry import get_entity

    def work(user: User | None) -> Any:
        other = get_entity(entity_code)
        rows = other.rows_for(user) if user is not None else other.model._default_manager.none()
        if any(column.name == "is_archived" for column in other.model._meta.concrete_fields):
            rows = rows.filter(is_archived=False)
        field = other.declared.get(of)
        if isinstance(field, MoneyField) and currency:
            rows = rows.filter(**{field.currency_at: currency})
        at = field.at if field is not None else "pk"
        told = rows.order_by().filter(**{link: OuterRef("pk")}).values(link)
        made = Subquery(told.values(made=FUNCTIONS[function](at)))
        return Coalesce(made, 0) if function == "count" else made

    return work
