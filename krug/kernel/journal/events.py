"""An event is a frozen value in the past tense; it packs into a journal row and unpacks from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, get_type_hints

from django.db.models import Model

from krug.access.models import User

EVENTS: dict[str, type[Event]] = {}


class EventName(str):
    """The name of an event as a field of another one; people read its phrase."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened: the first field is its subject, `by` is who did it.

    `phrase` says it to people, with the names of its fields as placeholders; `icon` stands before it.
    """

    phrase: ClassVar[Any] = ""
    icon: ClassVar[str] = "dot"

    by: User

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = EVENTS.get(cls.__name__)
        if known is not None and known.__module__ != cls.__module__:
            raise TypeError(f"Two events are called {cls.__name__}.")
        EVENTS[cls.__name__] = cls

    @property
    def records(self) -> list[Model]:
        """The records that the event names, its subject first; people who merely did it are not among them."""
        found: list[Model] = []
        for name in _names(self.__class__.__name__):
            value = getattr(self, name)
            found += [
                each for each in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(each, Model)
            ]
        return found

    def pack(self) -> dict[str, Any]:
        """The fields as plain data for the journal."""
        return {name: _packed(getattr(self, name)) for name in _names(self.__class__.__name__)}


@cache
def _names(event: str) -> tuple[str, ...]:
    """The fields of an event but for who did it."""
    return tuple(item.name for item in fields(EVENTS[event]) if item.name != "by")


def _packed(value: Any) -> Any:
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)[:200]}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_packed(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _packed(item) for key, item in value.items()}
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def unpack(name: str, data: dict[str, Any], by: User | None, subject: Model | None = None) -> Event:
    """Make the event again from its journal row, with its records read afresh; `subject` when any type may be it."""
    kind = EVENTS[name]
    hints = get_type_hints(kind)
    values = {name: _unpacked(data.get(name), hints[name]) for name in _names(kind.__name__)}
    first = next(iter(values))
    if hints[first] is Any:
        values[first] = subject
    return kind(**{**values, "by": by})


def _unpacked(value: Any, hint: Any) -> Any:
    options = [option for option in getattr(hint, "__args__", ()) if option is not type(None)] or [hint]
    for option in options:
        if not isinstance(option, type) or value is None:
            continue
        if issubclass(option, Model) and isinstance(value, dict):
            return option._default_manager.filter(pk=value["id"]).first()
        if issubclass(option, Decimal):
            return Decimal(value)
        if issubclass(option, datetime):
            return datetime.fromisoformat(value)
        if issubclass(option, date):
            return date.fromisoformat(value)
    return value
