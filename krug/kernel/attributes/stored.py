"""What all attributes have in common: the value lies in the record's `custom`, filters ask the index beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import CharField, DecimalField, Exists, F, OuterRef, Q

from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.attributes.past import EntryThen, KeyThen
from krug.kernel.fields.base import Cell, Field
from krug.kernel.moment import looking_back

if TYPE_CHECKING:
    from krug.access.models import User

NOTHING: tuple[Any, ...] = (None, "", False, [])


@dataclass(frozen=True, kw_only=True)
class StoredField(Field):
    """A field whose definition is a row of `attribute`."""

    is_attribute: ClassVar[bool] = True
    indexed_as: ClassVar[str] = "text"
    is_ordered: ClassVar[bool] = False

    number: int = 0

    @property
    def key(self) -> str:
        """Where the value stands in `custom`."""
        return f"a{self.number}"

    @property
    def before(self) -> str:
        """The way from the rows asked to the record that holds the value."""
        return self.at[: -len(f"custom__{self.key}")]

    @property
    def is_zero_empty(self) -> bool:
        """Whether a record without an entry in the index stands for nought, as where related records are counted."""
        return False

    def is_indexed(self, user: User) -> bool:
        """Whether the index holds what this reader sees at the moment at which he looks."""
        return looking_back() is None

    def worked(self, user: User) -> Any:
        """The value in SQL as the index would hold it, for the times when the index can not be asked."""
        shape = CharField() if self.indexed_as == "text" else DecimalField(max_digits=42, decimal_places=12)
        held = F(f"{self.before}custom")
        return KeyThen(held, number=self.number, column=self.indexed_as, output_field=shape)

    def typed(self, stored: Any) -> Any:
        """The value behind what is stored."""
        return stored

    def kept(self, value: Any) -> Any:
        """The value as it is stored."""
        return value

    def expression(self) -> Any:
        return F(self.at)

    def value_of(self, record: Any) -> Any:
        for part in self.before.split("__"):
            record = getattr(record, part, None) if part else record
        return self.typed((getattr(record, "custom", None) or {}).get(self.key))

    def put(self, record: Any, value: Any) -> str:
        rest = {key: held for key, held in (record.custom or {}).items() if key != self.key}
        stored = self.kept(value)
        record.custom = (
            rest if any(stored is none or stored == none for none in NOTHING) else {**rest, self.key: stored}
        )
        return "custom"

    def differs(self, record: Any, value: Any) -> bool:
        return bool(self.raw(self.value_of(record)) != self.raw(value))

    def show(self, value: Any, language: str) -> str:
        return super().show(self.typed(value), language)

    def raw(self, value: Any) -> str:
        return super().raw(self.typed(value))

    def json(self, value: Any) -> Any:
        return super().json(self.typed(value))

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        value = self.typed(row.get(self.at))
        return Cell(self.show(value, language), kind=self.kind, value=value)

    def entries(self, **wanted: Any) -> Q:
        """Rows whose record has such an entry in the index, or had its value then."""
        if looking_back() is not None:
            return Q(EntryThen(f"{self.before}custom", self.number, **wanted))
        found = AttributeIndex.objects.filter(
            attribute_id=self.number, record_id=OuterRef(f"{self.before}pk"), **wanted
        )
        return Q(Exists(found))

    def sought(self, value: Any) -> Any:
        """The value as the index keeps it."""
        return self.kept(value)

    def compare(self, operator: str, value: Any) -> Q:
        lookups = {"eq": "", "ne": "", "lt": "__lt", "lte": "__lte", "gt": "__gt", "gte": "__gte"}
        found = self.entries(**{f"{self.indexed_as}{lookups[operator]}": self.sought(value)})
        return ~found if operator == "ne" else found

    def one_of(self, values: list[Any]) -> Q:
        return self.entries(**{f"{self.indexed_as}__in": [self.sought(value) for value in values]})

    def empty_condition(self, is_empty: bool) -> Q:
        found = self.entries()
        return ~found if is_empty else found
