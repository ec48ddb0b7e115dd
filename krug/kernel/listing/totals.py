"""Counts and sums of a list by any field: board heads, the funnel and the API read the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields import DecimalField, Field, LongTextField, MoneyField, ReferenceField
from krug.kernel.listing.filters import field_seen_through
from krug.kernel.listing.labels import label_references
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState, column_at

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

MOST_GROUPS = 5000


@dataclass(frozen=True)
class Total:
    """One group: its value and name, how many records and for how much, in one currency."""

    value: Any
    label: str
    count: int
    sum: Decimal | int | None = None
    currency: str = ""

    def to_json(self) -> dict[str, Any]:
        """The group as the API writes it."""
        said: dict[str, Any] = {"value": self.value, "label": self.label, "count": self.count}
        if self.sum is not None:
            said["sum"] = str(self.sum)
        return {**said, "currency": self.currency} if self.currency else said


def totals(entity: Entity, reading: Reading, *, by: str, sum: str = "", state: ListState | None = None) -> list[Total]:
    """Records counted, and one field summed, per value of another field; sums of different currencies stay apart.

    Where the way to the value leads through a record that the user may not see, the group has no name.
    """
    group, guard = _groupable(entity, by, reading)
    summed = _summed(entity, sum, reading) if sum else None
    currency = summed.currency_at if isinstance(summed, MoneyField) else ""
    rows = rows_matching(entity, state or ListState(), reading)
    at = F(group.id_at if isinstance(group, ReferenceField) else group.at)
    if group.is_attribute and not group.is_column:
        at = group.worked_out(reading.user)[group.name]
    rows = rows.annotate(group_value=Case(When(guard, then=at), default=Value(None)) if guard else at)
    found = _grouped(rows, summed, currency, reading)
    labels = (
        label_references(group, [row["group_value"] for row in found], reading)
        if isinstance(group, ReferenceField)
        else {}
    )
    made = [
        Total(
            value=_value_of(group, row["group_value"]),
            label=_label_of(group, row["group_value"], labels, reading),
            count=row["how_many"],
            sum=(row["how_much"] or _nothing(summed)) if summed else None,
            currency=(row["group_currency"] or "") if currency else "",
        )
        for row in found
    ]
    return sorted(made, key=lambda total: (total.value is None, -total.count, total.label))


def _grouped(rows: QuerySet[Any], summed: Field | None, currency: str, reading: Reading) -> list[dict[str, Any]]:
    names = ["group_value"]
    if currency:
        rows, names = rows.annotate(group_currency=F(currency)), [*names, "group_currency"]
    counted: dict[str, Any] = {"how_many": Count("pk")}
    if summed:
        worked = summed.worked_out(reading.user).get(summed.name)
        counted["how_much"] = Sum(summed.expression() if worked is None else worked)
    return list(rows.order_by().values(*names).annotate(**counted)[:MOST_GROUPS])


def _groupable(entity: Entity, by: str, reading: Reading) -> tuple[Field, Q]:
    field, guard = field_seen_through(entity, by, reading.user)
    if isinstance(field, LongTextField) or not (column_at(entity.model, field.at) or field.is_attribute):
        raise BadRequest(
            _("“%(field)s” can not be grouped by.") % {"field": field.label}, field="by", code="NOT_GROUPABLE"
        )
    return field, guard


def _summed(entity: Entity, name: str, reading: Reading) -> Field:
    field, guard = field_seen_through(entity, name, reading.user)
    if not field.numeric or not (field.is_column or field.is_attribute) or guard:
        raise BadRequest(_("“%(field)s” can not be summed.") % {"field": field.label}, field="sum", code="NOT_SUMMABLE")
    return field


def _nothing(summed: Field) -> Decimal | int:
    """What a group adds up to whose records hold no value, written like the other sums."""
    return Decimal(0).scaleb(-summed.places) if isinstance(summed, DecimalField) else 0


def _value_of(field: Field, value: Any) -> Any:
    return value if isinstance(field, ReferenceField) else field.json(value)


def _label_of(field: Field, value: Any, labels: dict[int, str], reading: Reading) -> str:
    if value is None or value == "":
        return _("No value")
    if isinstance(field, ReferenceField):
        return labels.get(value) or _("(not open to you)")
    return field.show(value, reading.language)
