"""A device that came in before has an allowance of its own, so that a stranger can not shut its owner out (AUT-06)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from krug.access.models import User
from krug.administration.actions.known_people import person_named
from krug.administration.actions.passkeys import House, house_at
from krug.kernel.attempts import normal_name

SALT = "krug.device"
LIVES = 180 * 24 * 3600
MOST_PEOPLE = 5
COOKIE = "device"


def house_of(request: HttpRequest) -> House:
    """Under which name this browser sees us; Django has looked whether it is one of ours."""
    return house_at(f"{request.scheme}://{request.get_host()}", settings.BASE_URL)


def cookie_name() -> str:
    """The name of the cookie, with the prefix that this installation uses."""
    return f"{getattr(settings, 'HOST_PREFIX', '')}{COOKIE}"


def read_device(request: HttpRequest) -> tuple[str, list[int]]:
    """The device's number and the people who came in from it; nothing when the cookie is not ours."""
    try:
        number, people = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(number), [int(pk) for pk in people]


def device_for(request: HttpRequest, email: str) -> str:
    """The device's number, if the person of that e-mail has come in from it before."""
    number, people = read_device(request)
    if not number:
        return ""
    person = person_named(normal_name(email))
    return number if person is not None and person.pk in people else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Mark the browser as one from which this person has come in."""
    number, people = read_device(request)
    known = [person.pk, *(pk for pk in people if pk != person.pk)][:MOST_PEOPLE]
    value = signing.dumps([number or secrets.token_urlsafe(16), known], salt=SALT)
    response.set_cookie(
        cookie_name(),
        value,
        max_age=LIVES,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/",
    )
