"""A form sent after its session had ended waits for the same person to come in, who sends it again with one press."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from krug.access.models import User
from krug.administration.screens.devices import read_device
from krug.kernel.screens.door import asker, is_signed_in
from krug.kernel.ui.pages import render

KEPT = "held"
AGAIN = "/sign-in/again/"
LARGEST = 200_000
LIVES = 3600
SECRET = {"password", "directory_password", "current", "again", "secret", "token"}


def hold_what_was_sent(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the fields of a form that was led to the sign-in page, for whoever came in from this browser last.

    Only a browser from which somebody has come in before may keep anything here, and never a secret or a file.
    """
    is_led_away = response.status_code == 302 and response["Location"].startswith(f"{settings.LOGIN_URL}?")
    if request.method != "POST" or not is_led_away or is_signed_in(request):
        return
    _number, people = read_device(request)
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"]
    is_long = sum(len(name) + len(text) for name, text in fields) > LARGEST
    if not people or not fields or is_long or request.FILES or SECRET & set(request.POST):
        return
    now = int(timezone.now().timestamp())
    request.session[KEPT] = {"person": people[0], "path": request.get_full_path(), "fields": fields, "at": now}


def held_for(request: HttpRequest, person: User) -> dict[str, Any] | None:
    """What waits in this browser for this very person, unless it has waited too long."""
    held: dict[str, Any] | None = request.session.get(KEPT)
    if held is None or held["person"] != person.pk or timezone.now().timestamp() - held["at"] > LIVES:
        return None
    return held


@require_safe
def send_again(request: HttpRequest) -> HttpResponse:
    """What was typed, with one button that sends it to where it was going."""
    held = held_for(request, asker(request))
    if held is None:
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "administration/send_again.html", {"action": held["path"], "fields": held["fields"]})
