"""What a date typed in plain words means, said back before it is saved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.errors import Refusal
from krug.kernel.plain_dates import describe_plain_date, read_plain_date
from krug.kernel.screens.door import SIGNED_IN, door


@door(SIGNED_IN)
@require_POST
def read_date(request: HttpRequest) -> HttpResponse:
    """The day and time in words; 422 with the trouble when nobody could tell what was meant."""
    now = timezone.localtime()
    text = request.POST.get("text", "").strip()[:100]
    try:
        found = read_plain_date(text, now=now)
    except Refusal as no:
        return HttpResponse(str(no), status=422, content_type="text/plain; charset=utf-8")
    if found is None:
        words = _("This is not a date. Write it like 25.12, tomorrow 10:00 or in 2 weeks.") if text else ""
        return HttpResponse(words, status=422 if text else 200, content_type="text/plain; charset=utf-8")
    said = describe_plain_date(found.date, found.time, today=now.date())
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
