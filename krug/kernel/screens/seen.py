"""What a person looked at last: the recent records, and since when a record is news to him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from krug.access.models import User
from krug.kernel.desk import looked_at, note_look
from krug.kernel.entity import Entity
from krug.kernel.errors import NotFound
from krug.kernel.fields import title_from, title_names
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import is_named
from krug.language.calendar_words import speech


@dataclass(frozen=True)
class Recent:
    """A record that was open lately."""

    entity: Entity
    pk: int
    title: str

    @property
    def url(self) -> str:
        """Its page."""
        return self.entity.url(self.pk)


def look(user: User, entity: Entity, pk: int) -> datetime | None:
    """Note that the page was opened; gives the time of the look before, a reload within a minute not counted."""
    return note_look(user, entity.code, pk)


def recent_records(user: User, limit: int = 8) -> list[Recent]:
    """The records this person opened last and may still see, newest first; of types that one looks for."""
    seen = looked_at(user, limit * 3)
    titles: dict[tuple[str, int], Recent] = {}
    language = speech()
    for code in {code for code, _pk in seen}:
        try:
            entity = get_entity(code)
        except NotFound:
            continue
        if not (entity.menu or is_named(entity)):
            continue
        names = title_names(entity.model)
        numbers = [pk for known, pk in seen if known == code]
        for pk, *rest in entity.rows_for(user).filter(pk__in=numbers).values_list("pk", *names):
            titles[code, pk] = Recent(entity, pk, title_from(entity.model, tuple(rest), language))
    return [titles[key] for key in seen if key in titles][:limit]
