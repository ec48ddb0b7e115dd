"""What lies on each person's desk: unfinished text, and what was looked at last."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import BadRequest
from krug.kernel.models import Draft, Seen

LARGEST = 200_000
LOOK = """
INSERT INTO seen AS s (user_id, entity, record_id, at) VALUES (%s, %s, %s, now())
ON CONFLICT (user_id, entity, record_id) DO UPDATE
SET before = CASE WHEN s.at < now() - interval '1 minute' THEN s.at ELSE s.before END, at = now()
RETURNING before
"""


def keep_draft(user: User, place: str, data: dict[str, str]) -> datetime:
    """Write the draft of this place; the last device that typed wins."""
    clean = {name[:200]: value.replace("\0", "") for name, value in data.items()}
    if sum(map(len, clean.values())) > LARGEST:
        raise BadRequest(_("This draft is too long to be kept."), code="DRAFT_TOO_LONG")
    kept, _is_new = Draft.objects.update_or_create(user=user, place=place, defaults={"data": clean})
    return kept.saved_at


def read_draft(user: User, place: str) -> tuple[dict[str, str], datetime] | None:
    """What this person left unfinished at this place, and when."""
    return Draft.objects.filter(user=user, place=place).values_list("data", "saved_at").first()


def forget_draft(user: User, place: str) -> None:
    """The text is saved, or the person does not want it."""
    Draft.objects.filter(user=user, place=place).delete()


def note_look(user: User, code: str, pk: int) -> datetime | None:
    """Note that a page was opened; gives the time of the look before, a reload within a minute not counted."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [user.pk, code, pk])
        before: datetime | None = cursor.fetchone()[0]
    return before


def looked_at(user: User, limit: int) -> list[tuple[str, int]]:
    """The type and number of the records this person opened last, newest first."""
    return list(Seen.objects.filter(user=user).order_by("-at").values_list("entity", "record_id")[:limit])
