"""The feed of what happened, by cursor, for programs that follow along."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import get_entity

MOST = 200


def changes_after(user: User, cursor: str, limit: int) -> dict[str, Any]:
    """The entries after the cursor about records that the user may see, oldest first."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise BadRequest(_("This cursor is not known."), field="after", code="CURSOR")
    if not 1 <= limit <= MOST:
        raise BadRequest(_("Ask for 1 to %(most)s changes.") % {"most": MOST}, field="limit", code="LIMIT")
    entries = list(JournalEntry.objects.filter(id__gt=int(cursor or 0)).order_by("id")[:limit])
    seen = _visible({(entry.entity, entry.subject_id) for entry in entries}, user)
    return {
        "results": [
            {
                "id": entry.id,
                "at": entry.at.isoformat(),
                "event": entry.event,
                "entity": entry.entity,
                "record": entry.subject_id,
                "actor": entry.actor_id,
                "act": str(entry.act or ""),
                "source": entry.source,
            }
            for entry in entries
            if (entry.entity, entry.subject_id) in seen
        ],
        "next": str(entries[-1].id) if entries else cursor,
    }


def _visible(links: set[tuple[str, int]], user: User) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for code in {code for code, _pk in links}:
        try:
            rows = get_entity(code).rows_for(user)
        except NotFound:
            continue
        found |= {
            (code, pk)
            for pk in rows.filter(pk__in=[pk for known, pk in links if known == code]).values_list("pk", flat=True)
        }
    return found
