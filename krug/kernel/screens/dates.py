"""What a date typed in plain words means, said back before it is saved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.dates import zone_called
from krug.kernel.errors import Refusal
from krug.kernel.plain_dates import describe_plain_date, read_plain_date
from krug.kernel.screens.door import SIGNED_IN, asker, door


@door(SIGNED_IN)
@require_POST
def read_date(request: HttpRequest) -> HttpResponse:
    """The day and weekday of «завтра 10» or “in 3 days” on the clock of this person; 422 when none is read."""
    now = timezone.now().astimezone(zone_called(asker(request).timezone))
    text = request.POST.get("text", "").strip()[:500]
    try:
        found = read_plain_date(text, now=now)
    except Refusal as no:
        return _said(str(no), status=422)
    if found is not None:
        return _said(describe_plain_date(found.date, found.time, today=now.date()))
    return _said(_("No date is read in this yet."), status=422) if text else _said("")


def _said(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
