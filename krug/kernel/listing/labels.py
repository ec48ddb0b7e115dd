"""What records of other types are called, looked up together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from krug.kernel.fields import ReferenceField, title_from, title_names
from krug.kernel.visibility import is_employee

if TYPE_CHECKING:
    from krug.kernel.fields import Reading


def label_references(field: ReferenceField, ids: Iterable[int | None], reading: Reading) -> dict[int, str]:
    """The titles of those records that the reader may see, by number, one query for all of them."""
    wanted = {number for number in ids if number is not None and number < 2**63}
    if not wanted:
        return {}
    names = title_names(field.model)
    everyone = field.is_person and is_employee(reading.user)
    known = field.model._default_manager.all() if everyone else field.rows(reading.user)
    rows = known.filter(pk__in=wanted).values_list("pk", *names)
    return {row[0]: title_from(field.model, tuple(row[1:]), reading.language) for row in rows}
