"""Sentences with named places, translated when somebody reads them and not before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


def phrase(template: str | Promise, **values: object) -> str:
    """The template in the reader's language, its dates and numbers shown by that language's rules."""
    return _spoken(template, values)


def new_of(entity: Entity) -> str:
    """«Новая сделка»: the words for beginning a record, whole, since an adjective agrees with its noun."""
    return str(entity.new) or _("New: %(type)s") % {"type": entity.label}


def shortened(text: str, limit: int) -> str:
    """The beginning of a long text, with the sign that it goes on elsewhere."""
    if len(text) <= limit:
        return text
    begun = text[: limit - 1]
    words = begun.rpartition(" ")[0] if text[limit - 1] != " " else begun
    return f"{(words if 2 * len(words) > limit else begun).rstrip(' .,;:')}…"


def _speak(template: str | Promise, values: dict[str, object]) -> str:
    return str(template) % {name: _shown(value) for name, value in values.items()}


def _shown(value: object) -> object:
    from krug.kernel.ui import formats

    if isinstance(value, date):
        return formats.date(value)
    return formats.number(value) if isinstance(value, Decimal) else value


_spoken = lazy(_speak, str)
