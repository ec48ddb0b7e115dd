"""What a program sends along with a verb, read by the same fields as the small form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from krug.kernel.errors import Faults
from krug.kernel.fields import Field, FieldFault, Reading


def read_arguments(asked: Sequence[Field], sent: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """The arguments of a verb; unknown ones and all faults are named at once."""
    faults, values = Faults(), {}
    known = {field.name for field in asked}
    for name in sent:
        if name not in known:
            faults.add(name[:80], _("“%(name)s” is not asked here.") % {"name": name[:80]}, code="UNKNOWN_FIELD")
    for field in asked:
        try:
            values[field.name] = field.parse_or_empty(sent.get(field.name), reading)
        except FieldFault as fault:
            faults.items.append(fault.at(field.name))
    faults.stop_if_any()
    return values
