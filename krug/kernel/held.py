"""What may be held once and is held already, or does not fit together: told with the names of the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext as _

from krug.kernel.errors import Fault
from krug.kernel.registry import entity_of

if TYPE_CHECKING:
    from django.db.models import Model

    from krug.access.models import User


def told_by_fields(row: Model, problem: ValidationError, by: User | None) -> Fault | None:
    """The problem in words of fields, with the way to the record in the way; none when it has words of its own."""
    constraint = _broken(row, problem)
    names = [*(problem.params or {}).get("unique_check", ())]
    if isinstance(constraint, CheckConstraint):
        said = _("These do not fit together: %(fields)s.") % {"fields": _labels(row, _named(constraint.condition))}
        return Fault("", said, "CONSTRAINT")
    if isinstance(constraint, UniqueConstraint):
        names = [*constraint.fields, *(name for each in constraint.expressions for name in _named(each))]
    if not names:
        return None
    said = _("Such a record is there already, with the same: %(fields)s.") % {"fields": _labels(row, names)}
    there, url = _holder(row, names, constraint.condition if constraint else None, by)
    return Fault(names[0] if len(names) == 1 else "", f"{said} {there}".strip(), "UNIQUE", hint=url)


def _broken(row: Model, problem: ValidationError) -> Any:
    """The constraint without words of its own that stopped the row."""
    for known in row._meta.constraints:
        wordless = known.violation_error_message == known.default_violation_error_message
        if wordless and problem.message == known.get_violation_error_message():
            return known
    return None


def _named(expression: Any) -> list[str]:
    if isinstance(expression, Q):
        return sorted(expression.referenced_base_fields)
    parts: list[Any] = [expression] if isinstance(expression, F) else list(expression.flatten())
    return [each.name for each in parts if hasattr(each, "name")]


def _labels(row: Model, names: list[str]) -> str:
    return ", ".join(str(getattr(row._meta.get_field(name), "verbose_name", name)) for name in names)


def _holder(row: Model, names: list[str], condition: Q | None, by: User | None) -> tuple[str, str]:
    entity = entity_of(type(row))
    if entity is None or by is None:
        return "", ""
    wanted = {}
    for name in names:
        value = getattr(row, name)
        wanted[f"{name}__iexact" if isinstance(value, str) else name] = value
    rows = entity.rows_for(by).filter(condition or Q(), **wanted).exclude(pk=row.pk)
    holder = rows.first()
    if holder is None:
        return "", ""
    told = _("It is No. %(number)s, “%(name)s”.") % {"number": holder.pk, "name": entity.name_of(holder)}
    return told, entity.url(holder.pk)
