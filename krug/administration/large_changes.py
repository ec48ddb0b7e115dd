"""The large changes of one person in words, for the journal of oneself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.journal.large import LargeChange, sources
from krug.kernel.journal.reading import known_entity
from krug.kernel.journal.runs import runs_of, undone_among
from krug.kernel.models import ChangeRun

TONES = {"done": "success", "failed": "danger", "cancelled": "warning"}
SHOWN = 50


def large_changes(user: User) -> list[LargeChange]:
    """The large changes of one person, newest first."""
    found = [told_of_run(run) for run in runs_of(user)]
    for source in sources:
        found += source(user)
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def told_of_run(run: ChangeRun) -> LargeChange:
    """A bulk edit or an undoing as the journal shows it."""
    entity = known_entity(run.entity)
    acts = list(run.acts.values_list("act", flat=True))
    is_undone = bool(acts) and undone_among(acts) == set(acts)
    verb = entity.verb(run.wanted.get("verb", "")) if entity else None
    words = (str(verb.label) if verb else str(run.get_kind_display()), str(entity.plural) if entity else "")
    url = f"/journal/runs/{run.pk}/"
    return LargeChange(
        at=run.created_at,
        label=": ".join(filter(None, words)),
        url=url,
        state=_("Undone") if is_undone else str(run.get_state_display()),
        tone="neutral" if is_undone else TONES.get(run.state, "accent"),
        records=run.changed,
        undo_url=f"{url}undo/" if acts and not run.is_running and not is_undone else "",
        is_undoing=run.kind == run.Kind.UNDO,
    )
