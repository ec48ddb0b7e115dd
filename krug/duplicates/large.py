"""Merges as large changes of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.journal.large import LargeChange
from krug.kernel.journal.reading import known_entity
from krug.kernel.journal.runs import undone_among
from krug.kernel.journal.undo import oldest_undoable
from krug.kernel.models import RecordMerge
from krug.kernel.registry import get_entity

SHOWN = 50


def merges_told(user: User) -> Iterator[LargeChange]:
    """What this person merged, one line for each act."""
    rows = RecordMerge.objects.filter(by=user, at__gte=oldest_undoable()).order_by("-at", "-id")
    acts: dict[UUID, list[RecordMerge]] = {}
    for row in rows[: SHOWN * 2]:
        acts.setdefault(row.act, []).append(row)
    undone = undone_among(acts)
    for act, merged in acts.items():
        entity = known_entity(merged[0].entity)
        if entity is None:
            continue
        keeper = get_entity(merged[0].entity).rows_for(user).filter(pk=merged[0].keeper_id).first()
        name = entity.name_of(keeper) if keeper is not None else f"№ {merged[0].keeper_id}"
        yield LargeChange(
            at=merged[0].at,
            label=_("Merge: %(record)s") % {"record": name},
            url=entity.url(merged[0].keeper_id),
            state=_("Undone") if act in undone else _("Carried out"),
            tone="neutral" if act in undone else "success",
            records=len(merged) + 1,
            undo_url="" if act in undone else f"/journal/{act}/undo/",
            act=act,
        )
