"""Unfinished text: kept on the server while somebody types, shown again on any device, dropped when saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.kernel.desk import forget_draft, keep_draft, read_draft
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats

NOT_TEXT = {"csrfmiddlewaretoken", "once", "password", "next"}


@dataclass(frozen=True)
class Kept:
    """A draft as a form shows it."""

    data: dict[str, str]
    at: datetime
    url: str

    @property
    def when(self) -> str:
        """The time of the last keystroke that was kept, in the reader's words."""
        return formats.moment(timezone.localtime(self.at))


@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: HttpRequest, place: str) -> HttpResponse:
    """Keep, give back or drop what this person typed at this place."""
    user = asker(request)
    if request.method == "DELETE" or request.POST.get("discard"):
        forget_draft(user, place)
        return _back(request)
    if request.method == "GET":
        kept = draft_at(user, place)
        return JsonResponse({"fields": kept.data, "note": said_at(kept.at)}) if kept else HttpResponse(status=204)
    data = {name: str(value) for name, value in request.POST.items() if name not in NOT_TEXT}
    saved = keep_draft(user, place, data)
    return JsonResponse({"note": said_at(saved)})


def said_at(saved: datetime) -> str:
    """The note beside the form."""
    return _("Draft saved %(time)s") % {"time": formats.clock(timezone.localtime(saved))}


def draft_at(user: User, place: str) -> Kept | None:
    """What this person left unfinished at this place."""
    found = read_draft(user, place)
    return Kept(*found, draft_url(place)) if found else None


def draft_url(place: str) -> str:
    """Where the draft of a place is kept."""
    return f"/drafts/{place}/"


def _back(request: HttpRequest) -> HttpResponse:
    wanted = local(request, "")
    return go_to(request, wanted) if wanted else HttpResponse(status=204)
