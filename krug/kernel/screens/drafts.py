"""Unfinished text: kept on the server while somebody types, shown again on any device, dropped when saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.kernel.errors import BadRequest
from krug.kernel.models import Draft
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats

LARGEST = 200_000
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


def keep_draft(user: User, place: str, data: dict[str, str]) -> datetime:
    """Write the draft of this place; the last device that typed wins."""
    clean = {name[:200]: value.replace("\0", "") for name, value in data.items()}
    if sum(map(len, clean.values())) > LARGEST:
        raise BadRequest(_("This draft is too long to be kept."), code="DRAFT_TOO_LONG")
    kept, _is_new = Draft.objects.update_or_create(user=user, place=place, defaults={"data": clean})
    return kept.saved_at


def draft_at(user: User, place: str) -> Kept | None:
    """What this person left unfinished at this place."""
    found = Draft.objects.filter(user=user, place=place).values_list("data", "saved_at").first()
    return Kept(found[0], found[1], draft_url(place)) if found else None


def forget_draft(user: User, place: str) -> None:
    """The text is saved, or the person does not want it."""
    Draft.objects.filter(user=user, place=place).delete()


def draft_url(place: str) -> str:
    """Where the draft of a place is kept."""
    return f"/drafts/{place}/"


def _back(request: HttpRequest) -> HttpResponse:
    wanted = local(request, "")
    return go_to(request, wanted) if wanted else HttpResponse(status=204)
