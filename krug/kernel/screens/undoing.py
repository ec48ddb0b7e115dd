"""Taking back: one press on a message, in a history or in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krug.kernel.journal.large import wholes_behind
from krug.kernel.journal.recording import last_act
from krug.kernel.journal.runs import undo_one
from krug.kernel.journal.undo import Undone, clash_words
from krug.kernel.screens.answers import go_to, local, way_back
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui.toasts import toast

if TYPE_CHECKING:
    from krug.kernel.models import ChangeRun


@door(SIGNED_IN)
@require_POST
def undo_page(request: HttpRequest, act: UUID) -> HttpResponse:
    """Put back what one act changed, and stay where one is; a part of a large change leads to the whole."""
    whole = wholes_behind([act], asker(request))
    if act in whole:
        return go_to(request, whole[act] or "/journal/")
    undone = undo_one(act, by=asker(request))
    toast(request, words_of(undone), undo_url=f"/journal/{undone.act}/undo/", undo_label=_("Redo"))
    return go_to(request, local(request, way_back(request)))


def words_of(undone: Undone) -> str:
    """What came of it, in one line."""
    if not undone.left:
        return _("Undone.")
    if not undone.clashes:
        people = ngettext(
            "Undone, but %(count)s person is let in as before: that is not yours to change, or he works here by now.",
            "Undone, but %(count)s people are let in as before: that is not yours to change, or they work here by now.",
            undone.left,
        )
        return people % {"count": undone.left}
    left = ngettext(
        "Undone, but %(count)s record was changed since and stays: %(what)s.",
        "Undone, but %(count)s records were changed since and stay: %(what)s.",
        undone.left,
    )
    return left % {"count": undone.left, "what": clash_words(undone.clashes[0])}


def undo_url() -> str:
    """Where the act that was just carried out is taken back."""
    act = last_act()
    return f"/journal/{act}/undo/" if act else ""


def run_url(run: ChangeRun) -> str:
    """The page of a run."""
    return f"/journal/runs/{run.pk}/"
