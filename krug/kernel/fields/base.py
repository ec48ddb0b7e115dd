"""What every surface may ask of a field, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import BadRequest, Fault


class FieldFault(ValueError):
    """What somebody typed can not be the value of this field."""

    def __init__(self, message: Any, *, code: str = "MALFORMED", hint: Any = "") -> None:
        super().__init__(message)
        self.message, self.code, self.hint = message, code, hint

    def at(self, name: str) -> Fault:
        """The same fault, named by its field."""
        return Fault(name, self.message, self.code, self.hint)


@dataclass(frozen=True)
class Reading:
    """Who reads and when: everything that gives typed text its meaning.

    `known` keeps for one request what was asked of the database to lay out its conditions; `is_trial` asks nothing,
    because only whether a condition can be read is wanted.
    """

    user: User
    today: date
    language: str = "ru"
    known: dict[Any, Any] | None = field(default=None, compare=False, repr=False)
    is_trial: bool = False


class Cell(NamedTuple):
    """One value prepared for a page: its words, and where it leads."""

    text: str
    url: str = ""
    kind: str = "text"
    value: Any = None
    tone: str = ""


NONE_OPERATORS = ("empty", "not_empty")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of an entity type, or one custom attribute, as surfaces know it."""

    kind: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("eq", "ne", "in", "not_in", "empty", "not_empty")
    numeric: ClassVar[bool] = False
    side: ClassVar[str] = "start"
    is_attribute: ClassVar[bool] = False
    is_column: ClassVar[bool] = True
    steers: ClassVar[bool] = False
    made_at: ClassVar[str] = ""

    name: str
    label: Any
    path: str = ""
    required: bool = False
    editable: bool = True
    hint: Any = ""
    default: Any = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """The ORM path of the value."""
        return self.path or self.name

    def paths(self) -> tuple[str, ...]:
        """The columns that a list must read to show this field."""
        return (self.at,)

    def expression(self) -> Any:
        """The value as the database counts with it."""
        return F(self.at)

    def look_up(self, rows: Iterable[dict[str, Any]], user: User) -> None:
        """Read for these rows what does not stand in their columns, such as the titles of records led to."""

    def worked_out(self, user: User) -> dict[str, Any]:
        """What the database works out for this field in each row beside the columns, as far as the user may know."""
        return {}

    def parse(self, raw: Any, reading: Reading) -> Any:
        """The value behind what was typed or sent; raises FieldFault with words for the user."""
        raise NotImplementedError(self.kind)

    def parse_or_empty(self, raw: Any, reading: Reading) -> Any:
        """Like parse, with emptiness and the duty to fill the field in mind."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if self.required:
                raise FieldFault(_("Fill in this field."), code="REQUIRED")
            return self.empty
        return self.parse(raw, reading)

    @property
    def empty(self) -> Any:
        """What is stored when nothing was given."""
        return None

    def value_of(self, record: Any) -> Any:
        """The value on a loaded record."""
        value = record
        for part in self.at.split("__"):
            value = getattr(value, part, None)
            if value is None:
                return None
        return value

    def put(self, record: Any, value: Any) -> str:
        """Set the value on a loaded record; gives the column that must be saved."""
        setattr(record, self.name, value)
        return self.name

    def differs(self, record: Any, value: Any) -> bool:
        """Whether the record holds another value."""
        return bool(getattr(record, self.name) != value)

    def show(self, value: Any, language: str) -> str:
        """The value in words for people."""
        return "" if value is None else str(value)

    def raw(self, value: Any) -> str:
        """The value as it stands in a form control."""
        return "" if value is None else str(value)

    def json(self, value: Any) -> Any:
        """The value as the API and exports of data write it."""
        return value

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        """The value of a list row, prepared."""
        value = row.get(self.at)
        return Cell(self.show(value, language), kind=self.kind, value=value)

    def condition(self, operator: str, value: Any, reading: Reading) -> Q:
        """The filter that this operator and value mean; anything not listed is refused."""
        if operator not in self.operators:
            raise BadRequest(
                _("“%(field)s” can not be filtered by “%(operator)s”.") % {"field": self.label, "operator": operator},
                field=self.name,
                code="FILTER_OPERATOR",
            )
        if operator in NONE_OPERATORS:
            return self.empty_condition(operator == "empty")
        if operator in ("in", "not_in"):
            if not isinstance(value, list) or len(value) > 1000:
                raise BadRequest(_("Give a list of at most 1,000 values."), field=self.name, code="FILTER_VALUE")
            found = self.one_of(self.filter_values(value, reading))
            return ~found if operator == "not_in" else found
        return self.compare(operator, self.filter_value(value, reading))

    def filter_value(self, value: Any, reading: Reading) -> Any:
        """The value of a condition, read like typed text."""
        try:
            return self.parse(value, reading)
        except FieldFault as fault:
            raise BadRequest(fault.message, field=self.name, code="FILTER_VALUE") from fault

    def filter_values(self, values: list[Any], reading: Reading) -> list[Any]:
        """The values of a condition that names several."""
        return [self.filter_value(item, reading) for item in values]

    def one_of(self, values: list[Any]) -> Q:
        """The value is one of these."""
        return Q(**{f"{self.at}__in": values})

    def compare(self, operator: str, value: Any) -> Q:
        """One comparison with one value."""
        lookups = {"eq": "", "ne": "", "lt": "__lt", "lte": "__lte", "gt": "__gt", "gte": "__gte"}
        found = Q(**{f"{self.at}{lookups[operator]}": value})
        return ~found if operator == "ne" else found

    def empty_condition(self, is_empty: bool) -> Q:
        """Rows where the field has, or has not, a value."""
        return Q(**{f"{self.at}__isnull": is_empty})
