"""What is told of records that became one, and one again two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordsMerged(Event):
    """Other records of the type became part of this one; `fields` are those by which it is found or that changed."""

    phrase: ClassVar[Any] = _("Merged into it: %(losers)s")
    icon: ClassVar[str] = "link"

    record: Any
    losers: list[Any]
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class RecordSplit(Event):
    """A record that had become part of another stands by itself again."""

    phrase: ClassVar[Any] = _("Split again: %(record)s from %(keeper)s")
    icon: ClassVar[str] = "undo"

    record: Any
    keeper: Any
    fields: list[str]
