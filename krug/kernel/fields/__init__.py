"""Field kinds: the only thing that surfaces know of an entity type's data."""

from krug.kernel.fields import lookups  # noqa: F401  (registers the lookups)
from krug.kernel.fields.base import Cell, Field, FieldFault, Reading
from krug.kernel.fields.build import field_at, field_from, fields_of
from krug.kernel.fields.choice import ChoiceField, YesNoField
from krug.kernel.fields.moments import DateField, DateTimeField, read_day
from krug.kernel.fields.number import DecimalField, IntegerField, MoneyField
from krug.kernel.fields.reference import ReferenceField, title_from, title_names
from krug.kernel.fields.text import LongTextField, TextField

__all__ = [
    "Cell",
    "ChoiceField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "Field",
    "FieldFault",
    "IntegerField",
    "LongTextField",
    "MoneyField",
    "Reading",
    "ReferenceField",
    "TextField",
    "YesNoField",
    "field_at",
    "field_from",
    "fields_of",
    "read_day",
    "title_from",
    "title_names",
]
