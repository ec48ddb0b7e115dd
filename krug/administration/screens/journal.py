"""The journal of oneself: what one did in thirty days, the large first, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from krug.administration.large_changes import large_changes, told_of_run
from krug.administration.own_acts import MyAct, acts_of
from krug.kernel.errors import NotFound
from krug.kernel.journal.large import LargeChange
from krug.kernel.journal.reading import known_entity
from krug.kernel.journal.runs import begin_undo, cancel, the_run, undone_among
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.screens.undoing import run_url
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render

if TYPE_CHECKING:
    from krug.kernel.models import ChangeRun


@door(SIGNED_IN)
@require_safe
def journal_page(request: HttpRequest) -> HttpResponse:
    """My large changes, then my single acts, newest first."""
    user = asker(request)
    acts, earlier = acts_of(user, request.GET.get("earlier", ""))
    undone = undone_among(act.act for act in acts)
    large = large_changes(user)
    told = {change.act for change in large}
    context = {
        "large": [] if request.GET.get("earlier") else [(change, when(change)) for change in large],
        "acts": [(act, when(act), act.act in undone) for act in acts if act.act not in told],
        "earlier": earlier,
    }
    return render(request, "administration/journal.html", context)


def when(act: MyAct | LargeChange) -> str:
    """The time of an act in words."""
    return formats.moment(timezone.localtime(act.at))


@door(SIGNED_IN)
@require_safe
def run_page(request: HttpRequest, number: int) -> HttpResponse:
    """One run: its progress while it works, then what changed, what was skipped and the way back."""
    return render(request, "administration/run.html", described(the_run(number, asker(request))))


@door(SIGNED_IN)
@require_POST
def run_act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Stop a run, or have all of it taken back."""
    run = the_run(number, asker(request))
    if act == "cancel":
        cancel(run)
    elif act == "undo":
        run = begin_undo(run, by=asker(request))
    else:
        raise NotFound
    return go_to(request, run_url(run))


def described(run: ChangeRun) -> dict[str, Any]:
    """A run in words and figures, with what it left out."""
    entity = known_entity(run.entity)
    return {
        "run": run,
        "told": told_of_run(run),
        "when": formats.moment(timezone.localtime(run.created_at)),
        "share": round(100 * run.done / run.total) if run.total else 0,
        "skipped": run.skipped,
        "list_url": entity.url() if entity else "",
    }
