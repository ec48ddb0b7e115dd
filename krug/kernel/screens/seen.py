"""What a person looked at last: the recent records, and since when a record is news to him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import get_language

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.errors import NotFound
from krug.kernel.fields import title_from, title_names
from krug.kernel.models import Seen
from krug.kernel.registry import get_entity

LOOK = """
INSERT INTO seen AS s (user_id, entity, record_id, at) VALUES (%s, %s, %s, now())
ON CONFLICT (user_id, entity, record_id) DO UPDATE
SET before = CASE WHEN s.at < now() - interval '1 minute' THEN s.at ELSE s.before END, at = now()
RETURNING before
"""


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
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [user.pk, entity.code, pk])
        before: datetime | None = cursor.fetchone()[0]
    return before


def recent_records(user: User, limit: int = 8) -> list[Recent]:
    """The records this person opened last and may still see, newest first."""
    seen = list(Seen.objects.filter(user=user).order_by("-at").values_list("entity", "record_id")[: limit * 3])
    titles: dict[tuple[str, int], Recent] = {}
    language = (get_language() or "en")[:2]
    for code in {code for code, _pk in seen}:
        try:
            entity = get_entity(code)
        except NotFound:
            continue
        names = title_names(entity.model)
        numbers = [pk for known, pk in seen if known == code]
        for pk, *rest in entity.rows_for(user).filter(pk__in=numbers).values_list("pk", *names):
            titles[code, pk] = Recent(entity, pk, title_from(entity.model, tuple(rest), language))
    return [titles[key] for key in seen if key in titles][:limit]
