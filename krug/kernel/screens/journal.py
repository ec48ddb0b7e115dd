"""The journal of oneself: what one did in thirty days, the large first, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krug.kernel.errors import NotFound
from krug.kernel.journal.acts import MyAct, acts_of
from krug.kernel.journal.reading import known_entity
from krug.kernel.journal.runs import begin_undo, cancel, runs_of, the_run, undone_among
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.screens.undoing import run_url
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render

if TYPE_CHECKING:
    from krug.kernel.models import ChangeRun

TONES = {"done": "success", "failed": "danger", "cancelled": "warning"}


@door(SIGNED_IN)
@require_safe
def journal_page(request: HttpRequest) -> HttpResponse:
    """My runs over many records, then my single acts, newest first."""
    user = asker(request)
    acts, earlier = acts_of(user, request.GET.get("earlier", ""))
    undone = undone_among(act.act for act in acts)
    context = {
        "runs": [] if request.GET.get("earlier") else [described(run) for run in runs_of(user)],
        "acts": [(act, when(act), act.act in undone) for act in acts],
        "earlier": earlier,
    }
    return render(request, "kernel/journal.html", context)


def when(act: MyAct) -> str:
    """The time of an act in words."""
    return formats.moment(timezone.localtime(act.at))


@door(SIGNED_IN)
@require_safe
def run_page(request: HttpRequest, number: int) -> HttpResponse:
    """One run: its progress while it works, then what changed, what was skipped and the way back."""
    return render(request, "kernel/run.html", described(the_run(number, asker(request))))


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
    """A run in words and figures."""
    entity = known_entity(run.entity)
    kind = str(run.get_kind_display())
    acts = list(run.acts.values_list("act", flat=True))
    is_undone = bool(acts) and undone_among(acts) == set(acts)
    verb = entity.verb(run.wanted.get("verb", "")) if entity else None
    return {
        "run": run,
        "url": run_url(run),
        "label": ": ".join(
            part for part in (str(verb.label) if verb else kind, str(entity.plural) if entity else "") if part
        ),
        "state": _("Undone") if is_undone else str(run.get_state_display()),
        "tone": "neutral" if is_undone else TONES.get(run.state, "accent"),
        "when": formats.moment(timezone.localtime(run.created_at)),
        "share": round(100 * run.done / run.total) if run.total else 0,
        "skipped": run.skipped,
        "may_undo": bool(acts) and not run.is_running and not is_undone,
        "list_url": entity.url() if entity else "",
        "is_undoing": run.kind == run.Kind.UNDO,
    }
