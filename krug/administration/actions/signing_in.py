"""Proving who one is: counted first, looked at second, the same answer for every kind of no (AUT-04, AUT-07)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.actions.directory import is_of_directory, person_of_directory, way_in
from krug.administration.actions.known_people import person_named
from krug.administration.actions.passwords import is_right
from krug.kernel.attempts import count_attempt, normal_name
from krug.kernel.errors import Refusal, TooMany
from krug.kernel.journal.auditing import audit

LONGEST_NAME = 254


def prove(email: str, password: str, *, door: str, address: str | None, device: str = "") -> User:
    """The person whose e-mail and password these are, or one and the same refusal."""
    name = normal_name(email[: 2 * LONGEST_NAME])
    attempt = count_attempt(door, name, address, device=device)
    named = person_named(name)
    if not attempt.allowed:
        audit("sign-in.locked", actor=named, address=address, object=door, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    user = _proved(named, name, password)
    if user is None or not user.may_come_in:
        audit("sign-in.failed", actor=named, address=address, object=door, refused=True)
        raise Refusal(_("The e-mail or the password is not right."), code="WRONG_SIGN_IN")
    attempt.succeeded()
    return user


def prove_again(user: User, password: str, *, door: str, address: str | None) -> None:
    """The signed-in person shows the password once more before something dangerous (AUT-03)."""
    attempt = count_attempt(door, user.email, address)
    if not attempt.allowed:
        audit("proof.locked", actor=user, address=address, object=door, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    if _proved(user, normal_name(user.email), password) != user:
        audit("proof.failed", actor=user, address=address, object=door, refused=True)
        raise Refusal(_("This is not your current password."), field="current", code="WRONG_PASSWORD")
    attempt.succeeded()


def _proved(named: User | None, name: str, password: str) -> User | None:
    """Whoever is proved: by the password kept here, else by the directory, if it knows the person or may bring one.

    The directory's settings are read in any case, so that a right password asks no less of the database (AUT-07).
    """
    way = way_in()
    if is_right(named, password):
        return named
    if way is not None and (named is None or is_of_directory(named)):
        return person_of_directory(way, name, password)
    return None
