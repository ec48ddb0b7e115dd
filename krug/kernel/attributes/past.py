"""Attributes as they stood then: the values are read from the record of that moment, for the index knows only today."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, Value

from krug.kernel.fields.lookups import escaped

COMPARED = {
    "": "= {}", "lt": "< {}", "lte": "<= {}", "gt": "> {}", "gte": ">= {}", "in": "= ANY({})",
    "has_part": "ILIKE {}", "begins": "ILIKE {}",
}  # fmt: skip
SHAPES = {"has_part": "%{}%", "begins": "{}%"}


class EntryThen(Func):
    """Whether the values that the record held then have one that the index would hold."""

    output_field = BooleanField()

    def __init__(self, at: str, attribute: int, /, **wanted: Any) -> None:
        self.wanted = tuple(name.partition("__")[::2] for name in wanted)
        values = (_value(name.partition("__")[2], value) for name, value in wanted.items())
        super().__init__(F(at), *values, attribute=int(attribute))

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        custom, *values = [compiler.compile(part) for part in self.get_source_expressions()]
        narrowed = "".join(
            f" AND r.{column} {COMPARED[lookup].format(value[0])}"
            for (column, lookup), value in zip(self.wanted, values, strict=True)
        )
        text = f"FROM krug_attribute_rows({custom[0]}) r WHERE r.attribute_id = {self.extra['attribute']}{narrowed}"
        return f"EXISTS (SELECT 1 {text})", tuple(value for part in (custom, *values) for value in part[1])


def _value(lookup: str, value: Any) -> Any:
    if hasattr(value, "resolve_expression"):
        return value
    return Value(SHAPES[lookup].format(escaped(str(value))) if lookup in SHAPES else value)


class KeyThen(Func):
    """The value, or the values, that the record held then, as the index would hold them."""

    template = (
        "(SELECT r.%(column)s FROM krug_attribute_rows(%(expressions)s) r WHERE r.attribute_id = %(number)s LIMIT 1)"
    )


class KeysThen(Func):
    """All values of a list that the record held then."""

    template = "ARRAY(SELECT r.number FROM krug_attribute_rows(%(expressions)s) r WHERE r.attribute_id = %(number)s)"
