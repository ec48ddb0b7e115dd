"""How the product understood a date typed in plain words, said before anything is saved."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.dates import DEFAULT_ZONE, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.plain_dates import describe_plain_date, read_plain_date
from krug.kernel.screens.door import SIGNED_IN, door


@door(SIGNED_IN)
@require_POST
def read_date(request: HttpRequest) -> HttpResponse:
    """Say the day and weekday of «завтра 10» or “in 3 days” on the clock of this person."""
    now = timezone.now().astimezone(zone_called(getattr(request.user, "timezone", DEFAULT_ZONE)))
    try:
        read = read_plain_date(request.POST.get("text", "")[:500], now=now)
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if read is None:
        said = _("No date is read in this yet.")
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    said = describe_plain_date(read.date, read.time, today=now.date())
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
