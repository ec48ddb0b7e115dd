"""Large changes: what was done as one to many records, whoever carries it out; each is taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from krug.access.models import User
from krug.kernel.journal.runs import is_own, runs_behind


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
sources: list[Source] = []
_behind: list[Behind] = []


def tell_large_changes(source: Source, behind: Behind | None = None) -> None:
    """A part of the house names large changes of its own, and which acts are only parts of them."""
    if source not in sources:
        sources.append(source)
        _behind.extend([behind] if behind else [])


def wholes_behind(acts: Iterable[UUID], user: User) -> dict[UUID, str]:
    """The acts that are parts of a large change, with its address; empty where it is somebody else's."""
    asked = list(acts)
    found = {
        act: f"/journal/runs/{number}/" if is_own(number, user) else "" for act, number in runs_behind(asked).items()
    }
    for behind in _behind:
        found |= behind(asked, user)
    return found
