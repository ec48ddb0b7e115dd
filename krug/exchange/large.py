"""Imports as large changes of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.models import ImportRun
from krug.kernel.journal.large import LargeChange
from krug.kernel.journal.undo import oldest_undoable

WRITTEN = (ImportRun.State.DONE, ImportRun.State.CANCELLED, ImportRun.State.FAILED)
TONES = {"done": "success", "failed": "danger", "cancelled": "warning", "undone": "neutral"}
SHOWN = 50


def imports_told(user: User) -> Iterator[LargeChange]:
    """What this person imported; a check alone changed nothing and is none."""
    runs = ImportRun.objects.filter(created_by=user, created_at__gte=oldest_undoable()).order_by("-id")
    touched = (*WRITTEN, ImportRun.State.WRITING, ImportRun.State.UNDOING, ImportRun.State.UNDONE)
    for run in runs.filter(state__in=touched)[:SHOWN]:
        names = ", ".join(list(run.files)[:3])
        url = f"/import/{run.pk}/"
        yield LargeChange(
            at=run.created_at,
            label=_("Import: %(files)s") % {"files": names} if names else _("Import"),
            url=url,
            state=_("Undone") if run.state == ImportRun.State.UNDONE else str(run.get_state_display()),
            tone=TONES.get(run.state, "accent"),
            records=run.done,
            undo_url=f"{url}undo/" if run.acts and run.state in WRITTEN else "",
        )


def imports_behind(acts: Iterable[UUID], user: User) -> dict[UUID, str]:
    """Which of these acts are parts of an import."""
    asked = {str(act): act for act in acts}
    if not asked:
        return {}
    runs = ImportRun.objects.filter(created_at__gte=oldest_undoable(), acts__has_any_keys=list(asked))
    return {
        asked[act]: f"/import/{number}/" if maker == user.pk else ""
        for number, maker, own in runs.values_list("pk", "created_by_id", "acts")
        for act in own
        if act in asked
    }


def take_import_back(act: UUID, by: User) -> str:
    """Have the whole import undone of which the act is a part."""
    from krug.exchange.importing.running import undo_run

    run = ImportRun.objects.get(created_by=by, acts__has_key=str(act))
    return f"imports/{undo_run(run, by=by).pk}/"
