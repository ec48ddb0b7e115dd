"""Finding a part of a text in a way that trigram indexes understand."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, EmailField, Lookup, TextField


def escaped(text: str) -> str:
    """The text with nothing in it that ILIKE takes for a sign of its own."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


class HasPart(Lookup):
    """The text holds these letters anywhere, whatever their case; Django's own icontains misses the index."""

    lookup_name = "has_part"
    shape = "%{}%"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} ILIKE %s", [*left_values, self.shape.format(escaped(str(self.rhs)))]


class StartsWithPart(HasPart):
    """The text begins with these letters, whatever their case."""

    lookup_name = "begins"
    shape = "{}%"


for column in (CharField, TextField, EmailField):
    column.register_lookup(HasPart)
    column.register_lookup(StartsWithPart)
