"""Large changes: what was done as one to many records, whoever carries it out; each is taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from krug.access.models import User
from krug.kernel.journal.runs import begin_undo, is_own, runs_behind, the_run


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
TakeBack = Callable[[UUID, User], str]
sources: list[Source] = []
_behind: list[tuple[Behind, TakeBack]] = []


def tell_large_changes(source: Source, behind: Behind | None = None, take_back: TakeBack | None = None) -> None:
    """A part of the house names large changes of its own, which acts are only parts of them, and how all is undone."""
    if source not in sources:
        sources.append(source)
        _behind.extend([(behind, take_back)] if behind and take_back else [])


def wholes_behind(acts: Iterable[UUID], user: User) -> dict[UUID, str]:
    """The acts that are parts of a large change, with its address; empty where it is somebody else's."""
    asked = list(acts)
    found = {
        act: f"/journal/runs/{number}/" if is_own(number, user) else "" for act, number in runs_behind(asked).items()
    }
    for behind, _take_back in _behind:
        found |= behind(asked, user)
    return found


def take_whole_back(act: UUID, *, by: User) -> str:
    """Have all of one's own large change undone of which the act is a part; where programs see how far it has come."""
    number = runs_behind([act]).get(act)
    if number is not None:
        return f"runs/{begin_undo(the_run(number, by), by=by).pk}/"
    take_back = next(take_back for behind, take_back in _behind if act in behind([act], by))
    return take_back(act, by)
