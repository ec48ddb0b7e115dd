"""The feed of what happened, by cursor, for programs that follow along."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import BadRequest
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.reading import visible_links
from krug.kernel.links import record_number

MOST = 200


def changes_after(user: User, cursor: str, limit: int) -> dict[str, Any]:
    """The entries after the cursor about records that the user may see, oldest first."""
    if cursor.strip("0") and record_number(cursor) is None:
        raise BadRequest(_("This cursor is not known."), field="after", code="CURSOR")
    if not 1 <= limit <= MOST:
        raise BadRequest(_("Ask for 1 to %(most)s changes.") % {"most": MOST}, field="limit", code="LIMIT")
    entries = list(JournalEntry.objects.filter(id__gt=int(cursor or 0)).order_by("id")[:limit])
    seen = visible_links(((entry.entity, entry.subject_id) for entry in entries), user)
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
