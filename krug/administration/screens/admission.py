"""Between the right password and the house: who has a second step shows it first, and till then is nobody (AUT-10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.actions.known_people import person_numbered
from krug.administration.actions.second_step import lacks_step, required_from, steps_of
from krug.administration.actions.sessions import note_seen
from krug.administration.screens.devices import remember_device
from krug.administration.screens.held import AGAIN, KEPT, held_for
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to
from krug.kernel.ui import formats
from krug.kernel.ui.pages import wants_part
from krug.kernel.ui.toasts import toast

PROVEN_AT = "proven_at"
PARKED = "parked"
LEFT = "left"
PARKED_FOR = 600
CODE, ENROL = "/sign-in/code/", "/sign-in/second-step/"


def admit(request: HttpRequest, person: User, wanted: str, *, is_over: bool = False, by: str = "") -> HttpResponse:
    """Somebody has proved who one is: on to the second step, to setting one up, or into the house."""
    if steps_of(person):
        return _park(request, person, wanted, is_over=is_over, place=CODE, by=by)
    if lacks_step(person):
        if is_over:
            raise Refusal(_("You need a second step to sign in now. Leave this page and sign in on the first page."))
        return _park(request, person, wanted, is_over=False, place=ENROL, by=by)
    return enter(request, person, wanted, is_over=is_over, by=by)


def enter(request: HttpRequest, person: User, wanted: str, *, is_over: bool = False, by: str = "") -> HttpResponse:
    """All is proved: a session begins, and what was typed before waits on the next page."""
    held, left = held_for(request, person), request.session.get(LEFT, "")
    let_in(request, person, by=by)
    if held is not None:
        request.session[KEPT], wanted = held, AGAIN
    if left:
        request.session[LEFT] = left
    tell_of_grace(request, person)
    response = welcomed(request, wanted, is_over)
    remember_device(request, response, person)
    return response


def let_in(request: HttpRequest, person: User, *, by: str = "") -> None:
    """Begin a session under a new number; one that the browser brought along is worth nothing."""
    request.session.flush()
    login(request, person)
    settle_session(request, person)
    audit("sign-in", actor=person, address=client_address(request), object=by)


def settle_session(request: HttpRequest, person: User) -> None:
    """Write down from which device the new session is, how long it lives, and that a proof was shown just now."""
    request.session[PROVEN_AT] = int(timezone.now().timestamp())
    request.session.save()
    agent = request.headers.get("User-Agent", "")
    key = str(request.session.session_key)
    note_seen(key, person, address=client_address(request), device=agent, now=timezone.now())


def proven_lately(request: HttpRequest, within: int = 600) -> bool:
    """Whether the person showed a password or a second step within the last ten minutes (AUT-03)."""
    at = request.session.get(PROVEN_AT, 0)
    return 0 <= timezone.now().timestamp() - at < within


def welcomed(request: HttpRequest, wanted: str, is_over: bool) -> HttpResponse:
    """On to the page that was wanted; a dialog gets the new token for the forms that lie beneath it."""
    if is_over:
        response = HttpResponse(status=204)
        response["X-CSRFToken"] = get_token(request)
        return response
    return go_to(request, wanted)


def parked(request: HttpRequest, place: str) -> tuple[User, dict[str, Any]] | None:
    """Who waits in this browser between the two steps, as long as nothing changed and not for ever."""
    kept: dict[str, Any] = request.session.get(PARKED) or {}
    if kept.get("place") != place or timezone.now().timestamp() - kept["at"] > PARKED_FOR:
        return None
    person = person_numbered(kept["person"])
    if person is None or person.get_session_auth_hash() != kept["state"]:
        return None
    return person, kept


def tell_of_grace(request: HttpRequest, person: User) -> None:
    """Whose role will ask for a second step soon is told so at each sign-in."""
    day = required_from(person)
    if day is not None and day > timezone.localdate() and not steps_of(person):
        toast(
            request,
            _("From %(day)s on you need a second step to sign in. Set it up under “My settings”.")
            % {"day": formats.date(day)},
        )


def _park(request: HttpRequest, person: User, wanted: str, *, is_over: bool, place: str, by: str) -> HttpResponse:
    request.session[PARKED] = {
        "person": person.pk,
        "place": place,
        "state": person.get_session_auth_hash(),
        "at": int(timezone.now().timestamp()),
        "wanted": wanted,
        "by": by,
    }
    request.session.cycle_key()
    over = f"?{urlencode({'over': 1, 'as': request.GET.get('as', '')[:20]})}" if is_over else ""
    if over and wants_part(request):
        return code_form(request, person, action=f"{place}{over}", status=401)
    return go_to(request, f"{place}{over}")


def code_form(
    request: HttpRequest, person: User, *, action: str = "", no: No | None = None, status: int = 0
) -> HttpResponse:
    """The form for the second step; in a dialog over a page it takes the place of that for the password."""
    is_over = request.GET.get("over") == "1"
    context = {"is_over": is_over, "action": action or request.get_full_path(), "steps": steps_of(person)}
    response = refusable(request, "administration/code.html", context, no)
    response.status_code = status or response.status_code
    return response
