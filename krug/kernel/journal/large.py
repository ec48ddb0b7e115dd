"""Large changes: what was done as one to many records, whoever carries it out; each is taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.journal.reading import known_entity
from krug.kernel.journal.runs import is_own, runs_behind, runs_of, undone_among
from krug.kernel.models import ChangeRun

TONES = {"done": "success", "failed": "danger", "cancelled": "warning"}
SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class LargeChange:
    """One large change as the journal shows it; `undo_url` is empty where nothing is left to take back."""

    at: datetime
    label: str
    url: str
    state: str
    tone: str = "neutral"
    records: int = 0
    undo_url: str = ""
    is_undoing: bool = False
    act: UUID | None = None


Source = Callable[[User], Iterable[LargeChange]]
Behind = Callable[[Iterable[UUID], User], dict[UUID, str]]
_sources: list[Source] = []
_behind: list[Behind] = []


def tell_large_changes(source: Source, behind: Behind | None = None) -> None:
    """A part of the house names large changes of its own, and which acts are only parts of them."""
    if source not in _sources:
        _sources.append(source)
        _behind.extend([behind] if behind else [])


def large_changes(user: User) -> list[LargeChange]:
    """The large changes of one person, newest first."""
    found = [told_of_run(run) for run in runs_of(user)]
    for source in _sources:
        found += source(user)
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def wholes_behind(acts: Iterable[UUID], user: User) -> dict[UUID, str]:
    """The acts that are parts of a large change, with its address; empty where it is somebody else's."""
    asked = list(acts)
    found = {
        act: f"/journal/runs/{number}/" if is_own(number, user) else "" for act, number in runs_behind(asked).items()
    }
    for behind in _behind:
        found |= behind(asked, user)
    return found


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
