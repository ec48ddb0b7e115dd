"""Proving who one is: counted first, looked at second, the same answer for every kind of no (AUT-04, AUT-07)."""

from __future__ import annotations

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.actions.passwords import is_right
from krug.kernel.attempts import count_attempt, normal_name
from krug.kernel.errors import Refusal, TooMany
from krug.kernel.journal.auditing import audit

LONGEST_NAME = 254


def prove(email: str, password: str, *, door: str, address: str | None, device: str = "") -> User:
    """The person whose e-mail and password these are, or one and the same refusal."""
    name = normal_name(email[: 2 * LONGEST_NAME])
    attempt = count_attempt(door, name, address, device=device)
    user = person_named(name)
    if not attempt.allowed:
        audit("sign-in.locked", actor=user, address=address, object=door, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    if not is_right(user, password) or user is None or not user.may_come_in:
        audit("sign-in.failed", actor=user, address=address, object=door, refused=True)
        raise Refusal(_("The e-mail or the password is not right."), code="WRONG_SIGN_IN")
    attempt.succeeded()
    return user


def prove_again(user: User, password: str, *, door: str, address: str | None) -> None:
    """The signed-in person shows the password once more before something dangerous (AUT-03)."""
    attempt = count_attempt(door, user.email, address)
    if not attempt.allowed:
        audit("proof.locked", actor=user, address=address, object=door, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    if not is_right(user, password):
        audit("proof.failed", actor=user, address=address, object=door, refused=True)
        raise Refusal(_("This is not your current password."), field="current", code="WRONG_PASSWORD")
    attempt.succeeded()


def person_named(name: str) -> User | None:
    """The user with that e-mail in its normal spelling, if there is one."""
    if not name or "\0" in name:
        return None
    return User.objects.alias(low=Lower("email")).filter(low=name).first()


def person_numbered(pk: int) -> User | None:
    """The user with that number, as long as the door may open for that person at all."""
    person = User.objects.filter(pk=pk).first()
    return person if person is not None and person.may_come_in else None


def email_of(pk: int) -> str:
    """The address under which somebody signs in; empty for whoever may not come in any more."""
    person = person_numbered(pk)
    return person.email if person is not None else ""
